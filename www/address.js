// The state of the view in the address, after `#/`, so that Back works and a view can be opened again. Never what was
// read: text, names, countries and networks that are filtered by stay in memory, under a number in the history.

import { EVERYTHING } from './filter.js';
import { chosen, exercise, filter, list, ODDEST_FIRST, person, report, zone } from './state.js';

/** @typedef {import('./filter.js').Filter} Filter */

const TABS = ['alerts', 'sessions', 'identities'];
const SORTS = ['score', 'who', 'when', 'calls', 'refused', 'sessions', 'alerts'];
const GROUPS = ['none', 'identity', 'incident'];
const SEVERITIES = ['', 'low', 'medium', 'high', 'none'];

/** Filters by the number that the history holds. @type {Map<number, Filter>} */
const kept = new Map();
let number = 0;
let quiet = false;
let step = false;
let pushing = false;
let waiting = false;

/** The address without its `#`, for what is shown now. */
function write() {
  const now = list.get();
  const { severity, from, to } = filter.get();
  const parts = new URLSearchParams();
  const made = exercise.get();
  if (made) {
    parts.set('sim', made.name);
    parts.set('seed', String(made.seed));
  }
  if (now.sort !== ODDEST_FIRST.sort || now.down !== ODDEST_FIRST.down) parts.set('sort', `${now.down ? '' : '-'}${now.sort}`);
  if (now.group !== 'none') parts.set('group', now.group);
  if (severity) parts.set('severity', severity);
  if (from !== null) parts.set('from', String(from));
  if (to !== null) parts.set('to', String(to));
  const who = person.get();
  const session = chosen.get();
  if (who !== null) parts.set('identity', String(who));
  else if (session !== null) parts.set('session', session);
  if (zone.get() === 'local') parts.set('zone', 'local');
  const rest = parts.toString();
  return `/${now.tab}${rest ? `?${rest}` : ''}`;
}

/** Shows what an address says; what it does not say is as at first. @param {string} hash @param {unknown} state */
function read(hash, state) {
  const [tab = '', rest = ''] = hash.replace(/^#?\//, '').split('?');
  const parts = new URLSearchParams(rest);
  const one = (/** @type {string} */ name, /** @type {string[]} */ known, /** @type {string} */ usual) => {
    const value = parts.get(name) ?? usual;
    return known.includes(value) ? value : usual;
  };
  const moment = (/** @type {string} */ name) => (/^\d{1,15}$/.test(parts.get(name) ?? '') ? Number(parts.get(name)) : null);
  const sort = parts.get('sort') ?? 'score';
  const memory = kept.get(typeof state === 'number' ? state : -1) ?? EVERYTHING;
  zone.set(one('zone', ['utc', 'local'], 'utc') === 'local' ? 'local' : 'utc');
  const next = {
    tab: TABS.includes(tab) ? tab : 'alerts',
    sort: SORTS.includes(sort.replace('-', '')) ? sort.replace('-', '') : 'score',
    down: !sort.startsWith('-'),
    group: one('group', GROUPS, 'none'),
  };
  if (JSON.stringify(next) !== JSON.stringify(list.get())) list.set(/** @type {ReturnType<typeof list.get>} */ (next));
  const wanted = { ...memory, severity: one('severity', SEVERITIES, ''), from: moment('from'), to: moment('to') };
  if (JSON.stringify(wanted) !== JSON.stringify(filter.get())) filter.set(/** @type {Filter} */ (wanted));
  const shown = report.get();
  if (!shown) return;
  const who = parts.get('identity');
  person.set(who !== null && /^\d{1,9}$/.test(who) && Number(who) < shown.identities.length ? Number(who) : null);
  const session = parts.get('session');
  if (shown.sessions.rank(session) >= 0) chosen.set(session);
}

/** Runs a change that takes no new step in the history: one row down, one letter more. @param {() => void} change */
export function stepping(change) {
  const before = step;
  step = true;
  try {
    change();
  } finally {
    step = before;
  }
}

/** Whether the address names a session or an identity to begin with. */
export const namesOne = () => /^#\/.*[?&](session|identity)=/.test(location.hash);

/** Shows what the address says, once there is something to show. */
export function restore() {
  if (!location.hash.startsWith('#/')) return;
  quiet = true;
  read(location.hash, history.state);
  quiet = false;
}

/** Begins to keep address and view alike. */
export function keepAddress() {
  const note = () => {
    if (quiet || !report.get()) return;
    pushing ||= !step;
    if (waiting) return;
    waiting = true;
    // Several changes of one action make one step.
    queueMicrotask(() => {
      waiting = false;
      const push = pushing;
      pushing = false;
      const hash = `#${write()}`;
      const same = JSON.stringify(kept.get(number)) === JSON.stringify(filter.get());
      if (hash === location.hash && same) return;
      const fresh = push && location.hash.startsWith('#/');
      if (fresh) number += 1;
      kept.set(number, filter.get());
      if (fresh) history.pushState(number, '', hash);
      else history.replaceState(number, '', hash);
    });
  };
  let text = '';
  filter.watch((now) => {
    // Letters of a search are no steps to go back by.
    const typed = now.text !== text && text !== '';
    text = now.text;
    if (typed) stepping(note);
    else note();
  });
  list.watch(note);
  chosen.watch(note);
  person.watch(note);
  zone.watch(() => stepping(note));
  window.addEventListener('popstate', (event) => {
    if (!location.hash.startsWith('#/')) return;
    quiet = true;
    if (typeof event.state === 'number') number = event.state;
    read(location.hash, event.state);
    quiet = false;
  });
}
