// One identity: since when, usual places, clients and hours, its calls by how rare they are, its sessions.

import { element, refill, table } from '../element.js';
import { tieChart } from '../shown-charts.js';
import { chosen, completed, filter, list, person, report, zone } from '../state.js';
import { EVERYTHING } from '../filter.js';
import { clock, count, counted, day, lasting, oddness, score, span } from '../words.js';

/** @typedef {import('../report.js').Report} Report */
/** @typedef {import('../report.js').Identity} Identity */

/** How many sessions are listed here; the list shows them all. */
const LISTED = 20;

/** @param {HTMLElement} root */
export function mount(root) {
  const [hours, strip] = [element('section', { 'aria-label': 'Hours of the week' }), element('section', { 'aria-label': 'Sessions by network' })];
  tieChart(hours, 'hours', 'identity');
  tieChart(strip, 'strip', 'identity');
  const show = () => {
    const shown = report.get();
    const number = person.get();
    root.hidden = number === null;
    const who = number === null ? undefined : shown?.identities[number];
    if (!shown || number === null || !who) return;
    head(root, shown, number, who);
    if (completed.get() === shown) body(root, shown, number, who, [hours, strip]);
  };
  person.watch(show);
  report.watch(show);
  completed.watch((now) => now && show());
  zone.watch(show);
}

/** @param {HTMLElement} root @param {Report} shown @param {number} number @param {Identity} who */
function head(root, shown, number, who) {
  const heading = root.querySelector('h2') ?? element('h2', { id: 'identity-title' });
  heading.replaceChildren(element('span', { class: 'title-name' }, who.name));
  const back = element('button', { type: 'button', class: 'small' }, '← Back to the session');
  back.addEventListener('click', () => person.set(null));
  const only = element('button', { type: 'button', class: 'small' }, 'List its sessions');
  only.addEventListener('click', () => {
    filter.set({ ...EVERYTHING, identity: number });
    list.set({ ...list.get(), tab: 'sessions', group: 'none' });
  });
  refill(root,
    element('p', { class: 'hint' }, [who.class, who.account && `account ${who.account}`].filter(Boolean).join(' · ')),
    element('dl', { class: 'facts' },
      ...fact('First and last seen', `${span(who.seen)}, ${lasting(who.seen)}`),
      ...fact('Sessions', `${count(who.sessions)}, ${counted(who.events, 'event')}, ${counted(who.alerts, 'alert')}`)),
    element('p', { class: 'nearby' }, back, only));
}

/** @param {string} name @param {string} value */
const fact = (name, value) => [element('dt', {}, name), element('dd', {}, value)];

/** @param {HTMLElement} root @param {Report} shown @param {number} number @param {Identity} who @param {HTMLElement[]} charts */
function body(root, shown, number, who, charts) {
  const most = Math.max(1, ...[who.countries, who.networks, who.clients].flat().map(({ count: n }) => n));
  const days = (/** @type {import('../report.js').Count[]} */ counts) => counts.length === 0 ? element('p', { class: 'fine' }, 'Not known.') : element('ul', { class: 'habits' }, ...counts.map(({ name, count: n }) => {
    const fill = element('div', { class: 'bar-fill' });
    fill.style.width = `${(n / most) * 100}%`;
    return element('li', {}, element('span', { class: 'text' }, name), element('span', { class: 'track', 'aria-hidden': 'true' }, fill), element('span', { class: 'bits' }, counted(n, 'day')));
  }));
  const own = shown.sessions.ofIdentity(number).sort((a, b) => a - b);
  root.append(
    element('h3', {}, 'Countries ', element('span', { class: 'hint' }, 'by days on which it was seen there')), days(who.countries),
    element('h3', {}, 'Networks'), days(who.networks),
    element('h3', {}, 'Clients'), days(who.clients),
    ...charts,
    element('h3', {}, 'Sessions ', element('span', { class: 'hint' }, own.length > LISTED ? `the ${LISTED} oddest of ${count(own.length)}` : 'oddest first')),
    element('ol', { class: 'linked' }, ...own.slice(0, LISTED).map((rank) => {
      const session = shown.sessions.at(rank);
      const button = element('button', { type: 'button', class: 'link' }, `${day(session.span.from)} ${clock(session.span.from)}`);
      button.addEventListener('click', () => {
        person.set(null);
        chosen.set(session.id);
      });
      return element('li', {}, element('span', { class: `severity ${session.severity}` }, score(session.score)), ' ', button, ' ', element('span', { class: 'muted' }, oddness(session)));
    })),
    element('h3', {}, 'Calls ', element('span', { class: 'hint' }, who.distinct_calls > who.calls.length ? `${count(who.calls.length)} of ${count(who.distinct_calls)}; rare: on one day, infrequent: on two to four` : 'rare: on one day, infrequent: on two to four')),
    element('div', { class: 'scroll calls', tabindex: 0, role: 'region', 'aria-label': 'Calls of this identity' },
      table('Calls', ['Call', 'For this identity', 'Days', 'Times', 'Refused'], who.calls.map((call) => [
        element('span', { class: 'mono' }, call.name), call.usual, count(call.days), count(call.count), call.errors ? element('span', { class: 'error-code' }, count(call.errors)) : '0',
      ]), [2, 3, 4])));
}
