// How large the parts of an archive are.

/**
 * About how many of an archive's bytes lie in a part of it: each is smaller than the one before (`before` in the core's
 * ingest/container.rs). A file that is not parted is one part.
 * @param {number} size @param {number} [part] @param {number} [of]
 */
export const shareOf = (size, part = 0, of = 1) => (size * 2 * (of - part)) / (of * (of + 1));
