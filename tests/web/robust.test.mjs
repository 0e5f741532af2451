// Files that workers die of, that change under the reader's hands, that are very large or very many; and Cancel at any moment.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { SAMPLE, ended, figure, imported, keepSaved, overhear, press, reached, saved, state } from './at-page.mjs';
import { BIN, BROWSERS, ONE_FILE, open } from './browsers.mjs';

const { Records: records } = JSON.parse(zlib.gunzipSync(readFileSync(SAMPLE)).toString());
const lines = (from, to = records.length) => records.slice(from, to).map((record) => `${JSON.stringify(record)}\n`).join('');
/** All of them ten times, each time as other events. */
const tenfold = () => Array.from({ length: 10 }, (_, i) => lines(0).replaceAll('"eventID":"', `"eventID":"${i}-`)).join('');

let folder = '';
let largeEvents = 0;
let gzipEvents = 0;
const many = Array.from({ length: 20_000 }, (_, i) => `${i}.json`);
const at = (...names) => join(folder, ...names);

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'oddtrail-'));
  writeFileSync(at('one.jsonl'), lines(0, 40));
  writeFileSync(at('two.jsonl'), lines(40, 60));
  writeFileSync(at('three.jsonl'), lines(60, 70));
  // 100 MB in one file, no event twice.
  const once = JSON.stringify({ Records: records.map((record) => ({ ...record, eventID: '@' })) }).slice('{"Records":['.length, -2);
  const large = openSync(at('large.json'), 'w');
  writeSync(large, '{"Records":[');
  for (let written = 0, i = 0; written < 100e6; i++) {
    let n = 0;
    largeEvents += records.length;
    written += writeSync(large, (i ? ',' : '') + once.replaceAll('"eventID":"@"', () => `"eventID":"${i}-${n++}"`));
  }
  writeSync(large, ']}');
  closeSync(large);
  // 13 MB of gzip, of what no record repeats; events enough that either half is handed over before it is read to its end.
  const noise = () => randomBytes(150).toString('hex');
  const listed = Array.from({ length: 80_000 }, (_, i) => ({ ...records[i % records.length], eventID: `gz-${i}`, additionalEventData: { noise: noise() } }));
  gzipEvents = listed.length;
  writeFileSync(at('large.json.gz'), zlib.gzipSync(JSON.stringify({ Records: listed }), { level: 1 }));
  mkdirSync(at('many'));
  for (const [i, name] of many.entries()) writeFileSync(at('many', name), JSON.stringify({ Records: [{ ...records[i % records.length], eventID: `many-${i}` }] }));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A page in a browser of its own, from the disk, in which workers are told things through `told`. */
async function withPage(browser, told, use) {
  const page = await open(browser);
  try {
    await overhear(page, told);
    await page.goto(ONE_FILE);
    await use(page);
    assert.deepEqual(page.errors, []);
  } finally {
    await page.close();
  }
}

for (const browser of BROWSERS) {
  test(`${browser}: a file that two workers die of is given up and named, the others are read`, { timeout: 120_000 }, async (t) => {
    const told = (worker, message, send) => {
      const name = message.type === 'read' && window.deaths > 0 ? message.files[0].name : '';
      const die = () => {
        window.deaths -= 1;
        window.lose(worker);
      };
      if (name === 'one.jsonl') return die();
      if (name === 'large.json') worker.addEventListener('message', ({ data }) => data.type === 'handed' && window.workers.has(worker) && window.deaths > 0 && die());
      send();
    };
    await withPage(browser, told, async (page) => {
      const read = async (deaths, ...names) => {
        await press(page, '#start-over');
        await page.evaluate((deaths) => (window.deaths = deaths), deaths);
        await page.setInputFiles('#files', names.map((name) => at(name)));
        await ended(page);
        assert.equal(await page.evaluate(() => window.deaths), 0);
        return page.text('#status');
      };

      await t.test('before it gave anything', async () => {
        assert.match(await read(2, 'one.jsonl', 'two.jsonl', 'three.jsonl'), /^Done: 30 events .* Not read: 1 file/);
        assert.match(await imported(page), /2 of 3 files.*one\.jsonl: reading it failed: made up by the test/s);
      });

      await t.test('after it gave a part, of which nothing is kept', async () => {
        assert.match(await read(2, 'large.json', 'two.jsonl', 'three.jsonl'), /^Done: 30 events .* Not read: 1 file/);
        assert.match(await imported(page), /2 of 3 files.*large\.json: reading it failed: made up by the test/s);
      });

      await t.test('one that dies after it gave a part costs nothing', async () => {
        assert.match(await read(1, 'large.json', 'two.jsonl'), new RegExp(`^Done: ${(largeEvents + 20).toLocaleString('en-GB')} events (?!.*Not read)`));
        assert.doesNotMatch(await imported(page), /met more than once/);
      });
    });
  });

  test(`${browser}: a large .gz is read in two halves, as the terminal reads it; a worker that is lost over one costs nothing`, { timeout: 180_000 }, async (t) => {
    const told = (worker, message, send) => {
      if (message.type === 'read' && message.files[0].name === 'large.json.gz') {
        const { part = 0 } = message.files[0];
        window.given = (window.given ?? '') + part;
        const die = () => {
          window.deaths -= 1;
          window.lose(worker);
        };
        worker.addEventListener('message', ({ data }) => data.type === 'handed' && part === window.dying && window.deaths > 0 && die());
      }
      send();
    };
    await withPage(browser, told, async (page) => {
      await keepSaved(page);
      const terminal = spawnSync(BIN, ['analyze', '--quiet', 'large.json.gz', '--json', '-'], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
      for (const [what, dying, deaths, given] of [['nobody dies', 0, 0, '01'], ['over the first', 0, 1, '010'], ['over the second', 1, 1, '011']]) {
        await t.test(what, async () => {
          await press(page, '#start-over');
          await page.evaluate(([dying, deaths]) => Object.assign(window, { dying, deaths, given: '' }), [dying, deaths]);
          await page.setInputFiles('#files', at('large.json.gz'));
          await ended(page);
          assert.match(await page.text('#status'), new RegExp(`^Done: ${gzipEvents.toLocaleString('en-GB')} events (?!.*Not read)`));
          assert.equal(await page.evaluate(() => [...window.given].sort().join('')), [...given].sort().join(''));
          assert.doesNotMatch(await imported(page), /met more than once/);
          await page.evaluate(() => (window.kept.length = 0));
          await press(page, '#export-json');
          const report = await saved(page, 'json');
          if (existsSync(BIN)) assert.ok(report === terminal.stdout, 'the report differs');
        });
      }
    });
  });

  test(`${browser}: Cancel at any moment ends all workers, and the page goes on`, { timeout: 180_000 }, async (t) => {
    // The workers of one reading: those that are told anything while it lasts.
    const told = (worker, message, send) => {
      if (/reading|scoring/.test(document.querySelector('#status').dataset.state)) window.used.add(worker);
      send();
    };
    await withPage(browser, told, async (page) => {
      /** Does something, and cancels so many milliseconds after a state is reached. */
      const cancelled = async (t, wanted, wait, something) => {
        const cancelling = page.evaluate(({ wanted, wait }) => new Promise((resolve) => {
          window.used = new Set();
          const status = document.querySelector('#status');
          const watching = new MutationObserver(async () => {
            if (status.dataset.state !== wanted) return;
            watching.disconnect();
            if (wait) await new Promise((go) => setTimeout(go, wait));
            const [before, began] = [status.dataset.state, performance.now()];
            document.querySelector('#cancel').click();
            resolve({ before, after: status.dataset.state, took: performance.now() - began, used: window.used.size, alive: [...window.used].filter((worker) => window.workers.has(worker)).length });
          });
          watching.observe(status, { attributes: true });
        }), { wanted, wait });
        await something();
        const { before, after, took, used, alive } = await cancelling;
        assert.deepEqual({ before, after, alive }, { before: wanted, after: 'cancelled', alive: 0 });
        // That they are gone is what the driver says.
        const began = performance.now();
        const left = await page.evaluate(() => window.workers.size);
        while (page.page.workers().length > left && performance.now() - began < 5000) await new Promise((go) => setTimeout(go, 5));
        const gone = performance.now() - began;
        t.diagnostic(`${browser}, ${wanted}: cancelled in ${took.toFixed(1)} ms, ${used} workers gone ${gone.toFixed(0)} ms later`);
        assert.ok(took + gone < 5000, `${took} and ${gone} ms`);
        return used;
      };
      const goesOn = async () => {
        await page.setInputFiles('#files', at('two.jsonl'));
        await reached(page, 'done');
        assert.match(await page.text('#status'), /^Done: 20 events/);
      };

      for (const [wanted, wait] of [['reading', 0], ['reading', 50], ['reading', 150], ['scoring', 0], ['scoring', 20]]) {
        await t.test(`${wanted}, ${wait} ms later`, async (t) => {
          await press(page, '#start-over');
          const used = await cancelled(t, wanted, wait, () => page.setInputFiles('#files', at('large.json')));
          if (wait > 0 || wanted === 'scoring') assert.ok(used > 1, `${used} workers`);
          await goesOn();
        });
      }

      await t.test('scoring again with another budget', async (t) => {
        await press(page, '#start-over');
        await page.setInputFiles('#files', at('large.json'));
        await reached(page, 'done');
        await cancelled(t, 'scoring', 0, () => page.evaluate(() => {
          const line = document.querySelector('#scores .chart-line');
          for (const key of ['PageDown', 'PageDown', 'Enter']) line.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        }));
        await goesOn();
      });

      await t.test('while a folder is looked through, and what is found later is not read', async (t) => {
        await press(page, '#start-over');
        await cancelled(t, 'reading', 50, () => page.evaluate(() => {
          DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true, fullPath: '/logs', createReader: () => ({ readEntries: (good) => (window.found = () => good([])) }) });
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([''], 'logs'));
          document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }));
        await page.evaluate(() => window.found());
        assert.equal(await state(page), 'cancelled');
        await goesOn();
      });
    });
  });

  test(`${browser}: files that change before they are read are named, the others are read`, { timeout: 120_000 }, async (t) => {
    /** What happens to a file. */
    const changes = {
      'cut short': (path) => writeFileSync(path, lines(100, 110)),
      emptied: (path) => truncateSync(path),
      grown: (path) => appendFileSync(path, lines(2000, 2010)),
    };
    await withPage(browser, undefined, async (page) => {
      await page.evaluate(() => {
        // The page waits before it fetches.
        const fetch = Blob.prototype.arrayBuffer;
        Blob.prototype.arrayBuffer = async function () {
          if (window.held) await new Promise((go) => window.held.push(go));
          return fetch.call(this);
        };
      });
      // Small ones the page fetches whole; of a large one, only the beginning and the end, and a worker reads slices.
      for (const [size, text, events] of [['small', lines(100, 150), 50], ['large', tenfold(), 10 * records.length]]) {
        for (const [what, change] of Object.entries(changes)) {
          await t.test(`${size}, ${what}`, async () => {
            await press(page, '#start-over');
            await page.evaluate(() => (window.held = []));
            writeFileSync(at('changing.jsonl'), text);
            const rest = Array.from({ length: 20 }, (_, i) => `rest-${i}.jsonl`);
            for (const [i, name] of rest.entries()) writeFileSync(at(name), lines(i, i + 1));
            await page.setInputFiles('#files', ['changing.jsonl', ...rest].map((name) => at(name)));
            await page.waitFor(() => window.held.length > 0);
            change(at('changing.jsonl'));
            await page.evaluate(() => {
              const { held } = window;
              window.held = null;
              held.forEach((go) => go());
            });
            await ended(page);
            const status = await page.text('#status');
            // Firefox reads what a file that has grown had in it when it was chosen.
            if (browser === 'firefox' && what === 'grown') return assert.match(status, new RegExp(`^Done: ${(20 + events).toLocaleString('en-GB')} events`));
            assert.match(status, /^Done: .* Not read: 1 file/);
            assert.match(await imported(page), /changing\.jsonl: .*has changed since/);
            const read = Number((await figure(page, 'Events')).replaceAll(',', ''));
            assert.ok(read >= 20 && read < 20 + events, `${read} events`);
          });
        }
      }
    });
  });

  test(`${browser}: a file that is cut short while it is read is named, the others are read`, { timeout: 120_000 }, async () => {
    const page = await open(browser);
    try {
      await page.before(() => {
        // Workers read slowly.
        const slowly = () => {
          const read = FileReaderSync.prototype.readAsArrayBuffer;
          FileReaderSync.prototype.readAsArrayBuffer = function (slice) {
            if (slice.size > 1e6) for (const end = performance.now() + 500; performance.now() < end; );
            return read.call(this, slice);
          };
        };
        window.Blob = class extends Blob {
          constructor(parts, options) {
            super(options?.type === 'text/javascript' ? [`(${slowly})();`, ...parts] : parts, options);
          }
        };
      });
      await page.goto(ONE_FILE);
      writeFileSync(at('shrinking.jsonl'), tenfold());
      await page.setInputFiles('#files', [at('shrinking.jsonl'), at('two.jsonl')]);
      await page.waitFor(() => /\b1 of 2 files/.test(document.querySelector('#progress-figures').textContent), { every: 10 });
      truncateSync(at('shrinking.jsonl'), 4e6);
      assert.equal(await state(page), 'reading');
      await ended(page);
      assert.match(await page.text('#status'), /^Done: .* Not read: 1 file/);
      assert.match(await imported(page), /shrinking\.jsonl: .* after [\d,]+ records/);
      assert.ok(Number((await figure(page, 'Events')).replaceAll(',', '')) > 20, 'what was read before is kept');
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  // Firefox’s driver hands over files only, no folder.
  test(`${browser}: ${browser === 'firefox' ? '20,000 files' : 'a folder of 20,000 files'} ${browser === 'firefox' ? 'are' : 'is'} read in full, and Cancel is heard meanwhile`, { timeout: 120_000 }, async (t) => {
    await withPage(browser, undefined, async (page) => {
      const choose = () => (browser === 'firefox' ? page.setInputFiles('#files', many.map((name) => at('many', name))) : page.page.setInputFiles('#folder', at('many')));
      await page.evaluate(() => {
        // The longest time in which the page did nothing else, from when it has the files.
        let last = performance.now();
        window.longest = 0;
        window.addEventListener('change', () => (last = performance.now()), { capture: true });
        setInterval(() => {
          const now = performance.now();
          if (/reading|scoring/.test(document.querySelector('#status').dataset.state)) window.longest = Math.max(window.longest, now - last);
          last = now;
        }, 10);
      });
      await choose();
      await page.waitFor(() => /^[1-9][\d,]* of 20,000 files/.test(document.querySelector('#progress-figures').textContent.trim()), { every: 10 });
      await press(page, '#cancel');
      assert.equal(await state(page), 'cancelled');

      const began = performance.now();
      await choose();
      const chosen = performance.now();
      await ended(page);
      const [took, longest] = [performance.now() - chosen, await page.evaluate(() => window.longest)];
      t.diagnostic(`${browser}: chosen in ${(chosen - began).toFixed(0)} ms, read in ${took.toFixed(0)} ms, the page busy for ${longest.toFixed(0)} ms at most in one go`);
      assert.match(await page.text('#status'), /^Done: 20,000 events (?!.*Not read)/);
      assert.match(await page.text('#import summary'), /20,000 of 20,000 files/);
      assert.ok(longest < 1500, `${longest} ms`);
    });
  });
}
