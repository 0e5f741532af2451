// The oddest sessions of what was read so far. Rows stay where they are: when more is read their figures change in
// place and new ones come below, until the reader asks for the new order or the whole report is there.

import { element, refill } from '../element.js';
import { chosen, provisional, zone } from '../state.js';
import { clock, count, counted, day, moment, oddness, score, zone as zoneName } from '../words.js';

/** @typedef {NonNullable<ReturnType<typeof provisional.get>>} SoFar */
/** @typedef {import('../report.js').Session} Session */

/** @param {HTMLElement} root */
export function mount(root) {
  /** The rows as they stand, by session. @type {string[]} */
  let order = [];
  const said = element('span', { class: 'hint' });
  const again = element('button', { type: 'button', class: 'small', id: 'reorder', hidden: true });
  const rows = element('ol', { class: 'so-far' });
  const head = element('div', { class: 'head' });
  refill(root, head, element('p', { class: 'fine' }, 'Scores change while more is read, for what is usual is learned from all of it. What you choose here is opened when all is read.'), rows);
  const heading = root.querySelector('h2') ?? element('h2');
  head.append(heading, said, element('span', { class: 'grow' }), again);

  const show = () => {
    const now = provisional.get();
    root.hidden = now === null;
    if (!now) {
      order = [];
      rows.replaceChildren();
      return;
    }
    const ranked = now.sessions.map(({ id }) => id);
    const there = new Map(now.sessions.map((session) => [session.id, session]));
    const shown = order.filter((id) => there.has(id));
    order = [...shown, ...ranked.filter((id) => !shown.includes(id))];
    const asked = order.every((id, i) => id === ranked[i]);
    again.hidden = asked;
    again.textContent = 'Put in the new order';
    said.textContent = `the ${count(order.length)} oddest of ${counted(now.summary.sessions, 'session')} in ${counted(now.summary.events, 'event')}, provisional`;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.closest('[data-session]')?.getAttribute('data-session') : null;
    rows.replaceChildren(...order.flatMap((id) => {
      const session = there.get(id);
      return session ? [row(now, session)] : [];
    }));
    if (focused) /** @type {HTMLElement | null} */ (rows.querySelector(`[data-session="${CSS.escape(focused)}"] button`))?.focus();
  };
  again.addEventListener('click', () => {
    order = [];
    show();
    rows.querySelector('button')?.focus();
  });
  provisional.watch(show);
  zone.watch(show);
  chosen.watch(() => provisional.get() && show());
}

/** @param {SoFar} now @param {Session} session */
function row(now, session) {
  const what = oddness({ ...session, rank: 0, labels: session.labels.map(({ rule }) => rule) });
  const name = now.identities[session.identity]?.name ?? 'not known';
  const on = chosen.get() === session.id;
  const pick = element('button', { type: 'button', class: 'so-far-row', 'aria-pressed': String(on), title: what },
    element('span', { class: 'score' }, score(session.score)),
    element('span', { class: `severity ${session.severity}` }, session.severity === 'none' ? 'no alert' : session.severity),
    element('span', { class: 'who' }, name),
    element('span', { class: 'what' }, what),
    element('span', { class: 'when', title: moment(session.span.from) }, `${day(session.span.from)} ${clock(session.span.from)} ${zoneName(session.span.from)}`));
  pick.addEventListener('click', () => chosen.set(on ? null : session.id));
  return element('li', { 'data-session': session.id, 'data-score': session.score }, pick);
}
