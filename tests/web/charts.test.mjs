// The charts in real browsers: what is dragged, hovered, typed and selected on them, and what they give away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, keepSaved, state } from './at-page.mjs';
import { BROWSERS, ONE_FILE, open } from './browsers.mjs';

async function sample(page) {
  await page.goto(ONE_FILE);
  await page.click('#sample');
  await settled(page);
}

/** The report is there, and every chart that can be seen is drawn. */
async function settled(page) {
  await page.waitFor(() => ['done', 'failed'].includes(document.querySelector('#status').dataset.state), { timeout: 60_000 });
  assert.equal(await state(page), 'done');
  await page.waitFor(() => [...document.querySelectorAll('.chart-box')].filter((box) => box.offsetParent).every((box) => box.getAttribute('aria-label') && box.clientHeight > 40));
}

/** Events as a hand would make them; drivers differ in what they can drag. */
const drag = (page, selector, from, to) =>
  page.evaluate(({ selector, from, to }) => {
    const box = document.querySelector(selector);
    box.setPointerCapture = () => {};
    const { left, top, width, height } = box.getBoundingClientRect();
    const at = (type, share) => box.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1, clientX: left + share * width, clientY: top + height * 0.6 }));
    at('pointerdown', from);
    for (let i = 0; i <= 10; i++) at('pointermove', from + ((to - from) * i) / 10);
    at('pointerup', to);
  }, { selector, from, to });

const key = (page, selector, ...keys) =>
  page.evaluate(({ selector, keys }) => {
    const element = document.querySelector(selector);
    element.focus();
    for (const key of keys) element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  }, { selector, keys });

for (const browser of BROWSERS) {
  test(`${browser}: charts are dragged, hovered, selected on and saved`, { timeout: 120_000 }, async (t) => {
    const page = await open(browser);
    try {
      await sample(page);

      await t.test('a span dragged on the timeline filters the lists, Escape takes it away', async () => {
        await drag(page, '#time .chart-box', 0.3, 0.6);
        await page.waitFor(() => /of .* shown/.test(document.querySelector('#alerts').textContent));
        await key(page, '#time .chart-box', 'Escape');
        await page.waitFor(() => !/of .* shown/.test(document.querySelector('#alerts').textContent));
      });

      await t.test('the keyboard goes through what is drawn and selects it everywhere', async () => {
        const before = await chosen(page);
        assert.match(before, /^[0-9a-f]{16}$/);
        await key(page, '#map .chart-box', 'ArrowRight', 'ArrowRight');
        const said = await page.text('#map [role="status"]');
        assert.match(said, /^(high|medium|low): .+ 2 of /);
        assert.equal(await page.evaluate(() => document.querySelector('#map .chart-tip').hidden), false, 'the same stands beside it');
        await key(page, '#map .chart-box', 'Enter');
        await page.waitFor((was) => !location.hash.includes(was), { argument: before });
        assert.match(await chosen(page), /^[0-9a-f]{16}$/);
        // The reasons are those of the session that was selected.
        await page.waitFor(() => /together/.test(document.querySelector('#detectors').textContent + [...document.querySelectorAll('#detectors .chart-box')].map((box) => box.ariaLabel).join()));
      });

      await t.test('the budget is a slider: the core scores again, and the promise follows', async () => {
        const before = await page.text('#scores > .fine');
        const line = () => page.evaluate(() => document.querySelector('#scores .chart-line').getAttribute('aria-valuenow'));
        const threshold = Number(await line());
        await key(page, '#scores .chart-line', 'PageDown', 'PageDown');
        await page.waitFor((was) => Number(document.querySelector('#scores .chart-line').getAttribute('aria-valuenow')) < was - 0.05, { argument: threshold });
        await key(page, '#scores .chart-line', 'Enter');
        await page.waitFor((was) => document.querySelector('#scores > .fine').textContent !== was, { argument: before });
        await settled(page);
      });

      await t.test('a picture and a drawing are handed over', async () => {
        await keepSaved(page);
        const kinds = await page.evaluate(async () => {
          const { kept } = window;
          for (const button of document.querySelectorAll('#world .chart-take button')) button.click();
          for (let i = 0; i < 100 && kept.length < 2; i++) await new Promise((go) => setTimeout(go, 50));
          const svg = kept.find((blob) => blob.type === 'image/svg+xml');
          const png = kept.find((blob) => blob.type === 'image/png');
          const first = new Uint8Array(await png.slice(0, 4).arrayBuffer());
          return { svg: (await svg.text()).slice(0, 4), png: String.fromCharCode(...first.slice(1)) };
        });
        assert.deepEqual(kinds, { svg: '<svg', png: 'PNG' });
      });

      await t.test('an identity has its hours and its networks', async () => {
        await page.evaluate(() => [...document.querySelectorAll('#session button')].find((b) => b.textContent === 'Show this identity').click());
        await page.waitFor(() => [...document.querySelectorAll('#identity .chart-box')].filter((box) => /168 hours|network/.test(box.ariaLabel ?? '') && box.clientHeight > 40).length === 2);
      });

      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });
}
