// Where sessions came from, and journeys between.

import { tieChart } from '../shown-charts.js';

/** @param {HTMLElement} root */
export const mount = (root) => tieChart(root, 'world', 'report');
