// What the page needs for some files: ODDTRAIL_URL=… node bench_page.mjs chromium|firefox FILE-OR-FOLDER…
// Prints {"seconds", "first", "bytes"} on one line: from choosing the files until #status says done, and until the first
// row of a ranking stands there. With MEMORY=1 also the memory of all processes that hold pages (proportional set size)
// over what they held at rest: sampled, which takes the processor's time, so such a run is not one to time.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER, open } from '../tests/web/browsers.mjs';

const LONGEST = 600_000;
const [browser, ...paths] = process.argv.slice(2);
const files = paths.flatMap((path) =>
  statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).map((name) => join(path, name)).filter((name) => statSync(name).isFile()) : [path],
);
const page = await open(browser);
try {
  await page.goto(FOLDER);
  await page.waitFor(() => document.querySelector('input#files') !== null);
  await new Promise((go) => setTimeout(go, 1500));
  await page.evaluate(() => {
    const seen = /** @type {{ start?: number, end?: number, first?: number, state?: string }} */ ({});
    Object.assign(globalThis, { seen });
    document.querySelector('input#files').addEventListener('change', () => (seen.start = performance.now()), { capture: true });
    const look = () => {
      if (seen.start && !seen.first && document.querySelector('#alerts tbody tr[data-score], #provisional [data-score]')) seen.first = performance.now();
      const state = document.querySelector('#status')?.getAttribute('data-state') ?? '';
      if (state !== seen.state && seen.start) {
        seen.state = state;
        if (state === 'done') seen.end = performance.now();
      }
    };
    new MutationObserver(look).observe(document.documentElement, { attributes: true, childList: true, subtree: true, attributeFilter: ['data-state', 'data-score'] });
  });
  const sampled = process.env.MEMORY === '1';
  const rest = sampled ? memory() : 0;
  let peak = rest;
  const sampling = sampled ? setInterval(() => (peak = Math.max(peak, memory())), 100) : undefined;
  await page.setInputFiles('input#files', files);
  const seen = await page.waitFor(() => (globalThis.seen.end ? globalThis.seen : null), { timeout: LONGEST, every: 100 });
  clearInterval(sampling);
  console.log(JSON.stringify({ seconds: (seen.end - seen.start) / 1000, first: ((seen.first ?? seen.end) - seen.start) / 1000, bytes: peak - rest }));
} finally {
  await page.close();
}

/** The proportional set size of the processes of pages that descend from this process, in bytes. */
function memory() {
  const parents = new Map();
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      parents.set(id, stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    } catch {
      // It has ended since.
    }
  }
  let bytes = 0;
  for (const id of parents.keys()) {
    let ancestor = id;
    while (ancestor && ancestor !== String(process.pid)) ancestor = parents.get(ancestor);
    if (!ancestor) continue;
    try {
      if (!readFileSync(`/proc/${id}/cmdline`, 'utf8').match(/--type=renderer|-contentproc/)) continue;
      bytes += Number(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)?.[1] ?? 0) * 1024;
    } catch {
      // It has ended since.
    }
  }
  return bytes;
}
