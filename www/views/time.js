// Events over time, with the alerts above. A span chosen on it filters the lists.

import { tieChart } from '../shown-charts.js';

/** @param {HTMLElement} root */
export const mount = (root) => tieChart(root, 'timeline', 'report');
