// The charts' door: the page's own instance of the core, which holds a chart's columns and draws them.
// Columns come from the core as text (`ChartData` in src/charts); nothing here looks into them.

import { ChartView } from './engine.js';
import { coreHere } from './core-here.js';

/** @typedef {'timeline' | 'scores' | 'map' | 'world' | 'detectors' | 'reasons' | 'hours' | 'strip'} ChartName */
/**
 * The clock that times follow, as the core takes it: a name, and from when on how many minutes are added. Empty: UTC.
 * @typedef {{ name: string, offsets: [number, number][] }} Zone
 */
/**
 * How a chart is drawn; what is left out is the core's default. Spans are milliseconds since 1970 UTC.
 * @typedef {{
 *   width: number, height: number, ratio: number, dark: boolean, selected: number | null, brush: [number, number] | null,
 *   threshold: number | null, zone: Zone, caption: boolean,
 * }} Style
 */
/** @typedef {{ x: number, y: number, w: number, h: number, rank: number | null, identity: number | null, text: string }} Hit */
/** @typedef {{ left: number, right: number, top: number, bottom: number, from: number, to: number }} Axis */

/** @type {Zone} */
export const UTC = { name: '', offsets: [] };

/**
 * A chart with its columns, which are read once. Whoever opens it frees it.
 * @param {ChartName} name
 * @param {string} columns
 */
export async function openChart(name, columns) {
  await coreHere();
  return new ChartView(name, columns);
}

/**
 * Draws a chart sharp at the screen's ratio of pixels.
 * @param {ChartView} chart
 * @param {HTMLCanvasElement} canvas
 * @param {Style} style
 */
export function draw(chart, canvas, style) {
  const [width, height] = [Math.round(style.width * style.ratio), Math.round(style.height * style.ratio)];
  // Setting a size empties the canvas even if it is the same, and costs a frame's worth of time.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  chart.draw(canvas, JSON.stringify(style));
}

/** @param {ChartView} chart @param {number} number @returns {Hit | null} */
export function hit(chart, number) {
  const text = chart.hit(number);
  return text === undefined ? null : JSON.parse(text);
}

/** @param {ChartView} chart @returns {Axis | null} */
export function axis(chart) {
  const text = chart.axis();
  return text === undefined ? null : JSON.parse(text);
}

/** @param {ChartView} chart @param {Zone} zone @returns {string[][]} */
export const rows = (chart, zone) => JSON.parse(chart.table(JSON.stringify(zone)));

/** @param {ChartView} chart @param {Zone} zone */
export const how = (chart, zone) => chart.how(JSON.stringify(zone));

/** @param {ChartView} chart @param {Style} style */
export const svg = (chart, style) => chart.svg(JSON.stringify({ ...style, ratio: 1, caption: true, height: style.height + CAPTION }));

/** What title and explanation take above a picture that is handed on, in CSS pixels. */
export const CAPTION = 46;
