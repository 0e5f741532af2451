// Each detector, its job and its weight; and who was seen.

import { element, refill, table } from '../element.js';
import { tieChart } from '../shown-charts.js';
import { report } from '../state.js';
import { count, percent } from '../words.js';

const MOST = 50;

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
    const who = shown.identities
      .map((identity) => ({ ...identity }))
      .sort((a, b) => b.alerts - a.alerts || b.sessions - a.sessions)
      .slice(0, MOST);
    const identities = who.map((i) => [
      element('span', { class: 'mono' }, i.name), i.class, i.usual.slice(0, 4).map((u) => u.name).join(', '), count(i.sessions), count(i.alerts),
    ]);
    refill(root,
      charts,
      element('p', { class: 'fine' }, `Scored ${shown.options.mode}, budget ${percent(shown.options.budget)}, seed ${shown.options.seed}. `, shown.options.geo ? `Networks: ${shown.options.geo}.` : 'Without a table of networks.'),
      table('Detectors and their jobs', ['Detector', 'Job', 'Share of the score'], detectors, [2]),
      element('h3', {}, 'Identities ', element('span', { class: 'hint' }, shown.identities.length > MOST ? `the first ${MOST} of ${count(shown.identities.length)}` : `all ${count(shown.identities.length)}`)),
      element('div', { id: 'identities', class: 'scroll', tabindex: 0 }, table('Identities', ['Who', 'Class', 'Usual', 'Sessions', 'Alerts'], identities, [3, 4])));
  });
}
