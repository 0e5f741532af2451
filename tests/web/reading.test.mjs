// The states of a reading in real browsers: the ranking so far, what is foreseen, what failed and why, what was mended.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { SAMPLE, done, ended, imported, keepSaved, overhear, saved, state } from './at-page.mjs';
import { serious } from './axe.mjs';
import { BIN, BROWSERS, ONE_FILE, open } from './browsers.mjs';

let folder = '';
const at = (...names) => join(folder, ...names);
const log = (letter) => `123456789012_CloudTrail_eu-west-1_20250301T1000Z_${letter}.json.gz`;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'oddtrail-'));
  const { Records: records } = JSON.parse(zlib.gunzipSync(readFileSync(SAMPLE)).toString());
  // Some 600,000 events, a good half gigabyte as JSON lines and a few megabytes as gzip: seconds of work.
  const once = records.map((record) => JSON.stringify({ ...record, eventID: '@' })).join('\n');
  const copies = Math.ceil(600_000 / records.length);
  const parts = Array.from({ length: copies }, (_, i) => {
    let n = 0;
    return zlib.gzipSync(`${once.replaceAll('"eventID":"@"', () => `"eventID":"${i}-${n++}"`)}\n`, { level: 1 });
  });
  // Two files of many gzip members.
  writeFileSync(at('long-a.jsonl.gz'), Buffer.concat(parts.slice(0, copies / 2)));
  writeFileSync(at('long-b.jsonl.gz'), Buffer.concat(parts.slice(copies / 2)));
  writeFileSync(at('many.jsonl.gz'), Buffer.concat(parts.slice(0, Math.ceil(25_000 / records.length))));
  writeFileSync(at('one.json'), JSON.stringify({ Records: records.slice(0, 40) }));
  writeFileSync(at('rest.json'), JSON.stringify({ Records: records.slice(40) }));
  writeFileSync(at('bad.json'), JSON.stringify({ Records: [records[0], { ...records[1], eventTime: '2024-13-01T00:00:00Z' }] }));
  // One person, one call, day after day: nothing in it is odd.
  const calm = records.find((record) => record.eventName === 'DescribeInstances' && !record.errorCode) ?? records[0];
  const days = Array.from({ length: 60 }, (_, i) => ({ ...calm, eventID: `calm-${i}`, eventTime: new Date(Date.UTC(2026, 0, 1 + i, 9)).toISOString().replace('.000', '') }));
  writeFileSync(at('calm.json'), JSON.stringify({ Records: days }));
  makeDigested(records);
});

/** Log files and two digests that name them. a: as delivered; b: as delivered, unpacked; c: changed; d: kept apart at first; e: never there. */
function makeDigested(records) {
  mkdirSync(at('digested'));
  const named = [...'abcde'].map((letter, i) => {
    const text = JSON.stringify({ Records: records.slice(100 * i, 100 * i + 100) });
    const kept = letter === 'c' ? text.replace('"eventName":"', '"eventName":"Not') : text;
    const name = log(letter);
    if (letter === 'b') writeFileSync(at('digested', name.replace('.gz', '')), kept);
    else if (letter !== 'e') writeFileSync(letter === 'd' ? at(name) : at('digested', name), zlib.gzipSync(kept));
    return { s3Object: `AWSLogs/123456789012/CloudTrail/eu-west-1/2025/03/01/${name}`, hashValue: createHash('sha256').update(text).digest('hex'), hashAlgorithm: 'SHA-256' };
  });
  for (const [hour, logFiles] of [[11, named.slice(0, 2)], [12, named.slice(2)]]) {
    const digest = {
      digestS3Object: `AWSLogs/123456789012/CloudTrail-Digest/eu-west-1/2025/03/01/123456789012_CloudTrail-Digest_eu-west-1_example_eu-west-1_20250301T${hour}0000Z.json.gz`,
      digestS3Bucket: 'example', digestStartTime: `2025-03-01T${hour - 1}:00:00Z`, digestEndTime: `2025-03-01T${hour}:00:00Z`, logFiles,
    };
    writeFileSync(at('digested', `digest-${hour}.json.gz`), zlib.gzipSync(JSON.stringify(digest)));
  }
}
after(() => rmSync(folder, { recursive: true, force: true }));

const visible = (page, selector) => page.evaluate((wanted) => Boolean(document.querySelector(wanted)?.offsetParent), selector);

for (const browser of BROWSERS) {
  test(`${browser}: the states of a reading`, { timeout: 300_000 }, async (t) => {
    const page = await open(browser);
    try {
      await page.goto(ONE_FILE);

      await t.test('a ranking comes before the end, and what is chosen on it is opened at the end', async () => {
        await page.setInputFiles('#files', [at('long-a.jsonl.gz'), at('long-b.jsonl.gz')]);
        await page.waitFor(() => document.querySelectorAll('#provisional [data-score]').length > 0, { every: 20 });
        const seen = await page.evaluate(() => {
          const rows = [...document.querySelectorAll('#provisional [data-score]')];
          const names = rows.map((row) => row.querySelector('.who').textContent);
          // One whose identity is not that of the first, which would be opened anyway.
          const other = rows[names.findIndex((name) => name !== names[0])];
          other.querySelector('button').click();
          return {
            state: document.querySelector('#status').dataset.state,
            scores: rows.map((row) => Number(row.dataset.score)),
            who: other.querySelector('.who').textContent,
            figures: document.querySelector('#progress-figures').innerText,
          };
        });
        assert.equal(seen.state, 'reading');
        assert.ok(seen.scores.every((score, i) => i === 0 || seen.scores[i - 1] >= score), 'oddest first');
        // The first ranking may come within the first megabyte.
        assert.match(seen.figures, /^\d of 2 files\s+[\d.]+ [kM]B of [\d.]+ MB\s+[\d,]+ events\s+[\d,]+ events a second$/);
        await ended(page);
        assert.equal(await state(page), 'done');
        assert.equal(await visible(page, '#provisional'), false);
        assert.equal(await page.text('#session h2'), seen.who);
      });

      await t.test('cancelled: it says so, and what to do next', async () => {
        await page.evaluate(() => document.querySelector('#start-over').click());
        await page.setInputFiles('#files', at('long-a.jsonl.gz'));
        await page.waitFor(() => document.querySelector('#status').dataset.state === 'reading', { every: 10 });
        await page.evaluate(() => document.querySelector('#cancel').click());
        assert.match(await page.text('#status'), /^Cancelled after [\d,]+ events?\./);
        assert.match(await page.text('#progress-more'), /begin again/);
        assert.equal(await page.evaluate(() => document.documentElement.dataset.view), 'landing');
      });

      await t.test('done with skips: how many, and the first of them with its place', async () => {
        await page.evaluate(() => document.querySelector('#start-over').click());
        await page.setInputFiles('#files', [at('bad.json'), at('rest.json')]);
        await ended(page);
        assert.match(await page.text('#status'), /Done: .* Not read: 1 record\./);
        assert.match(await page.text('#import'), /bad\.json.*2024-13-01/);
      });

      await t.test('nothing odd: it says so, and how sure that is', async () => {
        await page.evaluate(() => document.querySelector('#start-over').click());
        await page.setInputFiles('#files', at('calm.json'));
        await ended(page);
        assert.match(await page.text('#status'), /nothing odd/);
        assert.match(await page.text('#alerts .empty'), /Nothing odd was found\. (No session lies above|There is too little data)/);
      });

      await t.test('nothing to read: an empty text says why', async () => {
        await page.evaluate(() => document.querySelector('#start-over').click());
        writeFileSync(at('empty.txt'), '');
        await page.setInputFiles('#files', at('empty.txt'));
        await ended(page);
        assert.match(await page.text('#status'), /^Nothing could be read: .*empty\.txt/);
        assert.match(await page.text('#progress-more'), /What can be read/);
      });

      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: rows of the ranking stay where they are until a new order is asked for`, { timeout: 120_000 }, async () => {
    const page = await open(browser);
    try {
      await overhear(page, (worker, message, send) => {
        // After each ranking comes another one with the order turned round, as if what was read then had changed it.
        if (message.type === 'peek' && !worker.turning) {
          worker.turning = true;
          worker.addEventListener('message', ({ data }) => {
            if (data.type !== 'provisional' || data.turned || !data.json) return;
            const report = JSON.parse(data.json);
            report.sessions.reverse();
            setTimeout(() => worker.dispatchEvent(new MessageEvent('message', { data: { type: 'provisional', turned: true, json: JSON.stringify(report) } })), 20);
          });
        }
        // What is left over at the end is never handed over: the reading does not end.
        if (message.type !== 'pack') send();
      });
      await page.goto(ONE_FILE);
      await page.setInputFiles('#files', [at('long-a.jsonl.gz'), at('long-b.jsonl.gz')]);
      const seen = await page.waitFor(() => {
        const reorder = document.querySelector('#reorder');
        if (!reorder || reorder.hidden || !reorder.offsetParent) return false;
        const order = () => [...document.querySelectorAll('#provisional [data-score]')].map((row) => row.dataset.score);
        const before = order();
        reorder.click();
        return JSON.stringify({ before, after: order(), hidden: reorder.hidden });
      }, { every: 20 });
      const { before, after, hidden } = JSON.parse(seen);
      assert.ok(before.length > 1);
      assert.deepEqual(before, [...before].sort((a, b) => b - a), 'the first order stays');
      assert.deepEqual(after, [...after].sort((a, b) => a - b), 'the new one comes when it is asked for');
      assert.equal(hidden, true);
      assert.equal(await state(page), 'reading');
      assert.deepEqual(await serious(page), []);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: a worker that is lost is replaced, and the file is read once more`, { timeout: 120_000 }, async () => {
    const page = await open(browser);
    try {
      await overhear(page, (worker, message, send) => {
        // The first that reads files of the reader's own gives way.
        if (window.lost || message.type !== 'read' || !message.files[0].name.startsWith('one')) return send();
        window.lost = true;
        window.lose(worker);
      });
      await page.before(() => {
        window.noticed = '';
        new MutationObserver(() => (window.noticed ||= document.querySelector('#notice')?.textContent ?? '')).observe(document, { subtree: true, childList: true, characterData: true });
      });
      await page.goto(ONE_FILE);
      await page.setInputFiles('#files', at('one.json'));
      await ended(page);
      assert.equal(await state(page), 'done', await page.text('#status'));
      assert.match(await page.text('#status'), /^Done: 40 events/);
      assert.match(await page.evaluate(() => window.noticed), /A worker was lost while it read one\.json/);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: the report is the same where the worker is lost that has a part of it`, { timeout: 120_000 }, async () => {
    const page = await open(browser);
    try {
      await overhear(page, (worker, message, send) => {
        if (message.type !== 'classify') return send();
        window.asked = (window.asked ?? 0) + 1;
        if (window.asked === 1) return send();
        window.lose(worker);
      });
      await page.goto(ONE_FILE);
      await keepSaved(page);
      const reports = [];
      for (const asked of [1, 2]) {
        await page.setInputFiles('#files', at('many.jsonl.gz'));
        await done(page);
        assert.equal(await page.evaluate(() => window.asked), asked);
        await page.evaluate(() => document.querySelector('#export-json').click());
        reports.push(await saved(page, 'json'));
        await page.evaluate(() => document.querySelector('#start-over').click());
      }
      assert.ok(JSON.parse(reports[0]).summary.events >= 20_000);
      assert.equal(reports[1], reports[0]);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: log files are set against the digests that name them, as in the terminal`, { timeout: 180_000 }, async (t) => {
    const page = await open(browser);
    const files = () => readdirSync(at('digested')).map((name) => at('digested', name));
    const exported = async () => {
      await page.evaluate(() => document.querySelector('#export-json').click());
      return saved(page, 'json');
    };
    const terminal = (cwd, names) => {
      const run = spawnSync(BIN, ['analyze', '--quiet', ...names, '--json', '-'], { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
      assert.equal(run.status, 0, run.stderr);
      return run.stdout;
    };
    const SAID = /2 digests name 5 log files: 2 are here as they were delivered, 1 was altered, 2 are missing\./;
    try {
      await overhear(page, (worker, message, send) => {
        if (message.type === 'hash') {
          window.asked = (window.asked ?? 0) + message.files.length;
          if (window.hold) return window.held.push(worker);
          if (window.deaths > 0) {
            window.deaths -= 1;
            return window.lose(worker);
          }
        }
        send();
      });
      await page.goto(ONE_FILE);
      await keepSaved(page);

      await t.test('Cancel ends it at once', async () => {
        await page.evaluate(() => Object.assign(window, { hold: true, held: [] }));
        await page.setInputFiles('#files', files());
        await page.waitFor(() => window.held.length > 0);
        assert.equal(await page.text('#status'), 'Checking 3 log files against the digests.');
        assert.equal(await state(page), 'reading');
        assert.equal(await page.evaluate(() => {
          document.querySelector('#cancel').click();
          return window.held.filter((worker) => window.workers.has(worker)).length;
        }), 0);
        assert.equal(await state(page), 'cancelled');
        await page.evaluate(() => Object.assign(window, { hold: false }));
      });

      await t.test('altered and missing files are named, and the report is the terminal’s', async () => {
        await page.setInputFiles('#files', files());
        await done(page);
        const text = await imported(page);
        assert.match(text, SAID);
        assert.match(text, /Altered: 123456789012_CloudTrail_eu-west-1_20250301T1000Z_c\.json\.gz/);
        assert.match(text, /· 1 log file altered · 2 log files missing ·/);
        assert.match(text, /Missing: AWSLogs\/123456789012\/\S+_d\.json\.gz/);
        assert.doesNotMatch(text, /The terminal compares/);
        if (existsSync(BIN)) assert.ok((await exported()) === terminal(at('digested'), readdirSync(at('digested'))), 'the report differs');
      });

      await t.test('a file that is added is checked too', async () => {
        await page.setInputFiles('#files', at(log('d')));
        await page.waitFor(() => document.querySelector('#status').dataset.state === 'done' && /3 are here as they were delivered, 1 was altered, 1 is missing/.test(document.querySelector('#import').textContent), { timeout: 60_000 });
        const names = [...readdirSync(at('digested')).map((name) => join('digested', name)), log('d')];
        if (existsSync(BIN)) assert.ok((await exported()) === terminal(folder, names), 'the report differs');
      });

      await t.test('files that are added twice are known by their names', async () => {
        await page.setInputFiles('#files', files());
        await page.waitFor(() => document.querySelector('#status').dataset.state === 'done' && / of 11 files/.test(document.querySelector('#import summary').textContent), { timeout: 60_000 });
        const text = await imported(page);
        assert.match(text, /2 digests name 5 log files: 3 are here as they were delivered, 1 was altered, 1 is missing\. The signatures/);
        assert.match(text, /Altered: 123456789012_CloudTrail_eu-west-1_20250301T1000Z_c\.json\.gz \(2\)/);
      });

      await t.test('a worker that is lost over it is replaced; over what two are lost, that is not compared', async () => {
        for (const [deaths, said] of [[1, SAID], [100, /2 digests name 5 log files: 0 are here as they were delivered, 0 were altered, 2 are missing, 3 are not compared\./]]) {
          await page.evaluate(() => document.querySelector('#start-over').click());
          await page.evaluate((deaths) => (window.deaths = deaths), deaths);
          await page.setInputFiles('#files', files());
          await done(page);
          assert.match(await imported(page), said);
        }
      });

      await t.test('without digests nothing is hashed', async () => {
        await page.evaluate(() => document.querySelector('#start-over').click());
        await page.evaluate(() => (window.asked = 0));
        await page.setInputFiles('#files', at('digested', log('a')));
        await done(page);
        assert.equal(await page.evaluate(() => window.asked), 0);
        assert.doesNotMatch(await imported(page), /digest/);
      });

      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: a file that is gone before it is read is named, and the others are read`, { timeout: 120_000 }, async () => {
    const page = await open(browser);
    try {
      await page.before(() => {
        // The page waits until the file is gone before it fetches.
        window.held = [];
        const fetch = Blob.prototype.arrayBuffer;
        Blob.prototype.arrayBuffer = async function () {
          if (window.held) await new Promise((go) => window.held.push(go));
          return fetch.call(this);
        };
      });
      writeFileSync(at('gone.json'), readFileSync(at('rest.json')));
      await page.goto(ONE_FILE);
      await page.setInputFiles('#files', [at('one.json'), at('gone.json')]);
      await page.waitFor(() => window.held.length > 0);
      rmSync(at('gone.json'));
      await page.evaluate(() => {
        const { held } = window;
        window.held = null;
        held.forEach((go) => go());
      });
      await ended(page);
      assert.equal(await state(page), 'done', await page.text('#status'));
      assert.match(await page.text('#status'), /^Done: 40 events/);
      assert.match(await imported(page), /gone\.json.*(no longer there|may not read it|has changed)/s);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: want of memory is foreseen, and said when it comes`, { timeout: 120_000 }, async () => {
    const page = await open(browser);
    try {
      await overhear(page, (worker, message, send) => {
        if (message.type !== 'score' || document.querySelector('#status').dataset.state !== 'scoring') return send();
        setTimeout(() => worker.dispatchEvent(new MessageEvent('message', { data: { type: 'failed', reason: 'there is not enough memory in this browser', failure: 'memory' } })));
      });
      await page.before(() => {
        Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 0.001, configurable: true });
        window.warned = '';
        new MutationObserver(() => (window.warned ||= document.querySelector('#warning')?.textContent ?? '')).observe(document, { subtree: true, childList: true, characterData: true });
      });
      await page.goto(ONE_FILE);
      await page.setInputFiles('#files', at('long-a.jsonl.gz'));
      await ended(page);
      assert.match(await page.evaluate(() => window.warned), /has room for about .* likely to run out of memory\. Read fewer days/);
      assert.equal(await state(page), 'failed');
      assert.match(await page.text('#status'), /^The browser ran out of memory after [\d,]+ events/);
      assert.match(await page.text('#progress-more'), /fewer days.*terminal/);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: where memory is really refused, that is said, and the page goes on with the next files`, { timeout: 120_000 }, async () => {
    const page = await open(browser);
    try {
      await page.before(() => {
        // The module as it is, but that its memory may not grow beyond 48 MB.
        const narrow = (module) => {
          const bytes = new Uint8Array(module);
          const number = (at) => {
            let [value, shift] = [0, 0];
            for (;;) {
              const byte = bytes[at++];
              value |= (byte & 127) << shift;
              if (byte < 128) return [value, at];
              shift += 7;
            }
          };
          const written = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...written(value >>> 7)]);
          for (let at = 8; at < bytes.length; ) {
            const [size, from] = number(at + 1);
            if (bytes[at] === 5) {
              const [least] = number(from + 2);
              const memory = [1, 1, ...written(least), ...written(768)];
              window.narrowed = true;
              return new Uint8Array([...bytes.slice(0, at), 5, ...written(memory.length), ...memory, ...bytes.slice(from + size)]);
            }
            at = from + size;
          }
          throw new Error('the module has no memory');
        };
        const compile = WebAssembly.compile;
        WebAssembly.compile = (bytes) => compile(narrow(bytes));
        WebAssembly.compileStreaming = async (response) => compile(narrow(await (await response).arrayBuffer()));
      });
      await page.goto(ONE_FILE);
      await page.setInputFiles('#files', [at('long-a.jsonl.gz'), at('long-b.jsonl.gz')]);
      await ended(page);
      assert.equal(await page.evaluate(() => window.narrowed), true);
      assert.equal(await state(page), 'failed', await page.text('#status'));
      assert.match(await page.text('#status'), /^The browser ran out of memory after [\d,]+ events\. Nothing is kept/);
      assert.match(await page.text('#progress-more'), /fewer days.*terminal/);
      await page.setInputFiles('#files', at('one.json'));
      await page.waitFor(() => document.querySelector('#status').dataset.state === 'done', { timeout: 60_000 });
      assert.match(await page.text('#status'), /^Done: 40 events/);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: a browser that is too old is told what it lacks`, { timeout: 60_000 }, async () => {
    const page = await open(browser);
    try {
      await page.before(() => {
        WebAssembly.validate = () => false;
      });
      await page.goto(ONE_FILE);
      await page.waitFor(() => document.querySelector('#status').dataset.state === 'failed');
      assert.equal(await visible(page, '#status'), true);
      assert.match(await page.text('#status'), /cannot run the page/);
      assert.match(await page.text('#progress-more'), /It lacks: 128-bit numbers in WebAssembly/);
      assert.equal(await visible(page, '#not-started'), false);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });
}
