// An exercise on a made-up organisation: the reader marks sessions, then sees the truth and how the marks did.

import { element, find, refill, table } from '../element.js';
import { copyButton } from '../copy.js';
import { truthAbout } from '../reading.js';
import { chosen, exercise, report, zone } from '../state.js';
import { count, counted, percent, span } from '../words.js';

/** @typedef {import('../report.js').Report} Report */
/** @typedef {import('../state.js').Exercise} Exercise */
/** @typedef {import('../reading.js').Truth} Truth */

/** @param {HTMLElement} root */
export function mount(root) {
  /** @type {{ of: Report, truth: Truth } | null} */
  let known = null;
  const show = async () => {
    const shown = report.get();
    const now = exercise.get();
    root.hidden = !shown || !now;
    if (!shown || !now) return;
    if (now.revealed && known?.of !== shown) {
      const truth = await truthAbout(now.labels);
      if (report.get() !== shown || exercise.get()?.labels !== now.labels) return;
      known = { of: shown, truth };
    }
    const after = exercise.get();
    if (after) fill(root, shown, after, after.revealed ? (known?.truth ?? null) : null);
  };
  exercise.watch(show);
  report.watch(show);
  chosen.watch(show);
  zone.watch(show);
}

/** @param {HTMLElement} root @param {Report} shown @param {Exercise} now @param {Truth | null} truth */
function fill(root, shown, now, truth) {
  const marked = [...now.marks.values()];
  const attacks = marked.filter((mark) => mark === 'attack').length;
  const reveal = element('button', { type: 'button', id: 'reveal', 'aria-pressed': String(now.revealed) }, now.revealed ? 'Hide the truth' : 'Reveal the truth');
  reveal.addEventListener('click', () => {
    exercise.set({ ...now, revealed: !now.revealed });
    find(root, '#reveal', HTMLElement).focus();
  });
  refill(root,
    element('p', {},
      `A made-up organisation: ${now.name}, seed ${now.seed}. Nobody in it exists. Mark sessions as attack or ordinary, then reveal the truth. `,
      copyButton('Copy the link', () => Promise.resolve(`${location.href.split('#')[0]}#sim=${now.name}&seed=${now.seed}`))),
    element('div', { class: 'row' },
      theChosen(shown, now, truth),
      element('span', { class: 'grow' }),
      element('p', { class: 'hint', id: 'marks', role: 'status' }, `Marked: ${count(attacks)} as attack, ${count(marked.length - attacks)} as ordinary.`),
      reveal),
    ...(truth ? theTruth(shown, now, truth) : []));
}

/** @param {Report} shown @param {Exercise} now @param {Truth | null} truth */
function theChosen(shown, now, truth) {
  const id = chosen.get();
  const rank = shown.sessions.rank(id);
  if (id === null || rank < 0) return element('p', { class: 'hint' }, 'No session is chosen.');
  const row = shown.sessions.at(rank);
  const mark = now.marks.get(id);
  const button = (/** @type {'attack' | 'ordinary'} */ as, /** @type {string} */ words) => {
    const made = element('button', { type: 'button', class: 'small', 'data-mark': as, 'aria-pressed': String(mark === as) }, words);
    made.addEventListener('click', () => {
      const marks = new Map(now.marks);
      if (mark === as) marks.delete(id);
      else marks.set(id, as);
      exercise.set({ ...now, marks });
      find(document, `#exercise [data-mark="${as}"]`, HTMLElement).focus();
    });
    return made;
  };
  const malicious = truth?.sessions.find((session) => session.rank === rank);
  const said = truth ? element('strong', { id: 'truth-of-chosen' }, malicious ? ` In truth: an attack, ${malicious.scenario}.` : ' In truth: ordinary.') : null;
  return element('p', { class: 'nearby' },
    element('span', {}, 'The chosen session: ', element('span', { class: 'mono' }, shown.identities[row.identity]?.name ?? ''), `, ${span(row.span)}. `),
    button('attack', 'Attack'), button('ordinary', 'Ordinary'), said);
}

/** How the marks and the alerts did, and what there was to find. @param {Report} shown @param {Exercise} now @param {Truth} truth */
function theTruth(shown, now, truth) {
  const malicious = new Map(truth.sessions.map((session) => [session.rank, session]));
  const incidents = new Map(truth.sessions.map((session) => [session.incident, /** @type {typeof truth.sessions} */ ([])]));
  for (const session of truth.sessions) incidents.get(session.incident)?.push(session);
  const marked = [...now.marks].map(([id, mark]) => ({ rank: shown.sessions.rank(id), mark })).filter(({ rank }) => rank >= 0);
  const asAttack = marked.filter(({ mark }) => mark === 'attack').map(({ rank }) => rank);
  const wrongly = marked.filter(({ rank, mark }) => mark === 'ordinary' && malicious.has(rank)).length;
  const how = (/** @type {string} */ who, /** @type {number[]} */ ranks) => {
    const right = ranks.filter((rank) => malicious.has(rank));
    const found = new Set(right.map((rank) => malicious.get(rank)?.incident)).size;
    const precise = ranks.length === 0 ? '' : `, ${percent(right.length / ranks.length)}`;
    return `${who}: ${count(right.length)} of ${count(ranks.length)} right${precise}; ${count(found)} of ${counted(incidents.size, 'incident')} found.`;
  };
  const rows = [...incidents].map(([, sessions]) => {
    const [first] = sessions;
    const about = truth.scenarios.find(({ name }) => first?.scenario.split(':')[0] === name);
    const go = element('button', { type: 'button', class: 'small' }, counted(sessions.length, 'session'));
    go.addEventListener('click', () => first && chosen.set(shown.sessions.at(first.rank).id));
    const any = (/** @type {(rank: number) => boolean} */ test) => (sessions.some(({ rank }) => test(rank)) ? 'yes' : 'no');
    return [first?.scenario ?? '', about?.story ?? '', about?.techniques.join(', ') ?? '', go, any((rank) => shown.sessions.at(rank).alert), any((rank) => asAttack.includes(rank))];
  });
  return [
    element('p', { id: 'how-marks-did' }, how('Your marks', asAttack), wrongly > 0 ? ` ${counted(wrongly, 'attack session')} marked as ordinary.` : ''),
    element('p', { id: 'how-alerts-did' }, how('Oddtrail’s alerts', shown.sessions.alerts())),
    rows.length === 0 ? element('p', {}, 'There was no attack.') : element('div', { class: 'scroll', tabindex: 0 }, table('What there was to find', ['Attack', 'Story', 'ATT&CK', 'Where', 'Alerted', 'Found by you'], rows)),
  ];
}
