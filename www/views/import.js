// What was read and what was not: formats, what was left out and why, the first bad records, gaps, what files do not say.

import { element, refill } from '../element.js';
import { report, zone } from '../state.js';
import { count, counted, lasting, span } from '../words.js';

/** @typedef {import('../element.js').Child} Child */

/** So many files with problems are listed; the rest is counted. */
const MOST = 100;

/** @param {HTMLElement} root */
export function mount(root) {
  const show = () => {
    const shown = report.get();
    if (shown) fill(root, shown);
  };
  report.watch(show);
  zone.watch(show);
}

/** @param {HTMLElement} root @param {import('../report.js').Report} shown */
function fill(root, shown) {
  const read = shown.import;
  const wrong = read.problems.length;
  /** @type {[string, Child[][]][]} */
  const parts = [
    ['Formats', read.formats.map((f) => [`${f.name}: ${counted(f.count, 'file')}`])],
    ['Left out on purpose', read.skipped.map((s) => [`${s.name}: ${count(s.count)}`])],
    ['Counted once', read.duplicates ? [[`${counted(read.duplicates, 'event')} met more than once`]] : []],
    ['Files with problems', some(read.problems.map((p) => [where(p), p.reason]), wrong)],
    ['Bad records', some(read.first_bad.map((b) => [where(b), b.reason]), read.bad_records)],
    ['Gaps', read.gaps.map((g) => [`${span(g)}: no event for ${lasting(g)}`])],
    ['CloudTrail Insights', read.insights.map((i) => [`${i.name}: ${count(i.count)}`])],
    ['Findings of GuardDuty and Security Hub', read.findings.map((f) => [[f.time, f.kind, f.severity ? `severity ${f.severity}` : '', f.user || f.key, f.address, f.title].filter(Boolean).join(' · ')])],
    ['Log files by their digests', read.integrity ? digested(read.integrity) : []],
    ['What these files do not say', read.missing.map((m) => [element('code', {}, m.field), `: ${m.hides}`])],
    ['Known to be good', shown.known.map((k) => [element('span', { class: 'mono' }, k.what), k.note && ` (${k.note})`, `: ${counted(k.sessions, 'session')}, ${count(k.excused)} of them no alert because of it`, k.expires && `, until ${k.expires}`])],
  ];
  const facts = [
    `${count(read.files_read)} of ${counted(read.files, 'file')}`,
    wrong ? counted(wrong, 'file with problems', 'files with problems') : '',
    read.bad_records ? counted(read.bad_records, 'bad record') : 'no bad records',
    read.integrity?.altered ? counted(read.integrity.altered, 'log file altered', 'log files altered') : '',
    read.integrity?.missing ? counted(read.integrity.missing, 'log file missing', 'log files missing') : '',
    read.gaps.length ? counted(read.gaps.length, 'gap') : 'no gap of six hours',
    read.missing.length ? counted(read.missing.length, 'thing not said', 'things not said') : '',
    shown.known.length ? counted(shown.known.length, 'entry known to be good', 'entries known to be good') : '',
  ].filter(Boolean);
  const open = root.querySelector('details')?.open ?? false;
  refill(root, element('details', { open: open || wrong > 0 || read.bad_records > 0 || (read.integrity?.altered ?? 0) > 0 },
    element('summary', {}, 'What was read', element('span', { class: 'hint' }, facts.join(' · '))),
    element('dl', {}, ...parts.filter(([, rows]) => rows.length).flatMap(([name, rows]) => [
      element('dt', {}, name),
      element('dd', {}, element('ul', {}, ...rows.map((row) => element('li', {}, ...row)))),
    ]))));
}

/** What digests say of log files. @param {import('../report.js').Integrity} said @returns {Child[][]} */
function digested(said) {
  /** @param {string} what @param {string[]} names @param {number} all @returns {Child[][]} */
  const named = (what, names, all) => some(names.map((name) => [`${what}: `, element('span', { class: 'where' }, name)]), all);
  return [
    [said.sentence],
    ...named('Altered', said.altered_files, said.altered_files.length),
    ...named('Missing', said.missing_files, said.missing),
    ...named('Altered digest', said.altered_digests, said.altered_digests.length),
    ...named('Named by no digest', said.unnamed_files, said.unnamed),
    ...said.gaps.map((gap) => [`No digest of ${gap.chain}: ${span(gap.span)}, ${lasting(gap.span)}`]),
  ];
}

/** The first rows, and how many there are if those are not all. @param {Child[][]} rows @param {number} all @returns {Child[][]} */
function some(rows, all) {
  const first = rows.slice(0, MOST);
  return all > first.length ? [...first, [element('span', { class: 'fine' }, `the first ${first.length} of ${count(all)}`)]] : first;
}

/** @param {import('../report.js').Skipped} skipped */
function where({ file, line, offset }) {
  const place = [line ? `line ${count(line)}` : '', offset ? `byte ${count(offset)}` : ''].filter(Boolean).join(', ');
  return element('span', { class: 'where' }, file, place ? `, ${place}` : '', ': ');
}
