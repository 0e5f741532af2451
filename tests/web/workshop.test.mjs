// Made-up organisations in the page: opened by address, the same each time, marked by the reader, and the truth about them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { done, keepSaved, press, saved } from './at-page.mjs';
import { BIN, BROWSERS, ONE_FILE, open } from './browsers.mjs';

let folder = '';
/** What the terminal makes of the same organisation: the truth, and the report. */
let labels = [];
let report = '';

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'oddtrail-'));
  const run = (...words) => assert.equal(spawnSync(BIN, words).status, 0, words.join(' '));
  run('simulate', '--quiet', '--out', join(folder, 'made'), '--seed', '7', '--people', '20', '--machines', '10', '--days', '14');
  run('analyze', '--quiet', '--json', join(folder, 'report.json'), join(folder, 'made', 'AWSLogs'));
  labels = readFileSync(join(folder, 'made', 'labels.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
  report = readFileSync(join(folder, 'report.json'), 'utf8');
});

after(() => rmSync(folder, { recursive: true, force: true }));

for (const browser of BROWSERS) {
  test(`an address opens an organisation, the same as the terminal's, with no request, in ${browser}`, async () => {
    const downloads = mkdtempSync(join(tmpdir(), 'oddtrail-down-'));
    const page = await open(browser, { downloads });
    try {
      await page.goto(`${ONE_FILE}#sim=sample&seed=7`);
      await done(page);
      await keepSaved(page);
      await press(page, '#export-json');
      const exported = await saved(page, 'json');
      assert.ok(exported === report, 'the report is that of the terminal');
      assert.ok(!exported.includes('incident:') && !exported.includes('"labels.csv"'), 'and holds nothing of the truth');
      assert.match(await page.evaluate(() => location.hash), /sim=sample&seed=7/);

      // Another one by its address, and back.
      await page.evaluate(() => (location.hash = '#sim=sample&seed=8'));
      await page.waitFor(() => document.querySelector('#exercise')?.textContent.includes('seed 8'), { timeout: 60_000 });
      await done(page);
      await page.evaluate(() => history.back());
      await page.waitFor(() => document.querySelector('#exercise')?.textContent.includes('seed 7'), { timeout: 60_000 });
      await done(page);
      assert.deepEqual(page.errors, []);
      assert.deepEqual(page.requests.filter((asked) => asked.split('#')[0] !== ONE_FILE), []);
    } finally {
      await page.close();
      rmSync(downloads, { recursive: true, force: true });
    }
  });

  test(`marks are counted against the truth, in ${browser}`, async () => {
    const page = await open(browser);
    try {
      await page.goto(`${ONE_FILE}#sim=sample&seed=7`);
      await done(page);
      assert.equal(await page.text('#how-marks-did'), '', 'nothing is told before it is asked for');
      // The first three alerts as attack, the last one as ordinary.
      const ids = await page.evaluate(() => [...document.querySelectorAll('#alerts tbody tr[data-session]')].map((row) => row.dataset.session));
      const mark = async (id, as) => {
        await page.evaluate((wanted) => document.querySelector(`#alerts tbody tr[data-session="${wanted}"]`).click(), id);
        await page.waitFor(() => document.querySelector('#exercise [data-mark]') !== null);
        await press(page, `#exercise [data-mark="${as}"]`);
      };
      for (const id of ids.slice(0, 3)) await mark(id, 'attack');
      await mark(ids.at(-1), 'ordinary');
      assert.match(await page.text('#marks'), /3 as attack, 1 as ordinary/);
      await press(page, '#reveal');
      await page.waitFor(() => document.querySelector('#how-marks-did') !== null);

      // The truth as the labels have it, over the terminal's sessions.
      const bad = new Map(labels.filter((cells) => cells[1] === '1').map((cells) => [cells[0], cells[3]]));
      const { sessions } = JSON.parse(report);
      const incidentOf = (session) => session.listed.map((event) => bad.get(event.id)).find(Boolean);
      const of = (wanted) => wanted.map((id) => incidentOf(sessions.find((session) => session.id === id)));
      const right = of(ids.slice(0, 3)).filter(Boolean);
      const incidents = new Set(bad.values()).size;
      assert.ok(incidents > 2);
      assert.ok((await page.text('#how-marks-did')).startsWith(`Your marks: ${right.length} of 3 right`), await page.text('#how-marks-did'));
      assert.match(await page.text('#how-marks-did'), new RegExp(`${new Set(right).size} of ${incidents} incidents found`));
      const alerts = of(sessions.filter((session) => session.alert).map((session) => session.id)).filter(Boolean);
      assert.ok((await page.text('#how-alerts-did')).includes(`${alerts.length} of ${sessions.filter((session) => session.alert).length} right`), await page.text('#how-alerts-did'));
      assert.equal(await page.evaluate(() => document.querySelectorAll('#exercise tbody tr').length), incidents);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });
}
