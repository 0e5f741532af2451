// Numbers, times and names as people read them. Times are in UTC, or local where the reader has said so.

/** @typedef {import('./sessions.js').Row} Row */
/** @typedef {import('./report.js').Span} Span */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const whole = new Intl.NumberFormat('en-GB');
const regions = new Intl.DisplayNames('en-GB', { type: 'region', fallback: 'code' });

let local = false;

/** Whether times are shown as this browser's clock has them. @param {'utc' | 'local'} zone */
export function showTimesIn(zone) {
  local = zone === 'local';
}

/** A time whose UTC getters give what is to be shown. @param {number} ms */
const shown = (ms) => new Date(local ? ms - new Date(ms).getTimezoneOffset() * 60_000 : ms);

/** `UTC`, or how far the local clock is from it then: `UTC+2`, `UTC−3:30`. @param {number} ms @param {boolean} [here] */
export function zone(ms, here = local) {
  const minutes = here ? -new Date(ms).getTimezoneOffset() : 0;
  if (minutes === 0) return 'UTC';
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${two(rest)}` : ''}`;
}

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
  const t = shown(ms);
  return `${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]}`;
}

/** `22 Mar 2026` @param {number} ms */
export const date = (ms) => `${day(ms)} ${shown(ms).getUTCFullYear()}`;

/** `03:12` @param {number} ms */
export function clock(ms) {
  const t = shown(ms);
  return `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}`;
}

/** `03:12:05` @param {number} ms */
export const seconds = (ms) => `${clock(ms)}:${two(shown(ms).getUTCSeconds())}`;

/** `22 Mar 2026, 03:12–03:51 UTC` @param {Span} span */
export function span(span) {
  const from = `${date(span.from)}, ${clock(span.from)}`;
  const here = zone(span.to);
  if (date(span.from) !== date(span.to)) return `${from} to ${date(span.to)}, ${clock(span.to)} ${here}`;
  if (clock(span.from) === clock(span.to)) return `${from} ${here}`;
  return `${from}–${clock(span.to)} ${here}`;
}

/** A moment in UTC and in local time, for a tooltip. @param {number} ms */
export function moment(ms) {
  const before = local;
  local = false;
  const utc = `${date(ms)}, ${seconds(ms)} UTC`;
  local = true;
  const here = `${date(ms)}, ${seconds(ms)} ${zone(ms)}`;
  local = before;
  return utc === here ? utc : `${utc} · ${here}`;
}

/** What a field for a time holds (`2026-03-22T03:12`), in the time that is shown. @param {number} ms */
export const fieldTime = (ms) => shown(ms).toISOString().slice(0, 16);

/** The time that such a field holds; null where it holds none. @param {string} text */
export function timeOfField(text) {
  const ms = Date.parse(local ? text : `${text}Z`);
  return text === '' || Number.isNaN(ms) ? null : ms;
}

/**
 * The clock that is shown, for what is made elsewhere: its name, and from when on how many minutes are added to UTC.
 * @param {Span} span
 * @returns {{ name: string, offsets: [number, number][] }}
 */
export function clockOver({ from, to }) {
  if (!local) return { name: '', offsets: [] };
  const minutes = (/** @type {number} */ ms) => -new Date(ms).getTimezoneOffset();
  /** @type {[number, number][]} */
  const offsets = [[from, minutes(from)]];
  const DAY = 86_400_000;
  // Clocks change on whole minutes; the day on which one does is halved until the minute is found. Wrong clocks in a
  // file may span centuries: after fifty years the rest follows the last.
  for (let at = from; at < Math.min(to, from + 50 * 366 * DAY); at += DAY) {
    if (minutes(at) === minutes(at + DAY)) continue;
    let [low, high] = [at, at + DAY];
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 2 / 60_000) * 60_000;
      if (minutes(middle) === minutes(low)) low = middle;
      else high = middle;
    }
    offsets.push([high, minutes(high)]);
  }
  return { name: Intl.DateTimeFormat().resolvedOptions().timeZone || zone(to), offsets };
}

/** How long, in the unit that fits: `30 days`, `7 hours`, `12 minutes`. @param {Span} span */
export function lasting(span) {
  const minutes = Math.round((span.to - span.from) / 60_000);
  if (minutes < 90) return counted(minutes, 'minute');
  if (minutes < 48 * 60) return counted(Math.round(minutes / 60), 'hour');
  return counted(Math.round(minutes / 1440), 'day');
}

/** How long, roughly: `5 seconds`, `3 minutes`. @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 90) return counted(seconds < 10 ? seconds : Math.round(seconds / 5) * 5, 'second');
  return counted(Math.round(seconds / 60), 'minute');
}

/** `0.998`: never rounded up to 1. @param {number} score */
export const score = (score) => (Math.floor(Math.min(score, 1) * 1000) / 1000).toFixed(3);

/** @param {number} n */
export const percent = (n) => `${Number((n * 100).toPrecision(2))} %`;

/** `NG` → `Nigeria`. @param {string} code */
export function country(code) {
  return /^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code;
}

/** Where from, as far as it is known. @param {{ country: string, network: string, network_kind: string }} session */
export function place(session) {
  const network = [session.network, session.network_kind && `(${session.network_kind})`].filter(Boolean).join(' ');
  return [country(session.country), network].filter(Boolean).join(', ') || 'a place not known';
}

/** What a row says: the sentence, or where from and with what. @param {Row} session */
export const oddness = (session) => session.sentence || `From ${place(session)} with ${session.client || 'a client not named'}`;
