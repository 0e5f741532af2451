// What is known to be good, in real browsers: typed, refused, used, saved, read; and the terminal takes the same file.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SAMPLE, done, figure, keepSaved, press, saved } from './at-page.mjs';
import { BIN, BROWSERS, ONE_FILE, open } from './browsers.mjs';

let folder = '';
const at = (name) => join(folder, name);
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'oddtrail-'));
  writeFileSync(at('sample.json.gz'), readFileSync(SAMPLE));
  writeFileSync(at('wrong.json'), '{"version": "oddtrail-known/1", "ranges": [{"range": "198.51.100.7/24"}], "colour": []}');
});
after(() => rmSync(folder, { recursive: true, force: true }));

const enter = (page, field, text) =>
  page.evaluate(({ field, text }) => {
    const input = document.querySelector(`[data-field="${field}"]`);
    input.value = text;
    input.dispatchEvent(new Event('input'));
  }, { field, text });

for (const browser of BROWSERS) {
  test(`${browser}: what is known to be good is edited, used, saved and read`, { timeout: 120_000 }, async (t) => {
    const page = await open(browser);
    try {
      await page.goto(ONE_FILE);
      await keepSaved(page);
      await page.setInputFiles('#files', at('sample.json.gz'));
      await done(page);
      const before = await page.evaluate(() => {
        const rows = [...document.querySelectorAll('#alerts tbody tr[data-session]')];
        return { alerts: rows.length, names: [...new Set(rows.map((row) => row.querySelector('.who').textContent))] };
      });
      assert.ok(before.alerts > 0);

      await t.test('what is wrong is said beside the field, and nothing of it holds', async () => {
        await press(page, '#known-button');
        await press(page, '[data-add="ranges"]');
        await enter(page, 'ranges[0].range', '198.51.100.7/24');
        await press(page, '#known-use');
        await page.waitFor(() => document.querySelector('[data-field="ranges[0].range"]').getAttribute('aria-invalid') === 'true');
        assert.match(await page.text('[data-wrong="ranges[0]"]'), /Expected the first address of the range, 198\.51\.100\.0\/24/);
        assert.equal(await page.evaluate(() => document.querySelector('#known').open), true);
        await enter(page, 'ranges[0].range', '198.51.100.0/24');
        await enter(page, 'ranges[0].note', 'office, "Berlin" <b>');
        await enter(page, 'ranges[0].expires', '2031-12-31');
      });

      await t.test('entries are used: sessions are excused, and counted by entry', async () => {
        for (const [i, name] of before.names.entries()) {
          await press(page, '[data-add="break_glass"]');
          await enter(page, `break_glass[${i}].name`, name);
        }
        await press(page, '#known-use');
        await page.waitFor(() => /known to be good/.test(document.querySelector('#import').textContent));
        await done(page);
        assert.equal(await page.evaluate(() => document.querySelector('#known').open), false);
        assert.equal(await page.text('#known-button'), `Known good: ${before.names.length + 1}`);
        assert.match(await page.text('#import'), /198\.51\.100\.0\/24 \(office, "Berlin" <b>\): 0 sessions, 0 of them no alert because of it, until 2031-12-31/);
        for (const name of before.names) assert.ok((await page.text('#import')).includes(`${name}: `), name);
        await page.evaluate(() => document.querySelector('#tab-sessions').click());
        await page.waitFor(() => /Known to be good: /.test(document.querySelector('#session').textContent));
        const marked = await page.evaluate(() => {
          const rows = [...document.querySelectorAll('#alerts tbody tr[data-session]')];
          return { excused: rows.filter((row) => row.querySelector('.severity').textContent === 'excused').length, named: rows.filter((row) => /known good, /.test(row.textContent)).length };
        });
        assert.ok(marked.excused > 0 && marked.named >= marked.excused, JSON.stringify(marked));
      });

      await t.test('saved, it is what the terminal takes; both reports are the same', { skip: !existsSync(BIN) }, async () => {
        await press(page, '#known-button');
        await press(page, '#known-save');
        const settings = await saved(page, 'json');
        writeFileSync(at('known.json'), settings);
        assert.deepEqual(JSON.parse(settings).ranges, [{ range: '198.51.100.0/24', note: 'office, "Berlin" <b>', expires: '2031-12-31' }]);
        await press(page, '#known-close');
        const run = spawnSync(BIN, ['analyze', '--quiet', 'sample.json.gz', '--known', 'known.json', '--json', at('terminal.json')], { cwd: folder, encoding: 'utf8' });
        assert.equal(run.status, 0, run.stderr);
        await press(page, '#export-json');
        assert.ok((await saved(page, 'json')) === readFileSync(at('terminal.json'), 'utf8'), 'the report differs');
      });

      await t.test('emptied, the report is as before; read from a file, as with it', async () => {
        await press(page, '#known-button');
        for (;;) {
          const more = await page.evaluate(() => {
            const remove = document.querySelector('#known-lists [aria-label^="Remove"]');
            remove?.click();
            return remove !== null;
          });
          if (!more) break;
        }
        await press(page, '#known-use');
        await page.waitFor(() => document.querySelector('#known-button').textContent === 'Known good');
        await done(page);
        assert.match(await figure(page, 'Alerts'), new RegExp(`^${before.alerts}\\b`));
        if (!existsSync(at('known.json'))) return;
        await press(page, '#known-button');
        await page.setInputFiles('#known-file', at('known.json'));
        await page.waitFor(() => /known\.json was read/.test(document.querySelector('#known-trouble').textContent));
        await press(page, '#known-use');
        await page.waitFor((n) => document.querySelector('#known-button').textContent === `Known good: ${n}`, { argument: before.names.length + 1 });
        await done(page);
      });

      await t.test('a file that is wrong is refused with its reasons, and what stands there stays', async () => {
        await press(page, '#known-button');
        const rows = () => page.evaluate(() => document.querySelectorAll('#known .known-row').length);
        const was = await rows();
        await page.setInputFiles('#known-file', at('wrong.json'));
        await page.waitFor(() => /was not taken/.test(document.querySelector('#known-trouble').textContent));
        const said = await page.text('#known-trouble');
        assert.match(said, /^wrong\.json was not taken/);
        assert.match(said, /ranges\[0\]\.range: expected the first address/);
        assert.match(said, /colour: expected one of/);
        assert.equal(await rows(), was);
        await press(page, '#known-close');
      });

      await t.test('the place of a session is entered from the session itself', async () => {
        await page.evaluate(() => [...document.querySelectorAll('#session button')].find((b) => b.textContent === 'Known place …' && !b.disabled)?.click());
        await page.waitFor(() => document.querySelector('#known').open);
        const typed = await page.evaluate(() => [...document.querySelectorAll('[data-field$=".range"]')].pop().value);
        assert.match(typed, /^[0-9a-f.:]+$/);
        await press(page, '#known-close');
      });

      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });
}
