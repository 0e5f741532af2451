// What tests do at the page and ask of it, in any browser that `browsers.mjs` opens.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

/** Events of a small organisation, as the page brings them along. */
export const SAMPLE = fileURLToPath(new URL('../../www/sample/sample.json.gz', import.meta.url));

export const state = (page) => page.evaluate(() => document.querySelector('#status').dataset.state);

/** Waits for a state. */
export const reached = (page, wanted) =>
  page.waitFor((wanted) => document.querySelector('#status')?.dataset.state === wanted, { argument: wanted, timeout: 60_000 });

/** Waits for the end of a reading, whatever it is. */
export const ended = (page) =>
  page.waitFor(() => ['done', 'failed', 'cancelled'].includes(document.querySelector('#status')?.dataset.state), { timeout: 120_000 });

/** Waits for a result. */
export async function done(page) {
  await ended(page);
  assert.equal(await state(page), 'done', await page.text('#status'));
}

/** Clicks whatever lies above: charts may still be drawn, and move things away under a mouse. */
export const press = (page, selector) => page.evaluate((wanted) => document.querySelector(wanted).click(), selector);

/** The figure at the head of the result. */
export const figure = (page, name) =>
  page.evaluate((name) => [...document.querySelectorAll('#summary dt')].find((dt) => dt.textContent === name)?.nextElementSibling?.firstChild?.textContent, name);

/** The session that is looked at: it stands in the address. */
export const chosen = (page) => page.evaluate(() => new URLSearchParams(location.hash.split('?')[1] ?? '').get('session') ?? '');

/** The import report, all of it opened. */
export const imported = (page) =>
  page.evaluate(() => {
    document.querySelectorAll('#import details').forEach((details) => (details.open = true));
    return document.querySelector('#import').textContent;
  });

/**
 * In pages opened from now on, whatever a worker is told goes through `told`, which runs in the page and says `send()`, or
 * does something else. `window.workers` are those that live; `lose(worker)` ends one as a browser does that wants its memory.
 */
export async function overhear(page, told = (worker, message, send) => send()) {
  await page.before(() => {
    window.workers = new Set();
    window.Worker = class extends Worker {
      constructor(...given) {
        super(...given);
        window.workers.add(this);
      }
      postMessage(message, transfer) {
        window.told(this, message, () => super.postMessage(message, transfer));
      }
      terminate() {
        window.workers.delete(this);
        super.terminate();
      }
    };
    window.lose = (worker) => {
      worker.terminate();
      setTimeout(() => worker.dispatchEvent(new ErrorEvent('error', { message: 'made up by the test' })));
    };
  });
  await page.before(`window.told = ${told}`);
}

/** From now on what the page would save is kept, in `window.kept`. */
export const keepSaved = (page) =>
  page.evaluate(() => {
    const kept = (window.kept = []);
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      kept.push(blob);
      return make.call(URL, blob);
    };
    HTMLAnchorElement.prototype.click = () => {};
  });

/** What was saved since it was last asked, as text; `kind` is part of its type. */
export async function saved(page, kind) {
  await page.waitFor((kind) => window.kept.some((blob) => blob.type.includes(kind)), { argument: kind });
  return page.evaluate((kind) => {
    const blob = window.kept.findLast((blob) => blob.type.includes(kind));
    window.kept.length = 0;
    return blob.text();
  }, kind);
}
