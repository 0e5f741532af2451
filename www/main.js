// Starts the page: every view fills its section, and a few atoms tie them together.

import { find } from './element.js';
import { keepAddress, restore } from './address.js';
import { rememberPicks, takePick } from './carry-over.js';
import { keepOffline } from './offline.js';
import { chosen, filter, person, progress, report, zone } from './state.js';
import { EVERYTHING } from './filter.js';
import { lacking } from './needs.js';
import { prepare } from './crew.js';
import { showTimesIn } from './words.js';
import * as header from './views/header.js';
import * as open from './views/open.js';
import * as reading from './views/progress.js';
import * as soFar from './views/provisional.js';
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
import * as knownGood from './views/known.js';
import * as exercise from './views/exercise.js';
import { openFromAddress } from './workshop.js';

/** @type {[string, { mount(root: HTMLElement): void }][]} */
const VIEWS = [
  ['.bar', header],
  ['#open', open],
  ['#progress', reading],
  ['#provisional', soFar],
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
  ['#known', knownGood],
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
  const pick = takePick(shown);
  if (pick >= 0) chosen.set(shown.sessions.at(pick).id);
  else if (shown.sessions.rank(chosen.get()) < 0) chosen.set(shown.sessions.length ? shown.sessions.at(shown.sessions.alerts()[0] ?? 0).id : null);
  restore();
});

// While files are read, what the page is about gives way to what is in them.
progress.watch(({ state }) => {
  const busy = state === 'reading' || state === 'scoring';
  if (!report.get()) document.documentElement.dataset.view = busy ? 'reading' : 'landing';
});

rememberPicks();
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
  const folded = to.querySelector(':scope > details');
  if (folded instanceof HTMLDetailsElement) folded.open = true;
  to.scrollIntoView();
  if (to.tabIndex >= -1) to.focus({ preventScroll: true });
});

const lacks = lacking();
document.documentElement.dataset.started = '';
if (lacks.length > 0) {
  progress.set({ ...progress.get(), state: 'failed', failure: 'too-old', why: lacks.join('; ') });
} else {
  // Once there is nothing else to do; Safari has no such call.
  (globalThis.requestIdleCallback ?? ((/** @type {() => void} */ go) => setTimeout(go, 200)))(() => void prepare());
}
