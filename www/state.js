// What the page knows: a few atoms. What can be computed from another atom is computed, not kept.

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
 * Where the reading stands. `bytes` and `total` count the files' bytes as they lie on the disk.
 * @typedef {{
 *   state: 'idle' | 'reading' | 'scoring' | 'done' | 'failed' | 'cancelled',
 *   why: string, files: number, filesDone: number, bytes: number, total: number, events: number,
 * }} Progress
 */

/** @type {Progress} */
export const AT_REST = { state: 'idle', why: '', files: 0, filesDone: 0, bytes: 0, total: 0, events: 0 };

/** Where the reading stands. */
export const progress = atom(AT_REST);

/** The report as the core wrote it, byte for byte what the terminal prints; null while there is none. */
export const reportText = atom(/** @type {string | null} */ (null));

/** The same report, parsed; null while there is none. */
export const report = atom(/** @type {Report | null} */ (null));

/** The ID of the session that is looked at; null when there is none. */
export const chosen = atom(/** @type {string | null} */ (null));

/** Light or dark, where the reader has said so; otherwise what the system prefers. */
export const theme = atom(/** @type {'system' | 'light' | 'dark'} */ ('system'));
