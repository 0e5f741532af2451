// What the page knows: a few atoms. What can be computed from another atom is computed, not kept.

import { EVERYTHING } from './filter.js';

/** @typedef {import('./report.js').Report} Report */

/**
 * @template T
 * @typedef {{ get(): T, set(value: T): void, watch(listener: (value: T) => void): void }} Atom
 */

/**
 * A value that tells its watchers when it changes. A watcher is called once at once.
 * @template T
 * @param {T} value
 * @returns {Atom<T>}
 */
function atom(value) {
  /** @type {((value: T) => void)[]} */
  const watchers = [];
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const watcher of watchers) watcher(value);
    },
    watch(watcher) {
      watchers.push(watcher);
      watcher(value);
    },
  };
}

/**
 * Where the reading stands. `bytes` and `total` count the files' bytes as they lie on the disk; `rate` is events per
 * second since the reading began; `left` the milliseconds it is likely to take still, null while nobody can tell.
 * `warning` says what is foreseen to fail and what can be done; `notice` what went wrong and was mended; both may be empty.
 * `failure`: what kind of failure `why` tells of. `checking`: at the end of the reading, how many log files are set against
 * digests, and which share of their bytes is done; null otherwise.
 * @typedef {{
 *   state: 'idle' | 'reading' | 'scoring' | 'done' | 'failed' | 'cancelled',
 *   failure: '' | 'nothing-read' | 'memory' | 'broken' | 'too-old', why: string,
 *   files: number, filesDone: number, bytes: number, total: number, events: number, rate: number, left: number | null,
 *   warning: string, notice: string, checking: { files: number, done: number } | null,
 * }} Progress
 */

/** @type {Progress} */
export const AT_REST = {
  state: 'idle', failure: '', why: '', files: 0, filesDone: 0, bytes: 0, total: 0, events: 0, rate: 0, left: null, warning: '', notice: '', checking: null,
};

/** Where the reading stands. */
export const progress = atom(AT_REST);

/** What was found; null while there is nothing. */
export const report = atom(/** @type {Report | null} */ (null));

/** The report, once it also says what is usual for each identity, what sessions called and why those that are no alerts are odd: that comes a moment later. */
export const completed = atom(/** @type {Report | null} */ (null));
// Of another report nothing is held.
report.watch(() => completed.set(null));

/**
 * While files are still being read: a report over what was read so far, its `sessions` cut to the highest; then null again.
 * Its summary counts all that was read. Its numbers (scores, ranks, identities) are not those of the report that follows.
 */
export const provisional = atom(/** @type {Omit<Report, 'sessions'> & { sessions: import('./report.js').Session[] } | null} */ (null));

/** The ID of the session that is looked at; null when there is none. Whatever shows sessions marks it. */
export const chosen = atom(/** @type {string | null} */ (null));

/** The identity that is looked at instead of a session: its place in the report; null while a session is. */
export const person = atom(/** @type {number | null} */ (null));

/**
 * Which list is shown, and in what order.
 * @typedef {{ tab: 'alerts' | 'sessions' | 'identities', sort: import('./filter.js').Sort, down: boolean, group: 'none' | 'identity' | 'incident' }} List
 */

/** @type {List} */
export const ODDEST_FIRST = { tab: 'alerts', sort: 'score', down: true, group: 'none' };

/** Which list is shown, and in what order. */
export const list = atom(ODDEST_FIRST);

/** Which sessions the lists show. A span chosen on a chart stands here. */
export const filter = atom(/** @type {import('./filter.js').Filter} */ (EVERYTHING));

/** How times are shown, everywhere. */
export const zone = atom(/** @type {'utc' | 'local'} */ ('utc'));

/** The settings of what is known to be good, as the text of their file; empty where there are none. They stay when files go. */
export const known = atom('');

/** An address to be entered as known to be good, where the reader has asked for it on a session; null otherwise. */
export const proposed = atom(/** @type {string | null} */ (null));

/** Light or dark, where the reader has said so; otherwise what the system prefers. */
export const theme = atom(/** @type {'system' | 'light' | 'dark'} */ ('system'));

/**
 * A made-up organisation that is looked at as an exercise: which one, what is true about it (labels.csv), the reader's
 * marks by session, and whether the truth is shown.
 * @typedef {{ name: string, seed: number, labels: string, marks: ReadonlyMap<string, 'attack' | 'ordinary'>, revealed: boolean }} Exercise
 */

/** The exercise; null while files of one's own are looked at. */
export const exercise = atom(/** @type {Exercise | null} */ (null));
