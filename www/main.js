// Starts the page: every view fills its section, and a few atoms tie them together.

import { find } from './element.js';
import { keepAddress, restore } from './address.js';
import { keepOffline } from './offline.js';
import { chosen, filter, person, progress, report, zone } from './state.js';
import { EVERYTHING } from './filter.js';
import { prepare } from './crew.js';
import { showTimesIn } from './words.js';
import * as header from './views/header.js';
import * as open from './views/open.js';
import * as reading from './views/progress.js';
import * as summary from './views/summary.js';
import * as imported from './views/import.js';
import * as time from './views/time.js';
import * as list from './views/list.js';
import * as session from './views/session.js';
import * as identity from './views/identity.js';
import * as scores from './views/scores.js';
import * as map from './views/map.js';
import * as world from './views/world.js';
import * as detectors from './views/detectors.js';
import * as help from './views/help.js';
import * as exercise from './views/exercise.js';
import { openFromAddress } from './workshop.js';

/** @type {[string, { mount(root: HTMLElement): void }][]} */
const VIEWS = [
  ['.bar', header],
  ['#open', open],
  ['#progress', reading],
  ['#summary', summary],
  ['#import', imported],
  ['#exercise', exercise],
  ['#time', time],
  ['#alerts', list],
  ['#session', session],
  ['#identity', identity],
  ['#scores', scores],
  ['#map', map],
  ['#world', world],
  ['#detectors', detectors],
  ['.bar', help],
];

// Before any view: they write times.
zone.watch(showTimesIn);

// A result's sections show before the views fill them, so that charts know their width. What is looked at comes with
// the report, so that no view ever shows a session of another one: the oddest first, an alert or not.
report.watch((shown) => {
  const found = (shown?.summary.events ?? 0) > 0;
  document.documentElement.dataset.view = found ? 'result' : 'landing';
  for (const section of document.querySelectorAll('.result')) {
    if (section instanceof HTMLElement) section.hidden = !(found || (shown && section.id === 'import'));
  }
  person.set(null);
  if (!shown) {
    filter.set({ ...EVERYTHING, severity: filter.get().severity });
    return;
  }
  if (shown.sessions.rank(chosen.get()) < 0) chosen.set(shown.sessions.length ? shown.sessions.at(shown.sessions.alerts()[0] ?? 0).id : null);
  restore();
});

for (const [selector, view] of VIEWS) view.mount(find(document, selector, HTMLElement));
keepAddress();
openFromAddress();
window.addEventListener('hashchange', openFromAddress);
void keepOffline();

// A link within the page moves to its section; the address stays the view's.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  const to = link ? document.getElementById(link.getAttribute('href')?.slice(1) ?? '') : null;
  if (!to) return;
  event.preventDefault();
  to.scrollIntoView();
  if (to.tabIndex >= -1) to.focus({ preventScroll: true });
});

// A module with 128-bit numbers in it: what the core is compiled for. A browser that refuses it is too old.
const SIMD = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);
if (typeof WebAssembly !== 'object' || !WebAssembly.validate(SIMD)) {
  progress.set({ ...progress.get(), state: 'failed', why: 'this browser is too old for the page; one from 2024 or later will do.' });
} else {
  // Once there is nothing else to do; Safari has no such call.
  (globalThis.requestIdleCallback ?? ((/** @type {() => void} */ go) => setTimeout(go, 200)))(() => void prepare());
}
