// Events over time, with the alerts above.

import { mountChart } from '../chart-frame.js';
import { timeline, timelineTable } from '../charts.js';
import { counted, span } from '../words.js';

/** @param {HTMLElement} root */
export function mount(root) {
  mountChart(root, {
    name: 'timeline',
    height: root.clientWidth < 600 ? 180 : 200,
    how: ({ timeline }) => `per ${timeline.width >= 86_400_000 ? 'day' : 'hour'}, by class of identity; marks above are alerts; UTC`,
    says: ({ summary }) => `${counted(summary.events, 'event')}, ${span(summary.span)}, ${counted(summary.alerts, 'alert')}.`,
    columns: timeline,
    table: timelineTable,
  });
}
