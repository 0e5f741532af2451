// Each detector, its job and its weight; how each ranks the selection, and how its reasons add up.

import { element, refill, table } from '../element.js';
import { tieChart } from '../shown-charts.js';
import { report } from '../state.js';
import { percent } from '../words.js';

/** @param {HTMLElement} root */
export function mount(root) {
  // Both follow the session that is looked at.
  const ranks = element('section', { 'aria-label': 'Detectors side by side' });
  const reasons = element('section', { 'aria-label': 'How the reasons add up' });
  const charts = element('div', { class: 'side-by-side' }, ranks, reasons);
  tieChart(ranks, 'detectors', 'session');
  tieChart(reasons, 'reasons', 'session');
  report.watch((shown) => {
    if (!shown) return;
    const detectors = shown.detectors.map((d) => [d.name, d.job, d.weight > 0 ? percent(d.weight) : 'none']);
    refill(root,
      charts,
      element('p', { class: 'fine' }, `Scored ${shown.options.mode}, budget ${percent(shown.options.budget)}, seed ${shown.options.seed}. `, shown.options.geo ? `Networks: ${shown.options.geo}.` : 'Without a table of networks.'),
      table('Detectors and their jobs', ['Detector', 'Job', 'Share of the score'], detectors, [2]));
  });
}
