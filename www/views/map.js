// The plane on which alike sessions lie together.

import { tieChart } from '../shown-charts.js';

/** @param {HTMLElement} root */
export const mount = (root) => tieChart(root, 'map', 'report');
