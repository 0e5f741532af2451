// The plane on which alike sessions lie together.

import { mountChart } from '../chart-frame.js';
import { map, mapTable } from '../charts.js';
import { element } from '../element.js';
import { count, counted } from '../words.js';

/** @param {HTMLElement} root */
export function mount(root) {
  mountChart(root, {
    name: 'map',
    height: 280,
    how: () => 'alike sessions lie together; colours are personas, rings stand alone, marks are alerts',
    says: ({ sessions, personas }) => `${counted(sessions.length, 'session')} in ${counted(personas.length, 'persona')}, ${count(sessions.columns.noise.reduce((sum, alone) => sum + alone, 0))} without neighbours.`,
    columns: map,
    table: mapTable,
    below: ({ personas }) => element('ul', { class: 'persona-list', 'aria-label': 'Personas' }, ...personas.map((p) => element('li', {}, `${p.name}: ${count(p.sessions)}`))),
  });
}
