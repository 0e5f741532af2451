// What a reader does, from the drop to the export, as the reader would: by hand, by keyboard, in local time, file after file.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { SAMPLE, done, keepSaved, overhear, press, saved } from './at-page.mjs';
import { BROWSERS, ONE_FILE, open } from './browsers.mjs';

// Browsers take their clock's zone from here: five and a half hours ahead, all year.
const zoneBefore = process.env.TZ;
before(() => (process.env.TZ = 'Asia/Kolkata'));
after(() => {
  if (zoneBefore === undefined) delete process.env.TZ;
  else process.env.TZ = zoneBefore;
});

const { Records: records } = JSON.parse(zlib.gunzipSync(readFileSync(SAMPLE)).toString());
const half = Math.floor(records.length / 2);
const PARTS = [JSON.stringify({ Records: records.slice(0, half) }), JSON.stringify({ Records: records.slice(half) })];

const events = (page) => page.evaluate(() => Number((document.querySelector('#summary dd')?.firstChild?.textContent ?? '').replaceAll(',', '')));
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.closest('section, dialog')?.id || '');

/** Drops files on the page as the browser does it. @param {{ name: string, text: string }[]} files */
const drop = (page, files) =>
  page.evaluate((files) => {
    const transfer = new DataTransfer();
    for (const { name, text } of files) transfer.items.add(new File([text], name));
    const zone = document.querySelector('#drop') ?? document.body;
    const send = (type) => zone.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    send('dragenter');
    const lit = document.body.classList.contains('over');
    send('dragover');
    const taken = !send('drop');
    return { lit, taken, after: document.body.classList.contains('over') };
  }, files);

for (const browser of BROWSERS) {
  test(`${browser}: dropped, dropped again, pasted, started over`, { timeout: 120_000 }, async (t) => {
    const page = await open(browser);
    try {
      await page.goto(ONE_FILE);

      await t.test('the zone lights up, takes the file and goes out', async () => {
        assert.deepEqual(await drop(page, [{ name: 'a.json', text: PARTS[0] }]), { lit: true, taken: true, after: false });
        await done(page);
        assert.equal(await events(page), half);
      });

      await t.test('a second file is added, and the session that was looked at stays', async () => {
        await page.evaluate(() => document.querySelector('#tab-sessions').click());
        await page.evaluate(() => document.querySelectorAll('#alerts tbody tr[data-session]')[1].click());
        const who = await page.text('#session h2');
        const when = await page.evaluate(() => document.querySelector('#alerts tr[aria-selected="true"] .when').textContent);
        await drop(page, [{ name: 'b.json', text: PARTS[1] }]);
        await page.waitFor((n) => document.querySelector('#status').dataset.state === 'done' && document.querySelector('#summary dd').firstChild.textContent === n.toLocaleString('en-GB'), { argument: records.length, timeout: 60_000 });
        assert.equal(await page.text('#session h2'), who);
        assert.equal(await page.evaluate(() => document.querySelector('#alerts tr[aria-selected="true"] .when')?.textContent), when);
      });

      await t.test('Start over lets all of it go', async () => {
        await page.click('#start-over');
        assert.equal(await page.evaluate(() => document.documentElement.dataset.view), 'landing');
        assert.equal(await page.evaluate(() => [...document.querySelectorAll('.result')].some((section) => section.offsetParent)), false);
      });

      await t.test('pasted text is read', async () => {
        await page.evaluate((text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text/plain', text);
          const event = new Event('paste', { bubbles: true, cancelable: true });
          Object.defineProperty(event, 'clipboardData', { value: clipboardData });
          document.body.dispatchEvent(event);
        }, PARTS[0]);
        await done(page);
        assert.equal(await events(page), half);
      });

      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: with the keyboard alone`, { timeout: 120_000 }, async (t) => {
    const page = await open(browser);
    try {
      await page.goto(ONE_FILE);

      await t.test('Tab reaches the sample, Enter opens it', async () => {
        for (let i = 0; i < 20 && (await focused(page)) !== 'sample'; i++) await page.press('Tab');
        assert.equal(await focused(page), 'sample');
        await page.press('Enter');
        await done(page);
      });

      await t.test('j and k choose, Enter goes to the session, Escape comes back', async () => {
        const at = () => page.evaluate(() => [...document.querySelectorAll('#alerts tbody tr[data-index]')].findIndex((row) => row.getAttribute('aria-selected') === 'true'));
        await page.evaluate(() => document.activeElement.blur());
        const first = await at();
        await page.press('j');
        await page.press('j');
        assert.equal(await at(), first + 2);
        await page.press('k');
        assert.equal(await at(), first + 1);
        await page.press('Enter');
        assert.equal(await focused(page), 'session');
        await page.press('Escape');
        assert.equal(await focused(page), 'alerts');
      });

      await t.test('/ filters, Escape clears', async () => {
        await page.press('/');
        assert.equal(await focused(page), 'search');
        for (const letter of 'zzzz') await page.press(letter);
        await page.waitFor(() => /^0 of /.test(document.querySelector('#alerts .said').textContent));
        await page.press('Escape');
        await page.waitFor(() => document.querySelector('#alerts .said').textContent === '');
        await page.evaluate(() => document.activeElement.blur());
      });

      await t.test('2 and 3 change the list, ? opens the sheet, Escape closes it', async () => {
        await page.press('2');
        assert.equal(await page.evaluate(() => document.querySelector('#tab-sessions').getAttribute('aria-selected')), 'true');
        await page.press('3');
        assert.equal(await page.evaluate(() => document.querySelector('#tab-identities').getAttribute('aria-selected')), 'true');
        await page.press('j');
        await page.waitFor(() => Boolean(document.querySelector('#identity').offsetParent));
        await page.press('?');
        assert.equal(await page.evaluate(() => document.querySelector('#help').open), true);
        await page.press('Escape');
        assert.equal(await page.evaluate(() => document.querySelector('#help').open), false);
      });

      await t.test('Back goes through what was looked at', async () => {
        await page.evaluate(() => history.back());
        await page.waitFor(() => document.querySelector('#tab-sessions').getAttribute('aria-selected') === 'true');
        await page.evaluate(() => history.back());
        await page.waitFor(() => document.querySelector('#tab-alerts').getAttribute('aria-selected') === 'true');
        assert.equal(await page.evaluate(() => document.querySelector('#status').dataset.state), 'done');
      });

      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: local time holds everywhere, and exports say which`, { timeout: 120_000 }, async (t) => {
    const page = await open(browser);
    try {
      await page.goto(ONE_FILE);
      await keepSaved(page);
      await page.setInputFiles('#files', SAMPLE);
      await done(page);
      await page.waitFor(() => Boolean(document.querySelector('#session .events tbody td')));
      await page.evaluate(() => {
        document.querySelectorAll('#import details, #alerts details').forEach((details) => (details.open = true));
        document.querySelectorAll('.chart-head button[aria-pressed="false"]').forEach((button) => button.click());
      });
      const first = () => page.evaluate(() => document.querySelector('#alerts tbody tr[data-session] .when').textContent);
      const minutes = (/** @type {string} */ text) => {
        const [, hour = 0, minute = 0] = /(\d\d):(\d\d)/.exec(text) ?? [];
        return Number(hour) * 60 + Number(minute);
      };
      const utc = await first();
      await page.evaluate(() => document.querySelector('#zone').click());
      await page.waitFor(() => /Asia\/(Kolkata|Calcutta)/.test(document.querySelector('#time .hint').textContent));
      await page.waitFor(() => /UTC\+5:30/.test(document.querySelector('#session .events-head').textContent));

      await t.test('lists and headings', async () => {
        assert.equal((minutes(await first()) - minutes(utc) + 1440) % 1440, 330);
        assert.match(await page.text('#alerts thead'), /When \(UTC\+5:30\)/);
        assert.match(await page.text('#zone'), /Local, UTC\+5:30/);
      });

      await t.test('nothing that is shown still says UTC alone', async () => {
        const left = await page.evaluate(() => {
          const texts = [];
          const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode;
            if (!node.parentElement.checkVisibility() || node.parentElement.closest('pre, option')) continue;
            if (/\bUTC\b(?![+−])/.test(node.textContent) || /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/.test(node.textContent)) texts.push(`${node.parentElement.closest('section')?.id}: ${node.textContent}`);
          }
          return texts;
        });
        assert.deepEqual(left, []);
      });

      await t.test('a filter by time is in local time', async () => {
        await page.evaluate(() => {
          const from = document.querySelector('input[aria-label="From"]');
          from.value = '2026-03-10T05:30';
          from.dispatchEvent(new Event('change'));
        });
        await page.waitFor(() => new URLSearchParams(location.hash.split('?')[1]).get('from') !== null);
        const from = await page.evaluate(() => Number(new URLSearchParams(location.hash.split('?')[1]).get('from')));
        assert.equal(from, Date.UTC(2026, 2, 10), '05:30 there is midnight in UTC');
      });

      await t.test('exports', async () => {
        for (const [id, kind] of [['export-alerts', 'csv'], ['export-markdown', 'markdown'], ['export-html', 'html']]) {
          await press(page, `#${id}`);
          assert.match(await saved(page, kind), /Asia\/(Kolkata|Calcutta)|\+05:?30|UTC\+5:30/, id);
        }
      });

      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: ten files one after another leave nothing behind`, { timeout: 180_000 }, async () => {
    const page = await open(browser);
    try {
      await overhear(page);
      await page.goto(ONE_FILE);
      const seen = [];
      for (let i = 0; i < 10; i++) {
        if (i > 0) await page.evaluate(() => document.querySelector('#start-over').click());
        await drop(page, [{ name: `${i}.json`, text: JSON.stringify({ Records: records }) }]);
        await done(page);
        await page.waitFor(() => Boolean(document.querySelector('#session .events tbody td')));
        assert.equal(await events(page), records.length);
        const { alive, elements } = await page.evaluate(() => ({ alive: window.workers.size, elements: document.querySelectorAll('*').length }));
        seen.push({ alive, elements, heap: await heap(page, browser) });
      }
      const [, , third] = seen;
      const last = seen.at(-1);
      assert.ok(last.alive <= third.alive, `workers: ${seen.map(({ alive }) => alive)}`);
      assert.ok(last.elements <= third.elements * 1.02, `elements: ${seen.map(({ elements }) => elements)}`);
      // Each file holds some megabytes; a fifth more than after three is noise, seven files kept are not.
      if (last.heap !== null) assert.ok(last.heap <= third.heap * 1.2, `heap: ${seen.map(({ heap }) => heap)}`);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });
}

/** The page's own heap after its rubbish was collected, in bytes; null where the driver cannot tell. */
async function heap(page, browser) {
  if (browser !== 'chromium') return null;
  const session = await page.page.context().newCDPSession(page.page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return metrics.find(({ name }) => name === 'JSHeapUsedSize').value;
}
