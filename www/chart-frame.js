// A chart in its section: title, how to read it, the canvas, its twin as a table, and pictures to take away.
// It knows nothing of the page's state: whoever mounts it shows it columns and hears what was selected on it.

import { CAPTION, UTC, axis, draw, hit, how, openChart, rows, svg } from './charts.js';
import { download } from './download.js';
import { element, refill, table } from './element.js';
import { shareAtScore } from './engine.js';

/** @typedef {import('./charts.js').ChartName} ChartName */
/** @typedef {import('./charts.js').Style} Style */
/** @typedef {import('./charts.js').Zone} Zone */
/** @typedef {import('./charts.js').Hit} Hit */
/** @typedef {Awaited<ReturnType<typeof openChart>>} ChartView */

/**
 * What the reader does on a chart. A span is two times in milliseconds since 1970 UTC, or null for all of it; a budget is
 * told while the line is dragged, and `done` when it is let go.
 * @typedef {{
 *   onSelect?: (rank: number) => void,
 *   onBrush?: (span: { from: number, to: number } | null) => void,
 *   onBudget?: (tried: { threshold: number, budget: number, done: boolean }) => void,
 * }} Hears
 */
/** What may change while the columns stay. @typedef {{ selected?: number | null, brush?: { from: number, to: number } | null, zone?: Zone, dark?: boolean | null }} Shown */

/** Rows of a table at once: enough to read, few enough to stay quick. All of them are in what is copied. */
const MOST_ROWS = 500;
/** Shorter drags are clicks, CSS pixels. */
const CLICK = 4;
let frames = 0;

/**
 * Mounts a chart of that name in a section. The heading of the section stays, or the chart's title becomes one.
 * @param {HTMLElement} root
 * @param {ChartName} name
 * @param {Hears} [hears]
 */
export function mountChart(root, name, hears = {}) {
  const id = `chart-${name}-${++frames}`;
  const heading = root.querySelector('h2, h3') ?? element('h3', { id: `${id}-title` });
  const hint = element('span', { class: 'hint', id: `${id}-how` });
  const toggle = element('button', { type: 'button', class: 'small', 'aria-pressed': 'false' }, 'As table');
  const menu = element('span', { class: 'chart-take' },
    element('button', { type: 'button', class: 'small', title: 'Save as a picture of pixels' }, 'PNG'),
    element('button', { type: 'button', class: 'small', title: 'Save as a drawing' }, 'SVG'));
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const lit = element('div', { class: 'chart-lit', hidden: true });
  const tip = element('div', { class: 'chart-tip', hidden: true });
  const box = element('div', { class: 'chart-box', tabindex: 0, role: 'application', 'aria-roledescription': 'chart' }, canvas, lit);
  const said = element('p', { class: 'sr', role: 'status' });
  const trouble = element('p', { class: 'muted', hidden: true });
  const twin = element('div', { class: 'chart-table', tabindex: 0, role: 'region', hidden: true });
  const area = element('div', { class: 'chart-area' }, box, tip);
  refill(root,
    element('div', { class: 'chart-head' }, element('div', { class: 'head' }, heading, hint), element('span', { class: 'chart-buttons' }, toggle, menu)),
    area, said, trouble, twin);

  /** @type {ChartView | null} */
  let chart = null;
  /** What was asked for last; an answer that is late is dropped. */
  let asked = 0;
  /** @type {{ selected: number | null, brush: { from: number, to: number } | null, zone: Zone, dark: boolean | null }} */
  const shown = { selected: null, brush: null, zone: UTC, dark: null };
  /** @type {number | null} */
  let tried = null;
  /** The hit the keyboard stands on. */
  let at = -1;
  let frame = 0;
  /** Whether the chart that is shown was drawn. */
  let drawn = false;

  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => shown.dark ?? prefersDark.matches;

  /** @returns {Style} */
  const style = () => {
    const width = Math.max(1, Math.floor(area.clientWidth));
    return {
      width,
      height: chart?.height(width) ?? 0,
      ratio: Math.min(Math.max(window.devicePixelRatio || 1, 1), 4),
      dark: isDark(),
      selected: shown.selected,
      brush: shown.brush ? [shown.brush.from, shown.brush.to] : null,
      threshold: tried,
      zone: shown.zone,
      caption: false,
    };
  };

  const redraw = () => {
    frame = 0;
    if (!chart || box.hidden || area.clientWidth === 0) return;
    const now = style();
    box.style.height = canvas.style.height = `${now.height}px`;
    canvas.style.width = `${now.width}px`;
    try {
      draw(chart, canvas, now);
      drawn = true;
      trouble.hidden = true;
    } catch (error) {
      trouble.textContent = `This chart could not be drawn (${error instanceof Error ? error.message : error}). Its figures stand in the table.`;
      trouble.hidden = false;
    }
    place();
  };
  const soon = () => {
    stale = false;
    frame ||= requestAnimationFrame(redraw);
  };
  // A chart that was drawn and is out of sight waits with what changed on it until it is looked at.
  let inSight = true;
  let stale = false;
  const whenSeen = () => {
    if (inSight || !drawn) soon();
    else stale = true;
  };
  new IntersectionObserver(([entry]) => {
    inSight = entry?.isIntersecting ?? true;
    if (inSight && stale) soon();
  }, { rootMargin: '200px' }).observe(area);

  // The line of the budget can be taken with the keyboard as well: it is a slider that lies on the canvas.
  const line = hears.onBudget ? element('div', { class: 'chart-line', role: 'slider', tabindex: 0, 'aria-label': 'Budget: the score from which sessions are alerts', 'aria-valuemin': 0, 'aria-valuemax': 1 }) : null;
  if (line) box.append(line);
  let threshold = 1;
  const place = () => {
    const scale = chart && line ? axis(chart) : null;
    if (!line || !scale) return;
    const score = tried ?? threshold;
    line.style.left = `${scale.left + ((score - scale.from) / (scale.to - scale.from)) * (scale.right - scale.left) - 8}px`;
    line.setAttribute('aria-valuenow', score.toFixed(3));
    line.setAttribute('aria-valuetext', `score ${score.toFixed(3)}, budget ${Number((shareAtScore(score) * 100).toPrecision(2))} %`);
  };
  /** @param {number} score @param {boolean} done */
  const tryBudget = (score, done) => {
    tried = Math.min(Math.max(score, 0.01), 0.99);
    hears.onBudget?.({ threshold: tried, budget: shareAtScore(tried), done });
    soon();
  };
  line?.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -0.005, ArrowDown: -0.005, ArrowRight: 0.005, ArrowUp: 0.005, PageDown: -0.05, PageUp: 0.05 }[event.key];
    if (step) tryBudget((tried ?? threshold) + step, false);
    else if (event.key === 'Enter' && tried !== null) tryBudget(tried, true);
    else if (event.key === 'Escape' && tried !== null) {
      tried = null;
      hears.onBudget?.({ threshold, budget: shareAtScore(threshold), done: false });
      soon();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /** @param {PointerEvent | MouseEvent} event */
  const where = (event) => {
    const bounds = box.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };
  /** @param {Hit | null} found */
  const light = (found) => {
    lit.hidden = tip.hidden = !found;
    if (!found) return;
    lit.style.cssText = '';
    Object.assign(lit.style, { left: `${found.x}px`, top: `${found.y}px`, width: `${Math.max(found.w, 2)}px`, height: `${Math.max(found.h, 2)}px` });
    tip.textContent = found.text;
    const middle = found.x + found.w / 2;
    const wide = Math.min(tip.offsetWidth, area.clientWidth);
    tip.style.left = `${Math.min(Math.max(middle - wide / 2, 0), Math.max(0, area.clientWidth - wide))}px`;
    const above = found.y - tip.offsetHeight - 6;
    tip.style.top = `${above >= -30 ? above : found.y + found.h + 6}px`;
  };

  /** @type {{ from: number, moved: boolean } | null} */
  let drag = null;
  const draggable = () => (chart && (hears.onBrush || hears.onBudget) ? axis(chart) : null);
  /** @param {number} x @param {import('./charts.js').Axis} scale */
  const value = (x, scale) => scale.from + Math.min(Math.max((x - scale.left) / (scale.right - scale.left), 0), 1) * (scale.to - scale.from);

  box.addEventListener('pointerdown', (event) => {
    const scale = draggable();
    if (event.button !== 0 || !scale) return;
    const { x } = where(event);
    // On the scores only the line is dragged; elsewhere a press may be a click on a bar.
    if (hears.onBudget && !(event.target === line)) return;
    drag = { from: x, moved: false };
    box.setPointerCapture(event.pointerId);
    if (hears.onBudget) event.preventDefault();
  });
  box.addEventListener('pointermove', (event) => {
    if (!chart) return;
    const { x, y } = where(event);
    const scale = drag ? draggable() : null;
    if (drag && scale) {
      drag.moved ||= Math.abs(x - drag.from) >= CLICK;
      if (!drag.moved) return;
      light(null);
      if (hears.onBudget) tryBudget(value(x, scale), false);
      else {
        const [a, b] = [value(drag.from, scale), value(x, scale)];
        shown.brush = { from: Math.min(a, b), to: Math.max(a, b) };
        soon();
      }
      return;
    }
    const found = chart.hitAt(x, y);
    at = found ?? -1;
    const over = found === undefined ? null : hit(chart, found);
    box.style.cursor = over?.rank !== null && over && hears.onSelect ? 'pointer' : scale || draggable() && hears.onBrush ? 'crosshair' : 'default';
    light(over);
  });
  box.addEventListener('pointerup', (event) => {
    const ended = drag;
    drag = null;
    if (!chart) return;
    if (ended?.moved) {
      if (hears.onBudget && tried !== null) tryBudget(tried, true);
      else if (hears.onBrush) hears.onBrush(shown.brush);
      return;
    }
    const { x, y } = where(event);
    const found = chart.hitAt(x, y);
    const over = found === undefined ? null : hit(chart, found);
    if (over && over.rank !== null && hears.onSelect) hears.onSelect(over.rank);
    else if (shown.brush && hears.onBrush) clear();
  });
  box.addEventListener('pointercancel', () => (drag = null));
  box.addEventListener('pointerleave', () => light(null));
  box.addEventListener('blur', () => light(null));
  const clear = () => {
    shown.brush = null;
    hears.onBrush?.(null);
    soon();
  };

  box.addEventListener('keydown', (event) => {
    if (!chart || event.target !== box || event.ctrlKey || event.altKey || event.metaKey) return;
    const { hits } = chart;
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -hits, End: hits };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    const here = hit(chart, at);
    if (step !== undefined && hits > 0) {
      at = Math.min(Math.max(at + step, 0), hits - 1);
      const found = hit(chart, at);
      light(found);
      said.textContent = found ? `${found.text}. ${at + 1} of ${hits}.` : '';
    } else if ((event.key === 'Enter' || event.key === ' ') && here && here.rank !== null && hears.onSelect) hears.onSelect(here.rank);
    else if ((event.key === 'Enter' || event.key === ' ') && here && hears.onBrush && draggable()) {
      // A bar of the timeline is a span.
      const scale = draggable();
      if (scale) {
        shown.brush = { from: value(here.x, scale), to: value(here.x + here.w, scale) };
        hears.onBrush(shown.brush);
        soon();
      }
    } else if (event.key === 'Escape' && (shown.brush || !tip.hidden)) {
      light(null);
      if (shown.brush) clear();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  toggle.addEventListener('click', () => {
    const asTable = twin.hidden;
    twin.hidden = !asTable;
    area.hidden = asTable;
    toggle.setAttribute('aria-pressed', String(asTable));
    fill();
    soon();
  });
  const fill = () => {
    if (!chart || twin.hidden) return;
    const [head = [], ...all] = rows(chart, shown.zone);
    const numbers = head.flatMap((_, i) => (all.length > 0 && all.every((row) => /^[\d.,]*$/.test(row[i] ?? '')) ? [i] : []));
    const more = all.length > MOST_ROWS ? element('p', { class: 'fine' }, `The first ${MOST_ROWS} of ${all.length} rows.`) : '';
    twin.replaceChildren(table(title(), head, all.slice(0, MOST_ROWS), numbers), more);
  };

  const title = () => heading.textContent || (chart?.title() ?? name);
  const [png, drawing] = menu.querySelectorAll('button');
  png?.addEventListener('click', async () => {
    if (!chart) return;
    const paper = document.createElement('canvas');
    const now = style();
    // Always sharp enough to print.
    draw(chart, paper, { ...now, ratio: Math.max(now.ratio, 2), caption: true, height: now.height + CAPTION });
    redraw(); // the hits are those of the page's canvas again
    const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ done) => paper.toBlob(done, 'image/png'));
    if (blob) download(`oddtrail-${name}.png`, 'image/png', blob);
  });
  drawing?.addEventListener('click', () => {
    if (chart) download(`oddtrail-${name}.svg`, 'image/svg+xml', svg(chart, style()));
  });

  const words = () => {
    if (!chart) return;
    if (!heading.textContent) heading.textContent = chart.title();
    const dragging = hears.onBrush || hears.onBudget ? ` ${chart.drag()}` : '';
    hint.textContent = `${how(chart, shown.zone)}${dragging}`;
    box.setAttribute('aria-label', `${title()}. ${chart.says()} Arrow keys go through what is drawn${hears.onSelect ? ', Enter selects' : ''}; the button “As table” shows the figures.`);
    twin.setAttribute('aria-label', `${title()}, as a table`);
    for (const button of menu.querySelectorAll('button')) button.setAttribute('aria-label', `${title()}: save as ${button.textContent}`);
    toggle.setAttribute('aria-label', `${title()}: ${toggle.textContent?.toLowerCase()}`);
  };

  prefersDark.addEventListener('change', soon);
  new ResizeObserver(soon).observe(area);

  return {
    /**
     * Shows columns: the core's text. Null empties the chart. `score` is the threshold, where there is a line.
     * @param {string | null} columns
     * @param {Shown & { threshold?: number }} [more]
     */
    async show(columns, more = {}) {
      const ask = ++asked;
      const opened = columns === null ? null : await openChart(name, columns);
      if (ask !== asked) {
        opened?.free();
        return;
      }
      chart?.free();
      chart = opened;
      drawn = false;
      tried = null;
      at = -1;
      light(null);
      threshold = more.threshold ?? threshold;
      this.set(more);
      words();
      fill();
      redraw();
    },
    /** Changes what is marked on it. @param {Shown} change */
    set(change) {
      if (change.selected !== undefined) shown.selected = change.selected;
      if (change.brush !== undefined) shown.brush = change.brush;
      if (change.dark !== undefined) shown.dark = change.dark;
      if (change.zone !== undefined) {
        shown.zone = change.zone;
        words();
        fill();
      }
      whenSeen();
    },
    /** Says that there is nothing to draw, and why. @param {string} why */
    fail(why) {
      trouble.textContent = `This chart could not be drawn: ${why}.`;
      trouble.hidden = false;
    },
    /** Draws at once, and says how long it took, in milliseconds. For measuring. */
    draw() {
      const before = performance.now();
      redraw();
      return performance.now() - before;
    },
  };
}
