// Where the parts of a file are.

/** How much of a file lies before a part, in units of its last part (`before` in the core's ingest/archive.rs). @param {number} part @param {number} of */
const before = (part, of) => (part * (2 * of + 1 - part)) / 2;

/**
 * About how many of a file's bytes lie in a part of it: each is smaller than the one before. A file that is not parted is one part.
 * @param {number} size @param {number} [part] @param {number} [of]
 */
export const shareOf = (size, part = 0, of = 1) => (size * (of - part)) / before(of, of);

/** Whether each part is a stretch of the file: of an archive. A gzip is read in two halves, each from its beginning on. @param {number} of */
export const apart = (of) => of > 2;

/** The members of a part begin in its stretch; the last may end so far behind it, mostly. */
const OVERHANG = 64 << 10;

/** The bytes of an archive that a part needs, mostly. @param {number} size @param {number} part @param {number} of */
export function stretchOf(size, part, of) {
  const start = (/** @type {number} */ part) => Math.floor((size * before(part, of)) / before(of, of));
  return { from: start(part), to: Math.min(start(part + 1) + OVERHANG, size) };
}

/** No more of a file is fetched at once: a large archive has large parts. */
export const AT_ONCE = 8 << 20;

/** From this size on a file may be an archive, and is read in parts then (`LARGE` in the core's ingest/parts.rs). */
export const LARGE = 8 << 20;

/** Where the list of an archive's members begins, or before, mostly. @param {number} size */
export const endOf = (size) => size - Math.min(4 << 20, Math.ceil(size / 8));

/** What a file is, its first bytes tell. */
export const HEAD = 4 << 10;

/** How much of a large file is wanted at first: no part of an archive is much larger. */
export const BEGINNING = (2 << 20) + OVERHANG;
