// Which sessions and identities a list shows, and in what order. Works on columns: text is looked for once per distinct
// word, so that a hundred thousand sessions take a few milliseconds.

import { SEVERITIES, idOf } from './sessions.js';
import { country } from './words.js';

/** @typedef {import('./report.js').Report} Report */
/** @typedef {import('./sessions.js').Text} Text */

/**
 * What is let through; empty text and null let everything through. `text`: every word must be found somewhere in what is
 * known of a session. `severity`: at least this; `none` means no alert. `from`, `to`: sessions that touch the span.
 * @typedef {{
 *   text: string, identity: number | null, class: string, country: string, network: string,
 *   severity: '' | 'low' | 'medium' | 'high' | 'none', from: number | null, to: number | null,
 * }} Filter
 */

/** @typedef {'score' | 'who' | 'when' | 'calls' | 'refused' | 'sessions' | 'alerts'} Sort */

/** @type {Filter} */
export const EVERYTHING = { text: '', identity: null, class: '', country: '', network: '', severity: '', from: null, to: null };

/** How many restrictions are in force. @param {Filter} filter */
export const restrictions = (filter) => Object.values(filter).filter((value) => value !== '' && value !== null).length;

/** Lower-case words, made once a report. @type {WeakMap<object, string[]>} */
const lowered = new WeakMap();

/** @param {string[]} words @param {(word: string) => string} [say] */
function lower(words, say = (word) => word) {
  let made = lowered.get(words);
  if (!made) lowered.set(words, (made = words.map((word) => say(word).toLowerCase())));
  return made;
}

/** Which of the words hold the term: 1 or 0 each. @param {string[]} words @param {string} term */
const holding = (words, term) => Uint8Array.from(words, (word) => (word.includes(term) ? 1 : 0));

/** What is known of each identity, as one text. @type {WeakMap<object, string[]>} */
const described = new WeakMap();

/** @param {Report} report */
function identityTexts({ identities }) {
  let made = described.get(identities);
  if (!made) described.set(identities, (made = identities.map((i) => `${i.name} ${i.class} ${i.account}`.toLowerCase())));
  return made;
}

/** @param {string} text */
const terms = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * Ranks of the sessions that pass, in order.
 * @param {Report} report
 * @param {{ alertsOnly: boolean, filter: Filter, sort: Sort, down: boolean }} wish
 */
export function chooseSessions(report, { alertsOnly, filter, sort, down }) {
  const { sessions, identities } = report;
  const c = sessions.columns;
  const pass = new Uint8Array(sessions.length).fill(1);
  if (alertsOnly) pass.set(c.alert);
  /** @param {(rank: number) => unknown} test */
  const keep = (test) => {
    for (let rank = 0; rank < pass.length; rank++) if (pass[rank] && !test(rank)) pass[rank] = 0;
  };

  if (filter.severity === 'none') keep((rank) => !c.alert[rank]);
  else if (filter.severity) {
    const least = SEVERITIES.indexOf(filter.severity);
    keep((rank) => c.alert[rank] && (c.severity[rank] ?? 0) >= least);
  }
  if (filter.identity !== null) keep((rank) => c.identity[rank] === filter.identity);
  if (filter.class) {
    const of = Uint8Array.from(identities, (i) => (i.class === filter.class ? 1 : 0));
    keep((rank) => of[c.identity[rank] ?? 0]);
  }
  /** @type {[string, Text][]} */
  const words = [[filter.country, c.country], [filter.network, c.network]];
  for (const [wanted, column] of words) {
    if (!wanted) continue;
    const place = column.words.indexOf(wanted);
    keep((rank) => column.of[rank] === place);
  }
  const { from, to } = filter;
  if (from !== null) keep((rank) => (c.to[rank] ?? 0) >= from);
  if (to !== null) keep((rank) => (c.from[rank] ?? 0) <= to);

  for (const term of terms(filter.text)) {
    const who = holding(identityTexts(report), term);
    const columns = [c.address, c.network, c.network_kind, c.client, c.method, c.sentence].map((column) => ({ of: column.of, hit: holding(lower(column.words), term) }));
    columns.push({ of: c.country.of, hit: holding(lower(c.country.words, (code) => `${code} ${country(code)}`), term) });
    const lists = [c.labels, c.calls].map(({ words, ends, of }) => ({ ends, of, hit: holding(lower(words), term) })).filter(({ hit }) => hit.includes(1));
    const useful = columns.filter(({ hit }) => hit.includes(1));
    // A session's ID, or so much of it that it is no word.
    const id = /^[0-9a-f]{6,16}$/.test(term);
    keep((rank) => {
      if (who[c.identity[rank] ?? 0]) return true;
      if (id && idOf(c, rank).includes(term)) return true;
      for (const { of, hit } of useful) if (hit[of[rank] ?? 0]) return true;
      for (const { ends, of, hit } of lists) {
        for (let at = rank === 0 ? 0 : (ends[rank - 1] ?? 0); at < (ends[rank] ?? 0); at++) if (hit[of[at] ?? 0]) return true;
      }
      return false;
    });
  }

  const order = ordered(report, sort);
  /** @type {number[]} */
  const found = [];
  if (down === (sort === 'who')) for (let i = order.length - 1; i >= 0; i--) take(order[i] ?? 0);
  else for (let i = 0; i < order.length; i++) take(order[i] ?? 0);
  return found;

  /** @param {number} rank */
  function take(rank) {
    if (pass[rank]) found.push(rank);
  }
}

/** @type {WeakMap<Report, Map<Sort, Uint32Array>>} */
const orders = new WeakMap();

/**
 * All ranks by a sort: names from A, numbers from the largest. Kept, since sorting is the dear part.
 * @param {Report} report
 * @param {Sort} sort
 */
function ordered(report, sort) {
  let known = orders.get(report);
  if (!known) orders.set(report, (known = new Map()));
  let order = known.get(sort);
  if (order) return order;
  const { sessions, identities } = report;
  const c = sessions.columns;
  const n = sessions.length;
  /** Whole numbers, small first; none where the order is that of ranks. @type {((rank: number) => number) | null} */
  let key = null;
  if (sort === 'who') {
    const names = byName(identities);
    key = (rank) => names[c.identity[rank] ?? 0] ?? 0;
  } else if (sort === 'when') {
    const last = c.from.reduce((most, from) => Math.max(most, from), 0);
    key = (rank) => Math.floor((last - (c.from[rank] ?? 0)) / 1000);
  } else if (sort === 'calls' || sort === 'refused') {
    const column = sort === 'calls' ? c.events : c.errors;
    key = (rank) => 0xffff_ffff - (column[rank] ?? 0);
  }
  order = new Uint32Array(n);
  if (key) {
    // Numbers alone sort many times faster than with a comparison: the rank rides along below the key.
    const keys = new Float64Array(n);
    for (let rank = 0; rank < n; rank++) keys[rank] = key(rank) * n + rank;
    keys.sort();
    for (let place = 0; place < n; place++) order[place] = (keys[place] ?? 0) % n;
  } else {
    for (let rank = 0; rank < n; rank++) order[rank] = rank;
  }
  known.set(sort, order);
  return order;
}

const collator = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' });

/** The place of each identity in the order of names. @param {Report['identities']} identities */
function byName(identities) {
  const order = identities.map((_, i) => i).sort((a, b) => collator.compare(identities[a]?.name ?? '', identities[b]?.name ?? '') || a - b);
  const places = new Uint32Array(order.length);
  order.forEach((identity, place) => (places[identity] = place));
  return places;
}

/**
 * Numbers of the identities that pass, in order. Of the filter, text and class say who; the rest asks for one session that fits.
 * @param {Report} report
 * @param {{ filter: Filter, sort: Sort, down: boolean }} wish
 */
export function chooseIdentities(report, { filter, sort, down }) {
  const { sessions, identities } = report;
  const { text, class: kind, ...rest } = filter;
  const wanted = terms(text);
  const texts = identityTexts(report);
  const fitting = restrictions({ ...EVERYTHING, ...rest }) ? new Uint8Array(identities.length) : null;
  if (fitting) {
    for (const rank of chooseSessions(report, { alertsOnly: false, filter: { ...filter, text: '' }, sort: 'score', down: true })) fitting[sessions.columns.identity[rank] ?? 0] = 1;
  }
  const best = new Uint32Array(identities.length).fill(sessions.length);
  sessions.columns.identity.forEach((who, rank) => (best[who] = Math.min(best[who] ?? 0, rank)));
  const names = byName(identities);
  /** @type {Record<Sort, (i: number) => number>} */
  const keys = {
    score: (i) => best[i] ?? 0,
    who: (i) => names[i] ?? 0,
    when: (i) => -(identities[i]?.seen.to ?? 0),
    calls: (i) => -(identities[i]?.events ?? 0),
    refused: (i) => best[i] ?? 0,
    sessions: (i) => -(identities[i]?.sessions ?? 0),
    alerts: (i) => -(identities[i]?.alerts ?? 0),
  };
  const key = keys[sort];
  const found = identities
    .map((_, i) => i)
    .filter((i) => (identities[i]?.sessions ?? 0) > 0)
    .filter((i) => (!kind || identities[i]?.class === kind) && (!fitting || fitting[i]))
    .filter((i) => wanted.every((term) => texts[i]?.includes(term) || identities[i]?.usual.some((u) => u.name.toLowerCase().includes(term))))
    .sort((a, b) => key(a) - key(b) || a - b);
  return down === (sort === 'who') ? found.reverse() : found;
}

/**
 * Sessions by identity or incident; groups in the order of their first session. Sessions of no incident stay alone.
 * @param {Report} report
 * @param {number[]} ranks
 * @param {'identity' | 'incident'} by
 * @returns {{ key: number, ranks: number[] }[]}
 */
export function grouped({ sessions }, ranks, by) {
  /** @type {Map<number, { key: number, ranks: number[] }>} */
  const groups = new Map();
  for (const rank of ranks) {
    const key = (by === 'identity' ? sessions.columns.identity : sessions.columns.incident)[rank] ?? 0;
    const group = groups.get(key);
    if (group) group.ranks.push(rank);
    else groups.set(key, { key, ranks: [rank] });
  }
  return [...groups.values()];
}

/**
 * Words of a column with how many sessions have each, most first.
 * @param {Text} column
 * @param {number} most
 */
export function tally({ words, of }, most) {
  const counts = new Uint32Array(words.length);
  for (const place of of) counts[place] = (counts[place] ?? 0) + 1;
  return words
    .map((word, i) => ({ word, count: counts[i] ?? 0 }))
    .filter(({ word }) => word !== '')
    .sort((a, b) => b.count - a.count || collator.compare(a.word, b.word))
    .slice(0, most);
}
