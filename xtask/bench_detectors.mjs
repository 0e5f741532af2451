// Detectors in Chromium, on the matrix of FOLDER: ODDTRAIL_URL=http://…/ node bench_detectors.mjs FOLDER
// The address serves FOLDER with detectors_page.js in it. Prints a line of JSON for each detector, as benches/detectors.rs does,
// with whether the scores are those that it left in FOLDER, bit for bit.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER, open } from '../tests/web/browsers.mjs';

const page = await open('chromium');
try {
  await page.goto(FOLDER);
  await page.evaluate(async () => {
    const module = await import(new URL('detectors_page.js', location.href).href);
    await module.default();
    const values = new Float64Array(await (await fetch('matrix.f64')).arrayBuffer());
    globalThis.bench = new module.Bench(values);
  });
  for (const name of ['isolation forest', 'pca', 'k-means', 'dbscan']) {
    const seen = await page.evaluate(async (name) => {
      const start = performance.now();
      globalThis.bench.fit(name);
      const middle = performance.now();
      const scores = globalThis.bench.score();
      const end = performance.now();
      const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength));
      return { fit: (middle - start) / 1000, score: (end - middle) / 1000, digest: [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
    }, name);
    const native = await crypto.subtle.digest('SHA-256', readFileSync(join(process.argv[2], `${name.replace(' ', '-')}.f64`)));
    const same = Buffer.from(native).toString('hex') === seen.digest;
    console.log(JSON.stringify({ name, fit: seen.fit, score: seen.score, same }));
  }
  const labels = await page.evaluate(() => {
    const start = performance.now();
    globalThis.bench.labels(10000);
    return (performance.now() - start) / 1000;
  });
  console.log(JSON.stringify({ name: 'labels', fit: labels, score: 0 }));
  const scoring = await page.evaluate(async () => {
    const module = await import(new URL('detectors_page.js', location.href).href);
    const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
    const read = new module.Scoring(await bytes('geo.bin'), await bytes('logins.jsonl'));
    const start = performance.now();
    const sessions = read.report();
    return { seconds: (performance.now() - start) / 1000, sessions };
  });
  console.log(JSON.stringify({ name: 'scoring', fit: scoring.seconds, score: 0, value: scoring.sessions }));
} finally {
  await page.close();
}
