// The report as the page reads it: the shape of the core's `report.rs`, field by field, but for the sessions, which
// come as columns, and for what only charts show. Times are milliseconds since 1970 UTC.

import { NO_TEXTS, Sessions } from './sessions.js';

/** @typedef {{ name: string, count: number }} Count */
/** @typedef {{ from: number, to: number }} Span */
/** @typedef {{ file: string, offset: number, line: number, reason: string }} Skipped */
/** @typedef {'none' | 'low' | 'medium' | 'high'} Severity */
/** @typedef {{ rule: string, technique: string, severity: Severity, sentence: string }} Label */
/** @typedef {{ group: string, bits: number, sentence: string, seen: string, usual: string }} Reason */
/** @typedef {{ name: string, count: number, errors: number, usual: string }} Call */
/** @typedef {{ name: string, days: number, count: number, errors: number, usual: string }} UsualCall */
/** @typedef {{ list: string, what: string, note: string, expires: string, sessions: number, excused: number }} Known */
/** @typedef {[number, number, number, number]} Place */
/**
 * @typedef {{ time: number, call: string, error: string, target: string, id: string, region: string, place: Place }} EventLine
 */
/**
 * A session in full, as the core tells it when it is asked for.
 * @typedef {{
 *   id: string, identity: number, span: Span, score: number, p: number, alert: boolean, severity: Severity,
 *   address: string, country: string, network: string, network_kind: string, client: string, method: string, mfa: string,
 *   events: number, errors: number, persona: number, noise: boolean, x: number, y: number, detectors: number[],
 *   labels: Label[], sentence: string, reasons: Reason[], nearest: number | null, calls: Call[], listed: EventLine[],
 *   came_of: string[], incident: number | null, known: number | null, excused: boolean,
 * }} Session
 */
/**
 * @typedef {{
 *   name: string, class: string, account: string, seen: Span, sessions: number, events: number, alerts: number, usual: Count[],
 *   countries: Count[], networks: Count[], clients: Count[], hours: number[], calls: UsualCall[], distinct_calls: number,
 * }} Identity
 */
/**
 * @typedef {{
 *   time: string, source: string, kind: string, title: string, severity: string, account: string, user: string, key: string,
 *   address: string, id: string, place: number[],
 * }} Finding
 */
/**
 * @typedef {{
 *   files: number, files_read: number, events: number, duplicates: number, bad_records: number, first_bad: Skipped[],
 *   skipped: Count[], problems: Skipped[], formats: Count[], gaps: Span[], missing: { field: string, hides: string }[],
 *   insights: Count[], findings: Finding[], integrity?: Integrity,
 * }} Import
 */
/**
 * Log files set against the digests that name them.
 * @typedef {{
 *   digests: number, altered_digests: string[], named: number, compared: boolean, intact: number,
 *   altered: number, altered_files: string[], missing: number, missing_files: string[], incomparable: number,
 *   unnamed: number, unnamed_files: string[], gaps: { chain: string, span: Span }[], sentence: string,
 * }} Integrity
 */
/**
 * @typedef {{
 *   version: string,
 *   options: { budget: number, seed: number, mode: string, geo: string },
 *   import: Import,
 *   summary: {
 *     events: number, span: Span, identities: number, sessions: number, logins: number, failed_logins: number,
 *     alerts: number, high: number, medium: number, low: number, labelled: number, excused: number,
 *   },
 *   calibration: { threshold: number, budget: number, expected_false: number, bulk: number, promised: boolean, sentence: string },
 *   detectors: { name: string, job: string, weight: number }[],
 *   identities: Identity[],
 *   sessions: Sessions,
 *   incidents: { name: string, severity: Severity, span: Span, sessions: number[], story: string[] }[],
 *   known: Known[],
 * }} Report
 */

/** @typedef {{ rank: number, after: boolean, how: string }} Chained */
/** @typedef {{ session: Session, chained: Chained[] }} SessionCloseup */
/**
 * Events of a session as columns; `place` has four numbers a row.
 * @typedef {{
 *   time: Float64Array, call: import('./sessions.js').Text, error: import('./sessions.js').Text, target: import('./sessions.js').Text,
 *   id: import('./sessions.js').Text, region: import('./sessions.js').Text, place: Float64Array,
 * }} Events
 */

const KNOWN = 'oddtrail-report/1';

/**
 * @param {string} head the report as JSON, without its sessions, what the classic detectors say, and what is usual for its identities
 * @param {Omit<import('./sessions.js').Columns, 'calls'>} columns its sessions
 * @returns {Report}
 */
export function parseReport(head, columns) {
  const report = JSON.parse(head);
  if (report.version !== KNOWN) throw new Error(`the report is “${report.version}”, this page reads “${KNOWN}”`);
  return { ...report, sessions: new Sessions({ ...columns, calls: NO_TEXTS }) };
}

/** Puts in what comes after the ranking. @param {Report} report @param {string} identities as JSON @param {import('./sessions.js').Completed} columns */
export function completeReport(report, identities, columns) {
  Object.assign(report.identities, JSON.parse(identities));
  Object.assign(report.sessions.columns, columns);
}
