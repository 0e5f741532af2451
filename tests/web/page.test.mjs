// The page in real browsers, served and from the disk: what is dropped is read, what is exported is what the terminal prints.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { SAMPLE, done, ended, figure, keepSaved, saved, state } from './at-page.mjs';
import { BIN, BROWSERS, DIST, ONE_FILE, open } from './browsers.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };

let folder = '';
let server;
let served = '';

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oddtrail-'));
  // Under a path of some depth: a project page is seldom at the root.
  server = createServer(async (asked, answer) => {
    try {
      const path = new URL(asked.url, 'http://any').pathname.replace(/^\/some\/where\//, '/');
      const file = join(DIST, path === '/' ? 'index.html' : decodeURIComponent(path));
      const bytes = await readFile(file);
      answer.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
      answer.end(bytes);
    } catch {
      answer.writeHead(404);
      answer.end();
    }
  });
  await new Promise((go) => server.listen(0, '127.0.0.1', go));
  served = `http://127.0.0.1:${server.address().port}/some/where/`;
  makeFiles();
});

after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (...names) => join(folder, ...names);

/** From the sample: a folder of 250 files, a zip, a broken file, and one that takes a while. */
function makeFiles() {
  const { Records: records } = JSON.parse(zlib.gunzipSync(readFileSync(SAMPLE)).toString());
  mkdirSync(at('logs'));
  const share = (i) => Math.floor((i * records.length) / 250);
  for (let i = 0; i < 250; i++) {
    writeFileSync(at('logs', `${String(i).padStart(3, '0')}.json`), JSON.stringify({ Records: records.slice(share(i), share(i + 1)) }));
  }
  writeFileSync(at('sample.json.gz'), readFileSync(SAMPLE));
  writeFileSync(at('broken.json.gz'), readFileSync(SAMPLE).subarray(0, 20_000));
  writeFileSync(at('page.json'), '<html>not a log</html>');
  const half = Math.floor(records.length / 2);
  writeFileSync(at('two.zip'), zip({
    'a.json': JSON.stringify({ Records: records.slice(0, half) }),
    'b/c.json.gz': zlib.gzipSync(JSON.stringify({ Records: records.slice(half) })),
  }));
  const many = [];
  for (let i = 0; i < 30; i++) {
    many.push(...records.map((r) => JSON.stringify({ ...r, eventID: `${i}-${r.eventID}` })));
  }
  writeFileSync(at('long.jsonl'), many.join('\n'));
}

/** A zip of stored members. @param {Record<string, string | Buffer>} members */
function zip(members) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const bytes = Buffer.from(content);
    const path = Buffer.from(name);
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt32LE(0x5a210000, 6);
    fixed.writeUInt32LE(crc(bytes), 10);
    fixed.writeUInt32LE(bytes.length, 14);
    fixed.writeUInt32LE(bytes.length, 18);
    fixed.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fixed, path, bytes]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fixed, tail, path]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let k = 0; k < 8; k++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** What the terminal writes about the same files, by the names the page knows them by. */
function terminal(...paths) {
  const run = spawnSync(BIN, ['analyze', '--quiet', ...paths, '--json', at('terminal.json'), '--events-csv', at('terminal.csv')], { cwd: folder, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return { json: readFileSync(at('terminal.json'), 'utf8'), csv: readFileSync(at('terminal.csv'), 'utf8') };
}

/** Hands a page files from the disk as if a folder had been chosen; where the driver cannot, as Files made in the page. */
async function chooseFolder(page, browser, path) {
  if (browser === 'chromium') return page.page.setInputFiles('#folder', path);
  const { readdirSync } = await import('node:fs');
  const files = readdirSync(path).map((name) => ({ name, text: readFileSync(join(path, name), 'utf8') }));
  return page.evaluate((files) => {
    const transfer = new DataTransfer();
    for (const { name, text } of files) {
      const file = new File([text], name);
      Object.defineProperty(file, 'webkitRelativePath', { value: `logs/${name}` });
      transfer.items.add(file);
    }
    const input = document.querySelector('#folder');
    Object.defineProperty(input, 'files', { value: transfer.files, configurable: true });
    input.dispatchEvent(new Event('change'));
    delete input.files;
  }, files);
}

async function exported(page, selector, kind) {
  await page.click(selector);
  return saved(page, kind);
}

const places = [['served', () => served], ['from the disk', () => ONE_FILE]];

for (const browser of BROWSERS) {
  for (const [place, url] of places) {
    test(`${browser}, ${place}: sample, folder, zip, broken file, cancel`, { timeout: 300_000, skip: place !== 'served' && !existsSync(join(DIST, 'oddtrail.html')) }, async (t) => {
      const page = await open(browser);
      try {
        await page.goto(url());
        assert.equal(await state(page), 'idle');
        await keepSaved(page);

        await t.test('the sample is read, and its odd sessions are ranked', async () => {
          await page.click('#sample');
          await done(page);
          const rows = await page.evaluate(() => [...document.querySelectorAll('#alerts tbody tr[data-session][data-score]')].map((r) => ({ score: Number(r.dataset.score), text: r.textContent })));
          assert.ok(rows.length >= 2, `${rows.length} alerts`);
          assert.ok(rows.every((r, i) => i === 0 || rows[i - 1].score >= r.score), 'oddest first');
          assert.match(await page.text('#exercise'), /made-up organisation: sample, seed 1/);
        });

        await t.test('arrow keys choose a row, Enter goes to its session', async () => {
          await page.evaluate(() => document.querySelector('#alerts tbody tr[data-session]').focus());
          await page.press('ArrowDown');
          assert.equal(await page.evaluate(() => [...document.querySelectorAll('#alerts tbody tr[data-session]')].findIndex((r) => r.getAttribute('aria-selected') === 'true')), 1);
          await page.press('Enter');
          assert.equal(await page.evaluate(() => document.activeElement.id), 'session');
        });

        await t.test('the original of an event is read again from its file', async () => {
          // The session may still be filling after it was chosen.
          await page.waitFor(() => {
            if (!document.querySelector('#session pre.original')) document.querySelector('#session .events button')?.click();
            return document.querySelector('#session pre.original')?.textContent;
          }, { every: 300 });
          const record = JSON.parse(await page.text('#session pre.original'));
          assert.ok(record.eventID && record.eventName);
        });

        await t.test('charts are drawn, and each has a table', async () => {
          await page.waitFor(() => [...document.querySelectorAll('.chart-box canvas')].filter((canvas) => canvas.offsetParent).every((canvas) => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const seen = new Set();
            for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
            return seen.size > 3;
          }));
          const rows = await page.evaluate(() => [...document.querySelectorAll('.chart-head button[aria-pressed]')].filter((button) => button.offsetParent).map((button) => {
            button.click();
            const rows = button.closest('section').querySelectorAll('.chart-table tbody tr').length;
            button.click();
            return rows;
          }));
          // Events over time, scores, map, world, detectors, reasons.
          assert.equal(rows.length, 6);
          assert.ok(rows.every((n) => n > 0), String(rows));
        });

        await t.test('exports are what the terminal writes', { skip: !existsSync(BIN) }, async () => {
          await page.setInputFiles('#files', at('sample.json.gz'));
          await page.waitFor(() => document.querySelector('#exercise').hidden);
          await done(page);
          const { json, csv } = terminal('sample.json.gz');
          assert.ok((await exported(page, '#export-json', 'json')) === json, 'the report differs');
          assert.ok((await exported(page, '#export-events', 'csv')) === csv, 'the events differ');
        });

        const events = await figure(page, 'Events');

        await t.test('a zip holds the same events', async () => {
          await page.evaluate(() => document.querySelector('#start-over').click());
          await page.setInputFiles('#files', at('two.zip'));
          await done(page);
          assert.equal(await figure(page, 'Events'), events);
        });

        await t.test('a folder of 250 files holds the same events', async () => {
          await page.click('#start-over'); // or the files would add up
          await chooseFolder(page, browser, at('logs'));
          await done(page);
          assert.equal(await figure(page, 'Events'), events);
          assert.match(await page.text('#import summary'), /250 of 250 files/);
          if (existsSync(BIN)) assert.ok((await exported(page, '#export-json', 'json')) === terminal('logs').json, 'the report differs');
        });

        await t.test('a broken file is named, the rest is read', async () => {
          await page.setInputFiles('#files', [at('broken.json.gz'), at('page.json'), at('sample.json.gz')]);
          await done(page);
          assert.equal(await figure(page, 'Events'), events);
          assert.match(await page.text('#import'), /broken\.json\.gz/);
        });

        await t.test('when nothing can be read, the page says why', async () => {
          await page.click('#start-over');
          assert.equal(await state(page), 'idle');
          await page.setInputFiles('#files', at('page.json'));
          await ended(page);
          assert.equal(await state(page), 'failed');
          assert.match(await page.text('#status'), /page\.json|nothing but|no CloudTrail/i);
        });

        await t.test('Cancel ends the reading, and the page goes on', async () => {
          await page.setInputFiles('#files', at('long.jsonl'));
          await page.waitFor(() => ['reading', 'scoring'].includes(document.querySelector('#status').dataset.state), { every: 5 });
          await page.evaluate(() => document.querySelector('#cancel').click());
          assert.equal(await state(page), 'cancelled');
          await page.click('#sample');
          await done(page);
        });

        assert.deepEqual(page.errors, []);
        const own = new URL('.', url()).href;
        assert.deepEqual(page.requests.filter((asked) => !asked.startsWith(own)), [], 'requests beyond the page’s own files');
        // Firefox does not count the page itself, opened from the disk, as asked for.
        if (place !== 'served') assert.deepEqual(page.requests.filter((asked) => asked !== url()), []);
      } finally {
        await page.close();
      }
    });
  }

  test(`${browser}: no text is wider than a small screen`, async () => {
    const page = await open(browser, { width: 390, height: 844, dark: true });
    try {
      await page.goto(served);
      await page.click('#sample');
      await done(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    } finally {
      await page.close();
    }
  });
}
