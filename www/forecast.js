// What can be foreseen while files are read: how long it will take, and whether what they hold will fit.

/** What the scoring worker needs for an event at its peak, in bytes; measured by `cargo xtask bench`. */
const EVENT_BYTES = 250;

/** What one instance of the core can hold, in bytes: WebAssembly's 4 GiB, less what it needs to move things. */
const ROOM = 3.2e9;

/** Of a machine's memory a page may count on so much; the browser says how many GiB it has, 8 at most. */
const PART = 0.6;

/** How far a reading must be before anything is foreseen: this share of the bytes, or so many of them. */
const ENOUGH = { share: 1 / 50, bytes: 64e6 };

/** What can be done where memory does not suffice. */
export const INSTEAD = 'Read fewer days, leave out files of data events, or use the terminal: oddtrail analyze.';

/** How many events a page has room for. @param {number} [gibibytes] the machine's memory, as the browser tells it */
export const roomFor = (gibibytes = 8) => Math.min(ROOM, gibibytes * PART * 2 ** 30) / EVENT_BYTES;

/** @param {number} bytes @param {number} total */
const tooEarly = (bytes, total) => bytes < total * ENOUGH.share && bytes < ENOUGH.bytes;

/**
 * What will not fit, said before it happens; empty where all will, or too little is read to tell.
 * @param {{ bytes: number, total: number, events: number }} read @param {number} [gibibytes]
 */
export function foreseen({ bytes, total, events }, gibibytes) {
  if (tooEarly(bytes, total)) return '';
  const all = (events * total) / Math.max(bytes, 1);
  const room = roomFor(gibibytes);
  if (all < room) return '';
  const millions = (/** @type {number} */ n) => `${Number((n / 1e6).toPrecision(2))} million`;
  return `These files hold about ${millions(all)} events, and this page has room for about ${millions(room)}: it is likely to run out of memory. ${INSTEAD}`;
}

/**
 * Milliseconds until all is read, at the speed so far.
 * @param {{ bytes: number, total: number, passed: number }} read `passed`: milliseconds since the reading began
 */
export const remaining = ({ bytes, total, passed }) => (passed * Math.max(total - bytes, 0)) / Math.max(bytes, 1);

/**
 * The same for people; null while it is too early to say.
 * @param {{ bytes: number, total: number, passed: number }} read
 */
export const timeLeft = (read) => (read.bytes <= 0 || read.passed < 500 || tooEarly(read.bytes, read.total) ? null : remaining(read));
