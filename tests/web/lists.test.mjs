// What lists, sessions and charts give when they are asked: filters, groups, links, a search, copies, pictures of every chart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, done, figure, keepSaved, press, reached } from './at-page.mjs';
import { BROWSERS, ONE_FILE, open } from './browsers.mjs';

/** The sessions listed, by ID. */
const listed = (page) => page.evaluate(() => [...document.querySelectorAll('#alerts tbody tr[data-session]')].map((row) => row.dataset.session));
const select = (page, label, value) =>
  page.evaluate(({ label, value }) => {
    const choice = document.querySelector(`select[aria-label="${label}"]`);
    choice.value = value;
    choice.dispatchEvent(new Event('change'));
  }, { label, value });

for (const browser of BROWSERS) {
  test(`${browser}: what lists, sessions and charts give`, { timeout: 180_000 }, async (t) => {
    const page = await open(browser);
    try {
      await page.goto(ONE_FILE);
      await page.click('#sample');
      await done(page);
      const all = Number((await figure(page, 'Sessions')).replaceAll(',', ''));
      await press(page, '#tab-sessions');

      await t.test('each filter leaves fewer sessions, all of them of that kind, and goes by its own button', async () => {
        for (const label of ['Class', 'Country', 'Network']) {
          const offered = await page.evaluate((label) => {
            const options = [...document.querySelector(`select[aria-label="${label}"]`).options];
            // The rarest: few enough to be listed whole.
            const last = options[options.length - 1];
            return { value: last.value, count: Number(/\(([\d,]+)\)$/.exec(last.textContent)?.[1].replaceAll(',', '')) };
          }, label);
          assert.ok(offered.count > 0 && offered.count < all, `${label}: ${JSON.stringify(offered)}`);
          await select(page, label, offered.value);
          await page.waitFor((n) => document.querySelector('#alerts .said').textContent.startsWith(`${n.toLocaleString('en-US')} of `), { argument: offered.count });
          await press(page, '#alerts .chip');
          await page.waitFor(() => document.querySelector('#alerts .said').textContent === '');
        }
        await select(page, 'Severity', 'high');
        await page.waitFor(() => / of /.test(document.querySelector('#alerts .said').textContent));
        const shown = await page.evaluate(() => [...document.querySelectorAll('#alerts tbody tr[data-session] .severity')].map((cell) => cell.textContent));
        assert.ok(shown.length > 0 && shown.every((severity) => severity === 'high'), String(shown));
        await select(page, 'Severity', '');
      });

      await t.test('groups by incident open and close', async () => {
        await press(page, '#tab-alerts');
        const before = await listed(page);
        await select(page, 'Group', 'incident');
        await page.waitFor(() => document.querySelectorAll('#alerts tr.group').length > 0);
        assert.ok((await listed(page)).length < before.length);
        for (;;) {
          const more = await page.evaluate(() => {
            const closed = document.querySelector('#alerts tr.group[aria-expanded="false"]');
            closed?.click();
            return closed !== null;
          });
          if (!more) break;
        }
        assert.deepEqual((await listed(page)).sort(), before.sort(), 'each alert stands in one incident');
        await select(page, 'Group', 'none');
      });

      await t.test('links lead to the session before, after, chained and nearest, and Back returns', async () => {
        await page.evaluate(() => document.querySelector('#alerts tbody tr[data-session]').click());
        await page.waitFor(() => Boolean(document.querySelector('#session .beside a, #session .beside button, #session table button.link, #session button.link')));
        const first = await chosen(page);
        const links = await page.evaluate(() => [...document.querySelectorAll('#session .nearby button:not(:disabled), #session button.link')].filter((b) => /Session (before|after)/.test(b.textContent) || b.classList.contains('link')).length);
        assert.ok(links >= 2, String(links));
        for (let at = 0; at < Math.min(links, 4); at++) {
          await page.evaluate((at) => [...document.querySelectorAll('#session .nearby button:not(:disabled), #session button.link')].filter((b) => /Session (before|after)/.test(b.textContent) || b.classList.contains('link'))[at].click(), at);
          await page.waitFor((first) => !location.hash.includes(first), { argument: first });
          await page.evaluate(() => history.back());
          await page.waitFor((first) => location.hash.includes(first), { argument: first });
          await page.waitFor((n) => [...document.querySelectorAll('#session .nearby button:not(:disabled), #session button.link')].filter((b) => /Session (before|after)/.test(b.textContent) || b.classList.contains('link')).length === n, { argument: links });
        }
      });

      await t.test('events are searched, and the original and the ticket are copied', async () => {
        await page.waitFor(() => Boolean(document.querySelector('#session .event-search')));
        const call = await page.evaluate(() => document.querySelector('#session .events tbody .mono').textContent);
        await page.evaluate((call) => {
          const search = document.querySelector('#session .event-search');
          search.value = call;
          search.dispatchEvent(new Event('input'));
        }, call);
        await page.waitFor(() => /^[\d,]+ of /.test(document.querySelector('#session .events-head [role="status"]').textContent));
        const found = await page.evaluate(() => [...document.querySelectorAll('#session .events tbody .mono')].map((cell) => cell.textContent));
        assert.ok(found.length > 0 && found.every((name) => name === call), String(found));
        await page.evaluate(() => {
          window.copied = [];
          Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => void window.copied.push(text) }, configurable: true });
          document.querySelector('#session .events tbody button').click();
        });
        await page.waitFor(() => Boolean(document.querySelector('#session .original-box button')));
        await press(page, '#session .original-box button');
        await page.waitFor(() => window.copied.length === 1);
        const record = JSON.parse(await page.evaluate(() => window.copied[0]));
        assert.equal(`${record.eventSource.split('.')[0]}:${record.eventName}`, call);
        await page.evaluate(() => [...document.querySelectorAll('#session button')].find((b) => b.textContent === 'Copy as ticket').click());
        await page.waitFor(() => window.copied.length === 2);
        assert.match(await page.evaluate(() => window.copied[1]), /^#+ .*\n/);
      });

      await t.test('each of the eight charts is handed over as a picture and a drawing, and has a table', async () => {
        await keepSaved(page);
        const take = (within) =>
          page.evaluate(async (within) => {
            const heads = [...document.querySelectorAll('.chart-buttons')].filter((menu) => menu.offsetParent && Boolean(menu.closest('#identity')) === within);
            const found = [];
            for (const menu of heads) {
              window.kept.length = 0;
              for (const button of menu.querySelectorAll('button')) if (/PNG|SVG/.test(button.textContent)) button.click();
              for (let i = 0; i < 200 && window.kept.filter((blob) => /image/.test(blob.type)).length < 2; i++) await new Promise((go) => setTimeout(go, 25));
              const svg = await window.kept.find((blob) => blob.type === 'image/svg+xml')?.text();
              const png = window.kept.find((blob) => blob.type === 'image/png');
              const toTable = [...menu.querySelectorAll('button')].find((button) => button.hasAttribute('aria-pressed'));
              toTable.click();
              await new Promise((go) => setTimeout(go, 50));
              const rows = [...document.querySelectorAll('.chart-table')].filter((table) => table.offsetParent).reduce((sum, table) => sum + table.querySelectorAll('tbody tr').length, 0);
              toTable.click();
              found.push({ drawn: svg?.startsWith('<svg') && svg.length > 500, png: (png?.size ?? 0) > 500, rows });
            }
            return found;
          }, within);
        const outside = await take(false);
        await press(page, '#tab-identities');
        await page.waitFor(() => document.querySelectorAll('#alerts tr[data-identity]').length > 0);
        await press(page, '#alerts tr[data-identity]');
        await page.waitFor(() => [...document.querySelectorAll('#identity .chart-box')].filter((box) => box.clientHeight > 40).length === 2);
        const inside = await take(true);
        assert.equal(outside.length + inside.length, 8, JSON.stringify([outside, inside]));
        for (const chart of [...outside, ...inside]) assert.ok(chart.drawn && chart.png && chart.rows > 0, JSON.stringify([outside, inside]));
      });

      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });

  test(`${browser}: on a small screen it is seen that nothing could be read`, { timeout: 60_000 }, async () => {
    const page = await open(browser, { width: 390, height: 844, calm: true });
    try {
      await page.goto(ONE_FILE);
      await press(page, '#paste');
      await page.evaluate(() => {
        document.querySelector('#paste-text').value = 'not a log';
        document.querySelector('#paste-form').requestSubmit();
      });
      await reached(page, 'failed');
      assert.match(await page.text('#status'), /could be read from one file\. pasted/);
      await page.waitFor(() => {
        const { top, bottom } = document.querySelector('#status').getBoundingClientRect();
        return top >= 0 && bottom <= window.innerHeight;
      });
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });
}
