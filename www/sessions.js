// All sessions as columns: numbers as typed arrays, words kept once. A session's place is its rank, oddest first.
// A session becomes an object only when it is looked at.

/** Words kept once, and which of them each row has. @typedef {{ words: string[], of: Uint32Array }} Text */
/** Several words a row: those of row `r` end before `ends[r]`. @typedef {{ words: string[], ends: Uint32Array, of: Uint32Array }} Texts */

/**
 * The columns by name, as the core hands them over. `NONE` stands where there is no incident, or nothing known to be good.
 * @typedef {{
 *   id: BigUint64Array, identity: Uint32Array, from: Float64Array, to: Float64Array, score: Float64Array, p: Float64Array,
 *   alert: Uint8Array, severity: Uint8Array, address: Text, country: Text, network: Text, network_kind: Text,
 *   client: Text, method: Text, mfa: Text, events: Uint32Array, errors: Uint32Array, sentence: Text, labels: Texts,
 *   calls: Texts, incident: Uint32Array, known: Uint32Array, excused: Uint8Array,
 * }} Columns
 */

/** @typedef {'none' | 'low' | 'medium' | 'high'} Severity */
/**
 * One session as a row shows it. `labels` names the rules that matched; `known` is the entry of what is known to be good
 * that it matches, `excused` whether it would be an alert without.
 * @typedef {{
 *   rank: number, id: string, identity: number, span: { from: number, to: number }, score: number, p: number, alert: boolean,
 *   severity: Severity, address: string, country: string, network: string, network_kind: string, client: string,
 *   method: string, mfa: string, events: number, errors: number,
 *   sentence: string, labels: string[], incident: number | null, known: number | null, excused: boolean,
 * }} Row
 */

/** Stands in a column of whole numbers where there is none. */
export const NONE = 0xffff_ffff;

/** @type {Severity[]} */
export const SEVERITIES = ['none', 'low', 'medium', 'high'];

/** Those that come after the others: until then there are no calls, and sentences of alerts only. @typedef {Pick<Columns, 'calls' | 'sentence'>} Completed */

/** @type {Texts} */
export const NO_TEXTS = { words: [], ends: new Uint32Array(), of: new Uint32Array() };

export class Sessions {
  /** @param {Columns} columns */
  constructor(columns) {
    this.columns = columns;
    this.length = columns.score.length;
    /** What was asked last: it is asked for each row. @type {{ id: string | null, rank: number }} */
    this.asked = { id: null, rank: -1 };
  }

  /** The session of a rank. @param {number} rank @returns {Row} */
  at(rank) {
    const c = this.columns;
    const incident = c.incident[rank] ?? NONE;
    const known = c.known[rank] ?? NONE;
    return {
      rank,
      id: idOf(c, rank),
      identity: c.identity[rank] ?? 0,
      span: { from: c.from[rank] ?? 0, to: c.to[rank] ?? 0 },
      score: c.score[rank] ?? 0,
      p: c.p[rank] ?? 1,
      alert: c.alert[rank] === 1,
      severity: SEVERITIES[c.severity[rank] ?? 0] ?? 'none',
      address: word(c.address, rank),
      country: word(c.country, rank),
      network: word(c.network, rank),
      network_kind: word(c.network_kind, rank),
      client: word(c.client, rank),
      method: word(c.method, rank),
      mfa: word(c.mfa, rank),
      events: c.events[rank] ?? 0,
      errors: c.errors[rank] ?? 0,
      sentence: word(c.sentence, rank),
      labels: words(c.labels, rank),
      incident: incident === NONE ? null : incident,
      known: known === NONE ? null : known,
      excused: c.excused[rank] === 1,
    };
  }

  /** The rank of a session's ID; −1 where there is none. @param {string | null} id */
  rank(id) {
    if (id !== this.asked.id) {
      // It may come from the page's address.
      this.asked = { id, rank: id && /^[0-9a-f]{16}$/.test(id) ? this.columns.id.indexOf(BigInt(`0x${id}`)) : -1 };
    }
    return this.asked.rank;
  }

  /** Ranks of the alerts, oddest first. */
  alerts() {
    /** @type {number[]} */
    const found = [];
    this.columns.alert.forEach((alert, rank) => alert && found.push(rank));
    return found;
  }

  /** Ranks of an identity's sessions, in order of time. @param {number} identity */
  ofIdentity(identity) {
    const { identity: of, from } = this.columns;
    /** @type {number[]} */
    const found = [];
    of.forEach((who, rank) => who === identity && found.push(rank));
    return found.sort((a, b) => (from[a] ?? 0) - (from[b] ?? 0) || a - b);
  }

  /** The first `most` of them as objects. @param {number} most */
  first(most) {
    return Array.from({ length: Math.min(most, this.length) }, (_, rank) => this.at(rank));
  }
}

/** The ID of a session as it is written. @param {Columns} columns @param {number} rank */
export const idOf = ({ id }, rank) => (id[rank] ?? 0n).toString(16).padStart(16, '0');

/** @param {Text} text @param {number} row */
export const word = (text, row) => text.words[text.of[row] ?? 0] ?? '';

/** @param {Texts} texts @param {number} row */
export function words({ words, ends, of }, row) {
  const from = row === 0 ? 0 : (ends[row - 1] ?? 0);
  return [...of.subarray(from, ends[row] ?? from)].map((place) => words[place] ?? '');
}
