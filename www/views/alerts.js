// The ranked table of alerts. Rows are chosen by click, or by the arrow keys.

import { element } from '../element.js';
import { chosen, report } from '../state.js';
import { clock, count, day, oddness, score, span } from '../words.js';

/** @typedef {import('../report.js').Report} Report */
/** @typedef {import('../report.js').Session} Session */

/** @param {HTMLElement} root */
export function mount(root) {
  report.watch((shown) => {
    if (shown) fill(root, shown);
  });
  chosen.watch((id) => {
    for (const row of root.querySelectorAll('tbody tr')) mark(row, row.getAttribute('data-session') === id);
    if (!root.querySelector('tbody tr[tabindex="0"]')) root.querySelector('tbody tr')?.setAttribute('tabindex', '0');
  });
}

/** @param {HTMLElement} root @param {Report} shown */
function fill(root, shown) {
  const alerts = shown.sessions.filter((s) => s.alert);
  const heading = root.querySelector('h2');
  const head = element('div', { class: 'head' });
  if (heading) head.append(heading);
  head.append(element('span', { class: 'hint' }, `${count(alerts.length)} of ${count(shown.summary.sessions)} sessions, oddest first`));
  const promise = element('p', { class: 'fine' }, shown.calibration.sentence);

  if (alerts.length === 0) {
    root.replaceChildren();
    root.append(head, element('p', { class: 'empty' }, 'Nothing odd was found. ', shown.calibration.promised
      ? 'No session lies above the threshold, and no rule matched.'
      : 'There is too little data to be sure of it: what is usual can hardly be known from these files.'), promise,
      element('p', { class: 'fine' }, 'The oddest session is shown beside, though it is no alert.'));
    return;
  }

  const rows = alerts.map((session) => row(session, shown));
  const body = element('tbody', {}, ...rows);
  body.addEventListener('click', (event) => {
    const at = event.target instanceof Element ? event.target.closest('tr') : null;
    if (at) chosen.set(at.dataset.session ?? null);
  });
  body.addEventListener('keydown', (event) => {
    const at = event.target instanceof Element ? event.target.closest('tr') : null;
    if (!at) return;
    const to = target(event.key, at, body);
    if (!to) return;
    event.preventDefault();
    to.focus();
    chosen.set(to.dataset.session ?? null);
    if (event.key === 'Enter') document.getElementById('session')?.focus();
  });
  root.replaceChildren(head, promise, element('div', { class: 'scroll' },
    element('table', { id: 'alerts-table', role: 'grid', 'aria-label': 'Alerts, oddest first. Arrow keys choose, Enter goes to the session.' },
      element('thead', {}, element('tr', {}, ...['Score', 'Who', 'What is odd', 'When (UTC)'].map((h) => element('th', { scope: 'col' }, h)))),
      body)));
}

/** @param {string} key @param {HTMLTableRowElement} at @param {HTMLElement} body @returns {HTMLElement | null} */
function target(key, at, body) {
  const pick = (/** @type {Element | null} */ e) => (e instanceof HTMLElement ? e : null);
  switch (key) {
    case 'ArrowDown':
      return pick(at.nextElementSibling);
    case 'ArrowUp':
      return pick(at.previousElementSibling);
    case 'Home':
      return pick(body.firstElementChild);
    case 'End':
      return pick(body.lastElementChild);
    case 'Enter':
    case ' ':
      return at;
    default:
      return null;
  }
}

/** @param {Session} session @param {Report} shown */
function row(session, shown) {
  const who = shown.identities[session.identity];
  const made = element('tr', { 'data-session': session.id, 'data-score': session.score, tabindex: -1 },
    element('td', {}, element('span', { class: 'score' }, score(session.score)), element('span', { class: `severity ${session.severity}` }, session.severity)),
    element('td', {}, element('span', { class: 'who' }, who?.name ?? 'not known'), element('span', { class: 'fine' }, who?.class ?? '')),
    element('td', { class: 'what' }, oddness(session)),
    element('td', { class: 'when', title: span(session.span) }, day(session.span.from), element('br'), clock(session.span.from)));
  mark(made, session.id === chosen.get());
  return made;
}

/** @param {Element} row @param {boolean} on */
function mark(row, on) {
  row.setAttribute('aria-selected', String(on));
  row.setAttribute('tabindex', on ? '0' : '-1');
}
