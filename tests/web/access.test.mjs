// axe-core over every view, light and dark, wide and narrow, in both browsers: nothing serious may stand in the way of anybody.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { press, reached } from './at-page.mjs';
import { serious } from './axe.mjs';
import { BROWSERS, ONE_FILE, open } from './browsers.mjs';

const quiet = () => new Promise((go) => setTimeout(go, 400));

/** Every view there is, and how one gets there from the one before. @type {[string, (page: any) => Promise<unknown>][]} */
const VIEWS = [
  ['landing', () => Promise.resolve()],
  ['text to paste', (page) => press(page, '#paste')],
  ['nothing read', async (page) => {
    await page.evaluate(() => {
      document.querySelector('#paste-text').value = 'not a log';
      document.querySelector('#paste-form').requestSubmit();
    });
    await reached(page, 'failed');
  }],
  ['alerts and a session', async (page) => {
    await press(page, '#start-over');
    await press(page, '#sample');
    await reached(page, 'done');
    await page.waitFor(() => [...document.querySelectorAll('.chart-box')].filter((box) => box.offsetParent).every((box) => box.ariaLabel && box.clientHeight > 40));
  }],
  ['import report, exports, more filters, an original', async (page) => {
    await page.evaluate(() => document.querySelectorAll('#import details, #more-exports, #alerts details').forEach((details) => (details.open = true)));
    await page.waitFor(() => Boolean(document.querySelector('#session .events button')));
    await press(page, '#session .events button');
    await page.waitFor(() => Boolean(document.querySelector('#session pre.original')));
  }],
  ['all sessions in groups, with a filter', async (page) => {
    await page.evaluate(() => (document.querySelector('#more-exports').open = false));
    await press(page, '#tab-sessions');
    await page.evaluate(() => {
      const group = document.querySelector('select[aria-label="Group"]');
      group.value = 'identity';
      group.dispatchEvent(new Event('change'));
      const search = document.querySelector('#search');
      search.value = 'user';
      search.dispatchEvent(new Event('input'));
    });
    await page.waitFor(() => document.querySelectorAll('#alerts tr.group').length > 0);
    await press(page, '#alerts tr.group');
  }],
  ['identities and one of them', async (page) => {
    await press(page, '#tab-identities');
    await page.waitFor(() => document.querySelectorAll('#alerts tr[data-identity]').length > 0);
    await press(page, '#alerts tr[data-identity]');
    await page.waitFor(() => [...document.querySelectorAll('#identity .chart-box')].filter((box) => box.clientHeight > 40).length === 2);
  }],
  ['nothing passes the filter', async (page) => {
    await page.evaluate(() => {
      const search = document.querySelector('#search');
      search.value = 'nothing of this name';
      search.dispatchEvent(new Event('input'));
    });
    await page.waitFor(() => document.querySelector('#alerts .empty').offsetParent !== null);
  }],
  ['charts as tables', async (page) => {
    await page.evaluate(() => [...document.querySelectorAll('.chart-head button[aria-pressed="false"]')].forEach((button) => button.click()));
  }],
  ['the truth of an exercise', async (page) => {
    await press(page, '#reveal');
    await page.waitFor(() => Boolean(document.querySelector('#how-alerts-did')));
  }],
  ['known to be good, with something wrong', async (page) => {
    await press(page, '#known-button');
    for (const list of ['ranges', 'scanners', 'break_glass']) await press(page, `[data-add="${list}"]`);
    await page.evaluate(() => {
      const type = (field, text) => {
        const input = document.querySelector(`[data-field="${field}"]`);
        input.value = text;
        input.dispatchEvent(new Event('input'));
      };
      type('ranges[0].range', '198.51.100.7/24');
      type('scanners[0].agent', 'P');
      type('break_glass[0].note', 'a name is missing');
    });
    await press(page, '#known-use');
    await page.waitFor(() => document.querySelectorAll('#known [aria-invalid]').length > 0);
  }],
  ['keys and words', async (page) => {
    await press(page, '#known-close');
    await press(page, '#help-button');
  }],
];

for (const browser of BROWSERS) {
  for (const { dark, width } of [{ dark: false, width: 1280 }, { dark: true, width: 1280 }, { dark: false, width: 390 }]) {
    test(`${browser}, ${dark ? 'dark' : 'light'}, ${width} px: nothing serious in any view`, { timeout: 240_000 }, async (t) => {
      const page = await open(browser, { dark, width, height: width < 500 ? 844 : 800, calm: true });
      try {
        await page.goto(ONE_FILE);
        for (const [name, go] of VIEWS) {
          await t.test(name, async () => {
            await go(page);
            await quiet();
            assert.deepEqual(await serious(page), []);
          });
        }
        assert.deepEqual(page.errors, []);
      } finally {
        await page.close();
      }
    });
  }
}
