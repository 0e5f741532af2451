// How the scores of all sessions are spread, and where the budget draws the line. The line can be dragged.

import { element } from '../element.js';
import { tieChart } from '../shown-charts.js';
import { report } from '../state.js';

/** @param {HTMLElement} root */
export function mount(root) {
  tieChart(root, 'scores', 'report');
  const promise = element('p', { class: 'fine' });
  root.append(promise);
  report.watch((shown) => {
    promise.textContent = shown ? shown.calibration.sentence : '';
  });
}
