// What the page in Chromium needs for some files: ODDTRAIL_URL=… node bench_page.mjs FILE…
// Prints {"seconds", "bytes"} on one line: from choosing the files until #status says done, and the memory of all
// renderer processes (proportional set size, sampled) over what they held at rest.

import { readdirSync, readFileSync } from 'node:fs';
import { FOLDER, open } from '../tests/web/browsers.mjs';

const LONGEST = 600_000;
const page = await open('chromium');
try {
  await page.goto(FOLDER);
  await page.waitFor(() => document.querySelector('input#files') !== null);
  await new Promise((go) => setTimeout(go, 1500));
  await page.evaluate(() => {
    const seen = /** @type {{ start?: number, end?: number, state?: string }} */ ({});
    Object.assign(globalThis, { seen });
    document.querySelector('input#files').addEventListener('change', () => (seen.start = performance.now()), { capture: true });
    const look = () => {
      const state = document.querySelector('#status')?.getAttribute('data-state') ?? '';
      if (state !== seen.state && seen.start) {
        seen.state = state;
        if (state === 'done') seen.end = performance.now();
      }
    };
    new MutationObserver(look).observe(document.documentElement, { attributes: true, childList: true, subtree: true, attributeFilter: ['data-state'] });
  });
  const rest = memory();
  let peak = rest;
  const sampling = setInterval(() => (peak = Math.max(peak, memory())), 100);
  await page.setInputFiles('input#files', process.argv.slice(2));
  const seen = await page.waitFor(() => (globalThis.seen.end ? globalThis.seen : null), { timeout: LONGEST, every: 100 });
  clearInterval(sampling);
  console.log(JSON.stringify({ seconds: (seen.end - seen.start) / 1000, bytes: peak - rest }));
} finally {
  await page.close();
}

/** The proportional set size of the renderers that descend from this process, in bytes. */
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
      if (!readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      bytes += Number(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)?.[1] ?? 0) * 1024;
    } catch {
      // It has ended since.
    }
  }
  return bytes;
}
