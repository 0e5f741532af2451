// The figures at the head of a result.

import { element, refill } from '../element.js';
import { report } from '../state.js';
import { count, counted, date, lasting } from '../words.js';

/** @param {HTMLElement} root */
export function mount(root) {
  report.watch((shown) => {
    if (!shown) return;
    const { summary, import: read } = shown;
    const notRead = read.bad_records + read.problems.length;
    const left = read.skipped.reduce((sum, s) => sum + s.count, 0);
    const severities = [[summary.high, 'high'], [summary.medium, 'medium'], [summary.low, 'low']]
      .filter(([n]) => n)
      .map(([n, word]) => `${n} ${word}`)
      .join(', ');
    /** @type {[string, string, string][]} */
    const figures = [
      ['Events', count(summary.events), counted(read.files_read, 'file')],
      ['Span', lasting(summary.span), `${date(summary.span.from)} to ${date(summary.span.to)}`],
      ['Identities', count(summary.identities), `${count(summary.logins)} logins, ${count(summary.failed_logins)} failed`],
      ['Sessions', count(summary.sessions), summary.labelled ? `${count(summary.labelled)} more named by a rule` : ''],
      ['Alerts', count(summary.alerts), severities],
      ['Not read', count(notRead), left ? `${count(left)} left out on purpose` : ''],
    ];
    refill(root, element('dl', { class: 'figures' }, ...figures.map(([name, figure, note]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, figure, element('small', {}, note))))));
  });
}
