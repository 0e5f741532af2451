// What parsing alone costs: node bench_parse.mjs FOLDER. Gunzip, JSON.parse, and counting who called what.
// Prints {"events", "seconds", "bytes"} on one line.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const files = readdirSync(process.argv[2], { recursive: true }).filter((name) => /\.json(\.gz)?$/.test(name));
const start = performance.now();
let events = 0;
const counts = new Map();
for (const name of files) {
  const bytes = readFileSync(join(process.argv[2], name));
  const parsed = JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
  for (const record of parsed.Records ?? []) {
    events += 1;
    const key = `${record.userIdentity?.arn} ${record.eventName}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
}
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ events, seconds, bytes: process.resourceUsage().maxRSS * 1024, kinds: counts.size }));
