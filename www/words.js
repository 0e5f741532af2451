// Numbers, times and names as people read them. Every time is UTC.

/** @typedef {import('./report.js').Session} Session */
/** @typedef {import('./report.js').Span} Span */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const whole = new Intl.NumberFormat('en-GB');

/** `1204318` → `1,204,318` @param {number} n */
export const count = (n) => whole.format(n);

/** `(1, 'file')` → `1 file` @param {number} n @param {string} one @param {string} [many] */
export const counted = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return counted(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let n = bytes / 1000;
  let unit = 0;
  for (; n >= 999.95 && unit < units.length - 1; unit++) n /= 1000;
  return `${n.toFixed(n < 100 ? 1 : 0)} ${units[unit]}`;
}

/** @param {number} n @param {number} [width] */
const two = (n, width = 2) => String(n).padStart(width, '0');

/** `22 Mar` @param {number} ms */
export function day(ms) {
  const t = new Date(ms);
  return `${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]}`;
}

/** `22 Mar 2026` @param {number} ms */
export const date = (ms) => `${day(ms)} ${new Date(ms).getUTCFullYear()}`;

/** `03:12` @param {number} ms */
export function clock(ms) {
  const t = new Date(ms);
  return `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}`;
}

/** `03:12:05` @param {number} ms */
export const seconds = (ms) => `${clock(ms)}:${two(new Date(ms).getUTCSeconds())}`;

/** `22 Mar 2026, 03:12–03:51 UTC` @param {Span} span */
export function span(span) {
  const from = `${date(span.from)}, ${clock(span.from)}`;
  if (date(span.from) !== date(span.to)) return `${from} to ${date(span.to)}, ${clock(span.to)} UTC`;
  if (clock(span.from) === clock(span.to)) return `${from} UTC`;
  return `${from}–${clock(span.to)} UTC`;
}

/** How long, in the unit that fits: `30 days`, `7 hours`, `12 minutes`. @param {Span} span */
export function lasting(span) {
  const minutes = Math.round((span.to - span.from) / 60_000);
  if (minutes < 90) return counted(minutes, 'minute');
  if (minutes < 48 * 60) return counted(Math.round(minutes / 60), 'hour');
  return counted(Math.round(minutes / 1440), 'day');
}

/** `0.998`: never rounded up to 1. @param {number} score */
export const score = (score) => (Math.floor(Math.min(score, 1) * 1000) / 1000).toFixed(3);

/** @param {number} n */
export const percent = (n) => `${Number((n * 100).toPrecision(2))} %`;

/** Where from, as far as it is known. @param {Session} session */
export function place(session) {
  const network = [session.network, session.network_kind && `(${session.network_kind})`].filter(Boolean).join(' ');
  return [session.country, network].filter(Boolean).join(', ') || 'not known';
}

/** What an alert's row says: the sentence, or what is strongest, or where from. @param {Session} session */
export const oddness = (session) =>
  session.sentence || session.labels[0]?.sentence || session.reasons[0]?.sentence || `From ${place(session)} with ${session.client || 'a client not named'}`;
