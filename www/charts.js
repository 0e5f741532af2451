// Small columns for the charts, the same ones as a table, and the drawing of them by the page's own instance of the core.

import { start, drawChart } from './engine.js';
import { compiledModule } from './reading.js';
import { score, span, date, clock, percent } from './words.js';

/** @typedef {import('./report.js').Report} Report */
/** @typedef {'timeline' | 'scores' | 'map'} ChartName */

/** @type {Promise<void> | undefined} */
let started;

/**
 * Draws a chart at the canvas's own size, sharp at the screen's ratio of pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {ChartName} name
 * @param {object} columns
 * @param {{ width: number, height: number, dark: boolean }} frame
 */
export async function draw(canvas, name, columns, { width, height, dark }) {
  started ??= compiledModule().then(start);
  await started;
  const ratio = Math.min(Math.max(window.devicePixelRatio || 1, 1), 4);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  drawChart(canvas, name, JSON.stringify(columns), width, height, ratio, dark);
}

/** The alerts, as marks. @param {Report} report */
function marks({ sessions, identities }) {
  return sessions.alerts().map((rank) => {
    const { span, severity, identity } = sessions.at(rank);
    return { rank, time: span.from, severity, who: identities[identity]?.name ?? '' };
  });
}

/** Events over time by class of identity, and when alerts began. @param {Report} report */
export function timeline(report) {
  return { ...report.timeline, alerts: marks(report) };
}

/** @param {Report} report */
export function timelineTable({ timeline: { start, width, series, counts } }) {
  const bins = counts[0]?.length ?? 0;
  const daily = width >= 86_400_000;
  /** @type {string[][]} */
  const rows = [];
  for (let bin = 0; bin < bins; bin++) {
    const numbers = counts.map((row) => row[bin] ?? 0);
    if (numbers.every((n) => n === 0)) continue;
    const from = start + bin * width;
    rows.push([daily ? date(from) : `${date(from)}, ${clock(from)}`, ...numbers.map(String)]);
  }
  return { head: [daily ? 'Day (UTC)' : 'From (UTC)', ...series], rows, numbers: series.map((_, i) => i + 1) };
}

const SCORE_BINS = 50;

/** Every session's score, and where the threshold lies. @param {Report} report */
export function scores({ sessions, calibration }) {
  return { scores: [...sessions.columns.score], threshold: calibration.threshold, budget: calibration.budget };
}

/** @param {Report} report */
export function scoresTable(report) {
  const width = 1 / SCORE_BINS;
  /** @type {number[]} */
  const counts = new Array(SCORE_BINS).fill(0);
  for (const score of report.sessions.columns.score) {
    const bin = Math.min(Math.floor(score * SCORE_BINS), SCORE_BINS - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const rows = counts.flatMap((n, i) => (n ? [[`${(i * width).toFixed(2)} to ${((i + 1) * width).toFixed(2)}`, String(n)]] : []));
  return { head: ['Score', 'Sessions'], rows: rows.reverse(), numbers: [1] };
}

/** The PCA plane: personas, sessions that stand alone, alerts. @param {Report} report */
export function map(report) {
  const { sessions, personas } = report;
  const { x, y, persona, noise } = sessions.columns;
  return {
    x: [...x],
    y: [...y],
    persona: Array.from(persona, (p) => Math.min(p, 255)),
    noise: Array.from(noise, Boolean),
    alerts: marks(report),
    personas: personas.map((p) => p.name),
  };
}

const MOST_ROWS = 200;

/** @param {Report} report */
export function mapTable({ sessions, personas, identities }) {
  const rows = sessions.first(MOST_ROWS).map((s) => [
    score(s.score),
    identities[s.identity]?.name ?? '',
    span(s.span),
    personas[s.persona]?.name ?? '',
    s.noise ? 'yes' : '',
    `${s.x.toFixed(2)}, ${s.y.toFixed(2)}`,
  ]);
  return { head: ['Score', 'Who', 'When', 'Persona', 'Alone', 'Place'], rows, numbers: [] };
}

/** @param {Report} report */
export const budgetWords = ({ calibration }) => `threshold ${score(calibration.threshold)}, budget ${percent(calibration.budget)}`;
