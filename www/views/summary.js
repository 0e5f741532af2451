// The figures at the head of a result.

import { element, refill } from '../element.js';
import { report, zone } from '../state.js';
import { count, counted, date, lasting } from '../words.js';

/** @typedef {import('../report.js').Report} Report */
/** A figure: its name, the number, and what stands below it. @typedef {[string, string, ...(Node | string)[]]} Figure */

/** @param {HTMLElement} root */
export function mount(root) {
  const show = () => {
    const shown = report.get();
    if (!shown) return;
    refill(root, element('dl', { class: 'figures' }, ...figures(shown).map(([name, figure, ...notes]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, figure, ...notes.filter((note) => note !== '').map((note) => element('small', {}, note)))))));
  };
  report.watch(show);
  zone.watch(show);
}

/** @param {Report} report @returns {Figure[]} */
function figures({ summary, import: read, calibration }) {
  const notRead = read.bad_records + read.problems.length;
  const left = read.skipped.reduce((sum, s) => sum + s.count, 0);
  const severities = [[summary.high, 'high'], [summary.medium, 'medium'], [summary.low, 'low']]
    .filter(([n]) => n)
    .map(([n, word]) => `${count(Number(n))} ${word}`)
    .join(', ');
  const promise = calibration.promised ? `up to ${count(Math.ceil(calibration.expected_false))} by chance` : 'too few sessions to be sure';
  return [
    ['Events', count(summary.events), counted(read.files_read, 'file')],
    ['Span', lasting(summary.span), `${date(summary.span.from)} to ${date(summary.span.to)}`],
    ['Identities', count(summary.identities), `${counted(summary.logins, 'login')}, ${count(summary.failed_logins)} failed`],
    ['Sessions', count(summary.sessions), summary.labelled ? `${count(summary.labelled)} more named by a rule` : '', summary.excused ? `${count(summary.excused)} known to be good` : ''],
    ['Alerts', count(summary.alerts), severities, promise],
    ['Not read', count(notRead), element('a', { href: '#import' }, notRead ? 'what and why' : 'what was read'), left ? `${count(left)} left out on purpose` : ''],
  ];
}
