// One session: why it is odd, beside the nearest usual one, what came of it, and its events down to the original record.

import { element, refill, table } from '../element.js';
import { makeGrid } from '../grid.js';
import { copyButton } from '../copy.js';
import { indent } from '../indent.js';
import { eventsOf, exported, original, sessionInFull } from '../reading.js';
import { word } from '../sessions.js';
import { chosen, person, proposed, report, zone } from '../state.js';
import { clock, clockOver, count, counted, country, date, day, moment, oddness, place, score, seconds, span, zone as zoneName } from '../words.js';

/** @typedef {import('../report.js').Report} Report */
/** @typedef {import('../report.js').Session} Session */
/** @typedef {import('../report.js').SessionCloseup} SessionCloseup */
/** @typedef {import('../report.js').Events} Events */
/** @typedef {import('../sessions.js').Row} Row */

/** @param {HTMLElement} root */
export function mount(root) {
  /** The session the panel was last filled for, so that an answer that comes late is dropped. */
  let asked = 0;
  /** What it was filled with: report and choice change together, and one filling is enough. @type {{ shown: Report | null, rank: number, zone: string }} */
  let filled = { shown: null, rank: -1, zone: '' };
  const show = async () => {
    const shown = report.get();
    root.hidden = person.get() !== null;
    const rank = shown?.sessions.rank(chosen.get()) ?? -1;
    if (!shown || rank < 0 || root.hidden) return;
    if (filled.shown === shown && filled.rank === rank && filled.zone === zone.get()) return;
    filled = { shown, rank, zone: zone.get() };
    const ask = ++asked;
    const row = shown.sessions.at(rank);
    head(root, shown, row);
    try {
      const closeup = await sessionInFull(rank);
      if (ask !== asked) return;
      const nearest = closeup.session.nearest;
      body(root, shown, row, closeup, nearest === null ? null : shown.sessions.at(nearest));
      eventList(root, row, await eventsOf(rank), () => ask === asked);
    } catch (error) {
      if (ask === asked) root.append(element('p', { class: 'error-code', role: 'alert' }, `The details cannot be shown: ${error instanceof Error ? error.message : error}.`));
    }
  };
  chosen.watch(show);
  person.watch(show);
  report.watch(show);
  zone.watch(show);
}

/** What the row already says. @param {HTMLElement} root @param {Report} shown @param {Row} row */
function head(root, shown, row) {
  const who = shown.identities[row.identity];
  const heading = root.querySelector('h2') ?? element('h2', { id: 'session-title' });
  heading.replaceChildren(element('span', { class: 'title-name' }, who?.name ?? 'not known'));
  const look = element('button', { type: 'button', class: 'small' }, 'Show this identity');
  look.addEventListener('click', () => person.set(row.identity));
  refill(root,
    element('p', { class: 'hint', title: moment(row.span.from) }, [who?.class, who?.account && `account ${who.account}`, span(row.span)].filter(Boolean).join(' · ')),
    element('p', { class: 'head' },
      element('span', { class: `severity ${row.severity}` }, row.severity === 'none' ? 'no alert' : row.severity),
      element('span', { class: 'hint' }, `score ${score(row.score)}, rank ${count(row.rank + 1)} of ${count(shown.sessions.length)}, p = ${Number(row.p.toPrecision(2))}`)),
    element('p', { class: 'sentence' }, oddness(row)),
    neighbours(shown, row, look));
}

/** The sessions of the same identity before and after this one. @param {Report} shown @param {Row} row @param {HTMLElement} look */
function neighbours(shown, row, look) {
  const all = shown.sessions.ofIdentity(row.identity);
  const at = all.indexOf(row.rank);
  const link = (/** @type {number | undefined} */ rank, /** @type {string} */ name) => {
    const other = rank === undefined ? null : shown.sessions.at(rank);
    const button = element('button', { type: 'button', class: 'small', disabled: other === null, title: other ? `${span(other.span)}: ${oddness(other)}` : 'There is none' }, name);
    if (other) button.addEventListener('click', () => chosen.set(other.id));
    return button;
  };
  return element('p', { class: 'nearby' },
    link(all[at - 1], '← Session before'),
    element('span', { class: 'hint' }, `${count(at + 1)} of ${count(all.length)} of this identity`),
    link(all[at + 1], 'Session after →'), look);
}

/**
 * @param {HTMLElement} root @param {Report} shown @param {Row} row
 * @param {SessionCloseup} closeup @param {Row | null} nearest
 */
function body(root, shown, row, { session, chained }, nearest) {
  const sentence = root.querySelector('.sentence');
  if (sentence && session.sentence) sentence.textContent = session.sentence;
  const markdown = copyButton('Copy as ticket', () => exported({ about: 'ticket', rank: row.rank, zone: JSON.stringify(clockOver(shown.summary.span)) }));
  const good = element('button', { type: 'button', class: 'small', title: `Enter ${row.address} as known to be good`, disabled: !/^[0-9a-f.:]+$/i.test(row.address) }, 'Known place …');
  good.addEventListener('click', () => proposed.set(row.address));
  root.append(...[
    knownBy(shown, session),
    labels(session),
    ...reasons(session),
    ...beside(session, row, nearest),
    ...cameOf(shown, session),
    ...chain(shown, chained),
    ...calls(session),
    element('p', { class: 'actions nearby' }, markdown, good),
  ].filter((e) => e !== null));
}

/** Which of the reader's own entries it matches. @param {Report} shown @param {Session} session */
function knownBy({ known }, session) {
  const entry = session.known === null ? undefined : known[session.known];
  if (!entry) return null;
  const does = session.excused ? 'It is no alert because of that.' : entry.list === 'ranges' ? 'The place costs nothing; what was done counts.' : 'It would be no alert without it either, or a rule names it.';
  return element('p', { class: 'note fine' }, 'Known to be good: ', element('span', { class: 'mono' }, entry.what), entry.note && ` (${entry.note})`, `. ${does}`);
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
  if (reasons.length === 0) return [element('h3', {}, 'Why'), element('p', { class: 'fine' }, 'Nothing about this session is unusual for its identity.')];
  const most = Math.max(...reasons.map((r) => r.bits), 1);
  const total = reasons.reduce((sum, r) => sum + r.bits, 0);
  return [
    element('h3', {}, 'Why ', element('span', { class: 'hint' }, `${total.toFixed(1)} bits in all; each bit halves how usual it is, and a fact counts once`)),
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

/** @param {Session} session @param {Row} row @param {Row | null} nearest */
function beside(session, row, nearest) {
  /** @type {[string, (s: Row) => string, boolean][]} */
  const facts = [
    ['from', (s) => country(s.country) || 'not known', true],
    ['network', (s) => [s.network, s.network_kind].filter(Boolean).join(', ') || 'not known', true],
    ['address', (s) => s.address, false],
    ['client', (s) => s.client || 'not named', true],
    ['began by', (s) => s.method, true],
    ['MFA', (s) => s.mfa || 'not said', true],
    ['events', (s) => `${count(s.events)}, ${count(s.errors)} refused`, false],
    [`time (${zoneName(row.span.from)})`, (s) => `${clock(s.span.from)}–${clock(s.span.to)}`, false],
  ];
  const rows = facts.map(([name, of, compared]) => {
    const here = of(row);
    const there = nearest ? of(nearest) : '';
    const cell = element('td', {}, here);
    if (nearest && compared && here !== there) {
      cell.className = 'differs';
      cell.style.setProperty('--differs', `var(--${row.severity === 'none' ? 'text' : row.severity})`);
    }
    return element('tr', {}, element('th', { scope: 'row' }, name), cell, nearest ? element('td', {}, there) : null);
  });
  let title = null;
  if (nearest) {
    const show = element('button', { type: 'button', class: 'link' }, `nearest usual one, ${date(nearest.span.from)}`);
    show.addEventListener('click', () => chosen.set(nearest.id));
    title = element('th', { scope: 'col' }, show);
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
    parts.push(element('h3', {}, 'What came of it'), element('ul', { class: 'plain-list came-of' }, ...session.came_of.map((text) => element('li', {}, text))));
  }
  if (incident && incident.sessions.length > 1) {
    parts.push(
      element('h3', {}, `Part of: ${incident.name} `, element('span', { class: 'hint' }, `${counted(incident.sessions.length, 'session')}, ${span(incident.span)}`)),
      element('ol', { class: 'linked' }, ...incident.sessions.slice(0, 30).map((rank) => sessionLink(shown, rank, session.id))));
  }
  return parts;
}

/** @param {Report} shown @param {import('../report.js').Chained[]} chained */
function chain(shown, chained) {
  if (chained.length === 0) return [];
  return [
    element('h3', {}, 'Chained to ', element('span', { class: 'hint' }, 'by the credentials they issued or used')),
    element('ol', { class: 'linked' }, ...chained.map(({ rank, after, how }) => {
      const item = sessionLink(shown, rank, '');
      item.append(element('span', { class: 'fine' }, ` ${after ? 'after' : 'before'}: ${how}`));
      return item;
    })),
  ];
}

/** @param {Report} shown @param {number} rank @param {string} here */
function sessionLink(shown, rank, here) {
  const other = shown.sessions.at(rank);
  const name = `${day(other.span.from)} ${clock(other.span.from)}, ${shown.identities[other.identity]?.name ?? 'not known'}`;
  if (other.id === here) return element('li', {}, element('b', {}, name), ' ', element('span', { class: 'muted' }, oddness(other)));
  const button = element('button', { type: 'button', class: 'link' }, name);
  button.addEventListener('click', () => chosen.set(other.id));
  return element('li', {}, button, ' ', element('span', { class: 'muted' }, oddness(other)));
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

/**
 * Its events in order, all of them, with a search.
 * @param {HTMLElement} root @param {Row} row @param {Events} events @param {() => boolean} fresh
 */
function eventList(root, row, events, fresh) {
  if (!fresh()) return;
  const total = events.time.length;
  let found = Array.from({ length: total }, (_, i) => i);
  let at = -1;
  const box = element('div', { class: 'original-box', 'aria-live': 'polite' });
  const said = element('span', { class: 'hint', role: 'status' }, `${counted(total, 'event')}; times in ${zoneName(row.span.from)}`);
  const search = element('input', { type: 'search', class: 'event-search', placeholder: 'Search: call, error, target …', 'aria-label': 'Search the events of this session', autocomplete: 'off', spellcheck: 'false' });
  const grid = makeGrid({
    label: 'Events in order. Enter shows the original record.',
    class: 'events',
    head: element('tr', {}, ...['Time', 'Call and outcome', ''].map((h) => element('th', { scope: 'col', role: 'columnheader' }, h))),
    row: (index) => {
      const i = found[index] ?? 0;
      const time = events.time[i] ?? 0;
      const error = word(events.error, i);
      const target = word(events.target, i);
      const call = word(events.call, i);
      const read = element('button', { type: 'button', class: 'small', 'aria-label': `Original record of ${call} at ${seconds(time)}` }, 'Original');
      return element('tr', { role: 'row', 'aria-selected': String(i === at) },
        element('td', { role: 'gridcell', title: `${moment(time)}, ${word(events.region, i)}` }, seconds(time)),
        element('td', { role: 'gridcell', class: 'two-lines', title: [call, error, target].filter(Boolean).join(' ') },
          element('span', { class: 'mono' }, call), ' ', element('span', { class: error ? 'error-code' : 'outcome' }, error || 'ok'), target && element('span', { class: 'muted' }, ` ${target}`)),
        element('td', { role: 'gridcell', class: 'number' }, read));
    },
    picked: (index) => {
      at = found[index] ?? 0;
      grid.each((made, i) => made.setAttribute('aria-selected', String(found[i] === at)));
      showOriginal(box, events, at);
    },
  });
  search.addEventListener('input', () => {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const columns = [events.call, events.error, events.target, events.region, events.id];
    const hits = terms.map((term) => columns.map((column) => column.words.map((w) => w.toLowerCase().includes(term))));
    found = [];
    for (let i = 0; i < total; i++) if (hits.every((of) => of.some((hit, c) => hit[columns[c]?.of[i] ?? 0]))) found.push(i);
    said.textContent = terms.length ? `${count(found.length)} of ${counted(total, 'event')}` : `${counted(total, 'event')}; times in ${zoneName(row.span.from)}`;
    grid.show(found.length);
  });
  root.append(
    element('div', { class: 'head events-head' }, element('h3', {}, 'Events '), said, element('span', { class: 'grow' }), total > 5 ? search : ''),
    element('div', { class: 'events' }, grid.box),
    box);
  grid.show(total);
}

/** @param {HTMLElement} box @param {Events} events @param {number} i */
async function showOriginal(box, events, i) {
  const at = (/** @type {number} */ n) => events.place[i * 4 + n] ?? 0;
  try {
    const { name, text } = await original([at(0), at(1), at(2), at(3)]);
    const pretty = indent(text);
    box.replaceChildren(
      element('p', { class: 'head' }, element('span', { class: 'where' }, `${name}, byte ${count(at(2))}`), element('span', { class: 'grow' }), copyButton('Copy', async () => pretty)),
      element('pre', { class: 'original', tabindex: 0, 'aria-label': `Original record of ${word(events.call, i)}` }, pretty));
  } catch (error) {
    box.replaceChildren(element('p', { class: 'error-code', role: 'alert' }, `The original cannot be read: ${error instanceof Error ? error.message : error}`));
  }
  box.scrollIntoView({ block: 'nearest' });
}
