// Simulated delivery as fewer, larger files: node bench_repack.mjs FROM TO FILES. Writes TO/files/….json.gz, as many as
// said, in order of time, and the same events as TO/one.json.gz. Prints {"events", "bytes"} (inflated) on one line.

import { createWriteStream, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';

const [from, to, count] = process.argv.slice(2);
// The stamp in a delivered file's name is its time.
const time = (/** @type {string} */ name) => name.match(/_(\d{8}T\d{4}Z)_/)?.[1] ?? '';
const names = readdirSync(from, { recursive: true }).filter((name) => /\.json\.gz$/.test(name) && !/Digest|Insight/.test(name));
names.sort((a, b) => (time(a) + a < time(b) + b ? -1 : 1));
rmSync(to, { recursive: true, force: true });
mkdirSync(join(to, 'files'), { recursive: true });
const one = createGzip();
const written = once(one.pipe(createWriteStream(join(to, 'one.json.gz'))), 'finish');
one.write('{"Records":[');
let events = 0;
let bytes = 0;
const files = Number(count);
for (let file = 0; file < files; file++) {
  const share = names.slice(Math.floor((file * names.length) / files), Math.floor(((file + 1) * names.length) / files));
  const parts = [];
  for (const name of share) {
    const text = gunzipSync(readFileSync(join(from, name))).toString();
    const records = text.slice(text.indexOf('[') + 1, text.lastIndexOf(']')).trim();
    if (!records) continue;
    parts.push(records);
    events += JSON.parse(`[${records}]`).length;
  }
  const records = parts.join(',');
  if (!records) continue;
  const whole = Buffer.from(`{"Records":[${records}]}`);
  bytes += whole.length;
  writeFileSync(join(to, 'files', `${String(file).padStart(5, '0')}.json.gz`), gzipSync(whole));
  if (!one.write(`${file > 0 ? ',' : ''}${records}`)) await once(one, 'drain');
}
one.end(']}');
await written;
console.log(JSON.stringify({ events, bytes }));
