// How the scores of all sessions are spread, and where the budget draws the line.

import { mountChart } from '../chart-frame.js';
import { budgetWords, scores, scoresTable } from '../charts.js';
import { element } from '../element.js';
import { counted } from '../words.js';

/** @param {HTMLElement} root */
export function mount(root) {
  mountChart(root, {
    name: 'scores',
    height: 280,
    how: () => 'sessions by score, odd to the right; the line is the threshold',
    says: (report) => `${counted(report.summary.sessions, 'session')}, ${budgetWords(report)}, ${counted(report.summary.alerts, 'alert')}.`,
    columns: scores,
    table: scoresTable,
    below: ({ calibration }) => element('p', { class: 'fine' }, calibration.sentence),
  });
}
