// A chart in its section: a line that says how to read it, the canvas, and its twin as a table.

import { element, table, refill } from './element.js';
import { draw } from './charts.js';
import { report, theme } from './state.js';

/** @typedef {import('./report.js').Report} Report */

/**
 * @param {HTMLElement} section
 * @param {{
 *   name: import('./charts.js').ChartName, how: (report: Report) => string, says: (report: Report) => string, height: number,
 *   columns: (report: Report) => object, table: (report: Report) => { head: string[], rows: string[][], numbers: number[] },
 *   below?: (report: Report) => HTMLElement | null,
 * }} chart
 */
export function mountChart(section, chart) {
  const heading = section.querySelector('h2');
  const title = heading?.textContent ?? '';
  const how = element('span', { class: 'hint' });
  const toggle = element('button', { type: 'button', class: 'small', 'aria-pressed': 'false' }, 'As table');
  const canvas = element('canvas', { role: 'img' });
  const box = element('div', { class: 'chart-box' }, canvas);
  const trouble = element('p', { class: 'muted', hidden: true });
  const twin = element('div', { class: 'chart-table', tabindex: 0, hidden: true });
  const below = element('div');
  const words = element('div', { class: 'head' });
  if (heading) words.append(heading);
  words.append(how);
  const head = element('div', { class: 'chart-head' }, words, toggle);
  refill(section, head, box, trouble, twin, below);
  box.style.height = canvas.style.height = `${chart.height}px`;

  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  let drawn = '';
  /** @type {Report | null} */
  let drawnOf = null;
  const redraw = () => {
    const shown = report.get();
    const width = Math.floor(box.clientWidth);
    if (!shown || !shown.summary.events || width === 0) return;
    const dark = theme.get() === 'dark' || (theme.get() === 'system' && prefersDark.matches);
    const key = `${width} ${dark} ${window.devicePixelRatio}`;
    if (key === drawn && shown === drawnOf) return;
    drawn = key;
    drawnOf = shown;
    draw(canvas, chart.name, chart.columns(shown), { width, height: chart.height, dark }).then(
      () => {
        trouble.hidden = true;
        box.style.height = `${chart.height}px`;
      },
      (error) => {
        trouble.textContent = `This chart could not be drawn (${error instanceof Error ? error.message : error}). Its figures stand in the table.`;
        trouble.hidden = false;
        box.style.height = '0';
        canvas.width = canvas.height = 0;
      },
    );
  };

  toggle.addEventListener('click', () => {
    const asTable = twin.hidden;
    twin.hidden = !asTable;
    box.hidden = asTable;
    toggle.setAttribute('aria-pressed', String(asTable));
    toggle.textContent = asTable ? 'As chart' : 'As table';
    fill();
    redraw();
  });
  const fill = () => {
    const shown = report.get();
    if (!shown || twin.hidden) return;
    const { head, rows, numbers } = chart.table(shown);
    twin.replaceChildren(table(title, head, rows, numbers));
  };

  report.watch((shown) => {
    if (!shown) return;
    how.textContent = chart.how(shown);
    canvas.setAttribute('aria-label', `${title}. ${chart.says(shown)} The button “As table” shows the figures.`);
    below.replaceChildren(...[chart.below?.(shown)].filter((e) => e instanceof HTMLElement));
    fill();
    requestAnimationFrame(redraw);
  });
  theme.watch(redraw);
  prefersDark.addEventListener('change', redraw);
  new ResizeObserver(redraw).observe(box);
}
