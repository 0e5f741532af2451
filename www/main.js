// Starts the page: every view fills its section, and a few atoms tie them together.

import { find } from './element.js';
import { chosen, progress, report } from './state.js';
import * as header from './views/header.js';
import * as open from './views/open.js';
import * as reading from './views/progress.js';
import * as summary from './views/summary.js';
import * as imported from './views/import.js';
import * as time from './views/time.js';
import * as alerts from './views/alerts.js';
import * as session from './views/session.js';
import * as scores from './views/scores.js';
import * as map from './views/map.js';
import * as detectors from './views/detectors.js';

/** @type {[string, { mount(root: HTMLElement): void }][]} */
const VIEWS = [
  ['.bar', header],
  ['#open', open],
  ['#progress', reading],
  ['#summary', summary],
  ['#import', imported],
  ['#time', time],
  ['#alerts', alerts],
  ['#session', session],
  ['#scores', scores],
  ['#map', map],
  ['#detectors', detectors],
];

// A result's sections show before the views fill them, so that charts know their width.
report.watch((shown) => {
  const found = (shown?.summary.events ?? 0) > 0;
  document.documentElement.dataset.view = found ? 'result' : 'landing';
  for (const section of document.querySelectorAll('.result')) {
    if (section instanceof HTMLElement) section.hidden = !(found || (shown && section.id === 'import'));
  }
});

for (const [selector, view] of VIEWS) view.mount(find(document, selector, HTMLElement));

// The oddest session is looked at first, an alert or not.
report.watch((shown) => {
  const first = shown?.sessions.find((s) => s.alert) ?? shown?.sessions[0];
  if (first) chosen.set(first.id);
});

// A module with 128-bit numbers in it: what the core is compiled for. A browser that refuses it is too old.
const SIMD = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);
if (typeof WebAssembly !== 'object' || !WebAssembly.validate(SIMD)) {
  progress.set({ ...progress.get(), state: 'failed', why: 'this browser is too old for the page; one from 2024 or later will do.' });
}
