// What tests do at the page and ask of it, in any browser that `browsers.mjs` opens.

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
export const done = (page) => reached(page, 'done');

/** Clicks whatever lies above: charts may still be drawn, and move things away under a mouse. */
export const press = (page, selector) => page.evaluate((wanted) => document.querySelector(wanted).click(), selector);

/** The figure at the head of the result. */
export const figure = (page, name) =>
  page.evaluate((name) => [...document.querySelectorAll('#summary dt')].find((dt) => dt.textContent === name)?.nextElementSibling?.firstChild?.textContent, name);

/** The session that is looked at: it stands in the address. */
export const chosen = (page) => page.evaluate(() => new URLSearchParams(location.hash.split('?')[1] ?? '').get('session') ?? '');

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
