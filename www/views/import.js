// What was read and what was not: formats, what was left out and why, the first bad records, gaps, what files do not say.

import { element, refill } from '../element.js';
import { report } from '../state.js';
import { count, counted, lasting, span } from '../words.js';

/** @typedef {import('../element.js').Child} Child */

/** @param {HTMLElement} root */
export function mount(root) {
  report.watch((shown) => {
    const read = shown?.import;
    if (!read) return;
    const wrong = read.problems.length;
    /** @type {[string, Child[][]][]} */
    const parts = [
      ['Formats', read.formats.map((f) => [`${f.name}: ${counted(f.count, 'file')}`])],
      ['Left out on purpose', read.skipped.map((s) => [`${s.name}: ${count(s.count)}`])],
      ['Counted once', read.duplicates ? [[`${counted(read.duplicates, 'event')} met more than once`]] : []],
      ['Files with problems', read.problems.map((p) => [where(p), p.reason])],
      ['Bad records', read.first_bad.map((b) => [where(b), b.reason])],
      ['Gaps', read.gaps.map((g) => [`${span(g)}: no event for ${lasting(g)}`])],
      ['CloudTrail Insights', read.insights.map((i) => [`${i.name}: ${count(i.count)}`])],
      ['Findings of GuardDuty and Security Hub', read.findings.map((f) => [[f.time, f.kind, f.severity ? `severity ${f.severity}` : '', f.user || f.key, f.address, f.title].filter(Boolean).join(' · ')])],
      ['What these files do not say', read.missing.map((m) => [element('code', {}, m.field), `: ${m.hides}`])],
    ];
    const facts = [
      `${count(read.files_read)} of ${counted(read.files, 'file')}`,
      wrong ? counted(wrong, 'file with problems', 'files with problems') : '',
      read.bad_records ? counted(read.bad_records, 'bad record') : 'no bad records',
      read.gaps.length ? counted(read.gaps.length, 'gap') : '',
      read.missing.length ? counted(read.missing.length, 'thing not said', 'things not said') : '',
    ].filter(Boolean);
    const more = read.bad_records > read.first_bad.length ? element('p', { class: 'fine' }, `The first ${read.first_bad.length} of ${counted(read.bad_records, 'bad record')} are shown.`) : null;
    refill(root, element('details', { open: wrong > 0 || read.bad_records > 0 },
      element('summary', {}, 'What was read', element('span', { class: 'hint' }, facts.join(' · '))),
      element('dl', {}, ...parts.filter(([, rows]) => rows.length).flatMap(([name, rows]) => [
        element('dt', {}, name),
        element('dd', {}, element('ul', {}, ...rows.map((row) => element('li', {}, ...row)))),
      ])),
      more));
  });
}

/** @param {import('../report.js').Skipped} skipped */
function where({ file, line, offset }) {
  const place = [line ? `line ${count(line)}` : '', offset ? `byte ${count(offset)}` : ''].filter(Boolean).join(', ');
  return element('span', { class: 'where' }, file, place ? `, ${place}` : '', ': ');
}
