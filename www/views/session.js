// One session: why it is odd, beside the nearest usual one, and what was done with it.

import { element, refill, table } from '../element.js';
import { indent } from '../indent.js';
import { original } from '../reading.js';
import { chosen, report } from '../state.js';
import { clock, count, counted, date, oddness, place, score, seconds, span } from '../words.js';

/** @typedef {import('../report.js').Report} Report */
/** @typedef {import('../report.js').Session} Session */
/** @typedef {import('../report.js').EventLine} EventLine */

/** @param {HTMLElement} root */
export function mount(root) {
  chosen.watch((id) => {
    const shown = report.get();
    const session = shown?.sessions.find((s) => s.id === id);
    if (shown && session) fill(root, shown, session);
  });
}

/** @param {HTMLElement} root @param {Report} shown @param {Session} session */
function fill(root, shown, session) {
  const who = shown.identities[session.identity];
  const heading = root.querySelector('h2') ?? element('h2', { id: 'session-title' });
  heading.textContent = who?.name ?? 'not known';
  const rank = shown.sessions.indexOf(session) + 1;
  refill(root,
    element('p', { class: 'hint' }, [who?.class, who?.account && `account ${who.account}`, span(session.span)].filter(Boolean).join(' · ')),
    element('p', { class: 'head' },
      element('span', { class: `severity ${session.severity}` }, session.severity === 'none' ? 'no alert' : session.severity),
      element('span', { class: 'hint' }, `score ${score(session.score)}, rank ${count(rank)} of ${count(shown.sessions.length)}, p = ${Number(session.p.toPrecision(2))}`)),
    element('p', { class: 'sentence' }, oddness(session)),
    labels(session),
    ...reasons(session),
    ...beside(shown, session),
    ...cameOf(shown, session),
    ...calls(session),
    ...events(session));
}

/** @param {Session} session */
function labels({ labels }) {
  if (labels.length === 0) return null;
  return element('div', { class: 'labels' }, ...labels.map((label) => element('p', { class: 'label' },
    element('span', { class: `severity ${label.severity}` }, label.rule),
    label.technique && element('span', { class: 'tag', title: 'MITRE ATT&CK technique' }, label.technique),
    element('span', { class: 'fine' }, label.sentence))));
}

/** @param {Session} session */
function reasons({ reasons }) {
  if (reasons.length === 0) return [];
  const most = Math.max(...reasons.map((r) => r.bits), 1);
  return [
    element('h3', {}, 'Why ', element('span', { class: 'hint' }, 'each bit halves how usual it is')),
    element('ol', { class: 'reasons' }, ...reasons.map((reason) => {
      const fill = element('div', { class: 'bar-fill' });
      fill.style.width = `${Math.max(0, Math.min(1, reason.bits / most)) * 100}%`;
      return element('li', {},
        element('span', { class: 'text' }, reason.sentence),
        element('span', { class: 'track', 'aria-hidden': 'true' }, fill),
        element('span', { class: 'bits', title: `Each bit halves how usual it is: ${reason.bits.toFixed(1)} bits are one in ${count(Math.round(2 ** Math.min(reason.bits, 50)))}.` }, `${reason.bits.toFixed(1)} bits`));
    })),
  ];
}

/** @param {Report} shown @param {Session} session */
function beside(shown, session) {
  const nearest = session.nearest === null ? undefined : shown.sessions[session.nearest];
  /** @type {[string, (s: Session) => string][]} */
  const facts = [
    ['from', (s) => s.country || 'not known'],
    ['network', (s) => [s.network, s.network_kind].filter(Boolean).join(', ') || 'not known'],
    ['address', (s) => s.address],
    ['client', (s) => s.client || 'not named'],
    ['began by', (s) => s.method],
    ['MFA', (s) => s.mfa || 'not said'],
    ['calls', (s) => `${count(s.events)}, ${count(s.errors)} refused or failed`],
    ['time (UTC)', (s) => `${clock(s.span.from)}–${clock(s.span.to)}`],
  ];
  const rows = facts.map(([name, of]) => {
    const here = of(session);
    const there = nearest ? of(nearest) : '';
    const cell = element('td', {}, here);
    const hour = name === 'time (UTC)' || name === 'calls' || name === 'address';
    if (nearest && here !== there && !hour) {
      cell.className = 'differs';
      if (session.severity !== 'none') cell.style.setProperty('--differs', `var(--${session.severity})`);
    }
    return element('tr', {}, element('th', { scope: 'row' }, name), cell, nearest ? element('td', {}, there) : null);
  });
  let title = null;
  if (nearest) {
    title = element('th', { scope: 'col' }, `nearest usual one, ${date(nearest.span.from)} `);
    const show = element('button', { type: 'button', class: 'small' }, 'Show');
    show.addEventListener('click', () => chosen.set(nearest.id));
    title.append(show);
  }
  return [
    element('h3', {}, nearest ? 'Beside the nearest usual session' : 'The session', ' ', element('span', { class: 'hint' }, nearest ? 'what differs is bold' : 'no usual session of this identity to compare with')),
    element('table', { class: 'beside' },
      element('thead', {}, element('tr', {}, element('td', {}), element('th', { scope: 'col' }, 'this session'), title)),
      element('tbody', {}, ...rows)),
  ];
}

/** @param {Report} shown @param {Session} session */
function cameOf(shown, session) {
  const incident = session.incident === null ? undefined : shown.incidents[session.incident];
  const parts = [];
  if (session.came_of.length) {
    parts.push(element('h3', {}, 'What came of it'), element('ul', { class: 'plain-list' }, ...session.came_of.map((text) => element('li', {}, text))));
  }
  if (incident && incident.sessions.length > 1) {
    parts.push(
      element('h3', {}, `Part of: ${incident.name} `, element('span', { class: 'hint' }, `${counted(incident.sessions.length, 'session')}, ${span(incident.span)}`)),
      element('ol', { class: 'plain-list' }, ...incident.story.map((text) => element('li', {}, text))));
  }
  return parts;
}

/** @param {Session} session */
function calls({ calls }) {
  if (calls.length === 0) return [];
  const rows = calls.map((call) => [element('span', { class: 'mono' }, call.name), call.usual, count(call.count), call.errors ? element('span', { class: 'error-code' }, count(call.errors)) : '0']);
  return [
    element('h3', {}, 'Calls ', element('span', { class: 'hint' }, 'oddest first; how usual each is for this identity')),
    element('div', { class: 'calls' }, table('Calls, oddest first', ['Call', 'Here it is', 'Times', 'Refused'], rows, [2, 3])),
  ];
}

/** @param {Session} session */
function events(session) {
  if (session.listed.length === 0) return [];
  const box = element('div', { class: 'original-box' });
  const rows = session.listed.map((line) => {
    const read = element('button', { type: 'button', class: 'small', 'aria-label': `Original record of ${line.call} at ${seconds(line.time)}` }, 'Original');
    read.addEventListener('click', () => showOriginal(box, line));
    return [
      element('span', { title: `${date(line.time)}, ${line.region}` }, seconds(line.time)),
      element('span', {}, element('span', { class: 'mono' }, line.call), line.error && element('span', { class: 'error-code' }, ` ${line.error}`), line.target && element('span', { class: 'muted' }, ` ${line.target}`)),
      read,
    ];
  });
  const more = session.events > session.listed.length ? `the first ${count(session.listed.length)} of ${count(session.events)}` : counted(session.events, 'event');
  return [
    element('h3', {}, 'Events ', element('span', { class: 'hint' }, `${more}; times in UTC`)),
    element('div', { class: 'events' }, element('div', { class: 'scroll', tabindex: 0 }, table('Events in order', ['Time', 'Call', ''], rows, [2]))),
    box,
  ];
}

/** @param {HTMLElement} box @param {EventLine} line */
async function showOriginal(box, line) {
  try {
    const { name, text } = await original(line.place);
    box.replaceChildren(
      element('p', { class: 'where' }, `${name}, byte ${count(line.place[2])}`),
      element('pre', { class: 'original', tabindex: 0, 'aria-label': 'Original record' }, indent(text)));
  } catch (error) {
    box.replaceChildren(element('p', { class: 'error-code', role: 'alert' }, `The original cannot be read: ${error instanceof Error ? error.message : error}`));
  }
  box.scrollIntoView({ block: 'nearest' });
}
