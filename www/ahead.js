// Bytes of files, fetched before a worker needs them. A browser takes some milliseconds for each piece of a file, however small,
// in which a worker that asks for it stands still; the page's own thread has nothing else to do.

import { apart, AT_ONCE, BEGINNING, endOf, HEAD, LARGE, stretchOf } from './share.js';

/** @typedef {import('./reading.js').Named} Named */
/** @typedef {import('./protocol.js').Stretch} Stretch */

/** No more than this waits to be read. */
const MOST = 16 << 20;

/**
 * Files that go to a worker together, and what of each is fetched. What is not, or cannot be, the worker fetches by itself,
 * and then says why it cannot.
 * @typedef {{ files: Named[], fetched: Promise<Stretch[][]>, size: number }} Share
 */

/** What is to be read next, in order. */
export class Ahead {
  /** @type {Share[]} */
  #shares = [];
  /** Fetched one after the other: what is wanted first is there first. @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** What every part needs of the archive that was begun last. @type {{ of: string, stretches: Stretch[] }} */
  #shared = { of: '', stretches: [] };

  /** How many shares wait. */
  get waiting() {
    return this.#shares.length;
  }

  /** Whether more is worth fetching for so many workers. @param {number} workers */
  wants(workers) {
    return this.#shares.length < workers && this.#shares.reduce((sum, { size }) => sum + size, 0) < MOST;
  }

  /** Fetches what goes to a worker together. @param {Named[]} files */
  add(files) {
    const wanted = files.map(stretches);
    const fetched = this.#last.then(() => Promise.all(files.map(({ file }, at) => fetchAll(file, wanted[at] ?? []))));
    this.#last = fetched;
    const size = wanted.flat().reduce((sum, { from, to }) => sum + to - from, 0);
    this.#shares.push({ files, fetched, size });
  }

  /** What is to be read next. */
  next() {
    return this.#shares.shift();
  }

  /** Keeps what every part of an archive needs: its first bytes and the list of members at its end. @param {Named} one @param {Stretch[]} fetched */
  keep({ name, file }, fetched) {
    const stretches = fetched.map(({ from, bytes }) => ({ from, bytes: bytes.slice(0, from === endOf(file.size) ? bytes.byteLength : HEAD) }));
    this.#shared = { of: name, stretches };
  }

  /** The same once more, for another worker. @param {string} name @returns {Stretch[]} */
  shared(name) {
    const { of, stretches } = this.#shared;
    return of === name ? stretches.map(({ from, bytes }) => ({ from, bytes: bytes.slice(0) })) : [];
  }
}

/** What of a file is worth fetching whole. @param {Named} one @returns {{ from: number, to: number }[]} */
function stretches({ file: { size }, part = 0, of }) {
  if (of !== undefined && apart(of)) {
    const { from, to } = stretchOf(size, part, of);
    return [{ from, to: Math.min(to, from + AT_ONCE) }];
  }
  if (size < LARGE) return [{ from: 0, to: size }];
  // It may be an archive.
  return of === undefined ? [{ from: 0, to: BEGINNING }, { from: endOf(size), to: size }] : [];
}

/** @param {File} file @param {{ from: number, to: number }[]} wanted @returns {Promise<Stretch[]>} */
async function fetchAll(file, wanted) {
  // To cut a piece of a file, Chromium looks on the disk first, and the page's own thread waits.
  const piece = (/** @type {number} */ from, /** @type {number} */ to) => (from === 0 && to === file.size ? file : file.slice(from, to));
  try {
    const fetched = await Promise.all(wanted.map(async ({ from, to }) => ({ from, bytes: await piece(from, to).arrayBuffer() })));
    return fetched.every(({ bytes }, at) => bytes.byteLength === (wanted[at]?.to ?? 0) - (wanted[at]?.from ?? 0)) ? fetched : [];
  } catch {
    return [];
  }
}
