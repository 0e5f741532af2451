// Charts tied to what the page shows: their columns come with the report, and what is selected on one is selected everywhere.

import { mountChart } from './chart-frame.js';
import { changeBudget, exported } from './reading.js';
import { chosen, filter, person, report, theme, zone } from './state.js';
import { clockOver } from './words.js';

/** @typedef {import('./charts.js').ChartName} ChartName */
/** What a chart is about: all sessions, the identity that is looked at, or the session that is. @typedef {'report' | 'identity' | 'session'} About */

/**
 * Mounts a chart and keeps it up to date.
 * @param {HTMLElement} root
 * @param {ChartName} name
 * @param {About} about
 */
export function tieChart(root, name, about) {
  const frame = mountChart(root, name, {
    onSelect(rank) {
      const shown = report.get();
      if (!shown || rank >= shown.sessions.length) return;
      person.set(null);
      chosen.set(shown.sessions.at(rank).id);
    },
    ...(name === 'timeline' && { onBrush: (/** @type {{ from: number, to: number } | null} */ span) => filter.set({ ...filter.get(), from: span && Math.round(span.from), to: span && Math.round(span.to) }) }),
    ...(name === 'scores' && { onBudget: (/** @type {{ budget: number, done: boolean }} */ { budget, done }) => void (done && changeBudget(budget)) }),
  });

  const rank = () => Math.max(report.get()?.sessions.rank(chosen.get()) ?? -1, -1);
  /** @returns {number | null | undefined} undefined: there is nothing to show */
  const subject = () => {
    if (!report.get()) return undefined;
    if (about === 'report') return null;
    if (about === 'identity') return person.get() ?? undefined;
    return rank() < 0 ? null : rank();
  };
  const marks = () => {
    const shown = report.get();
    const { from, to } = filter.get();
    return {
      selected: rank() < 0 ? null : rank(),
      brush: shown && (from !== null || to !== null) ? { from: from ?? shown.summary.span.from, to: to ?? shown.summary.span.to } : null,
      zone: clockOver(shown?.summary.span ?? { from: 0, to: 0 }),
    };
  };

  /** What the columns shown are of. @type {unknown[]} */
  let of = [];
  let asked = 0;
  const refresh = async () => {
    const shown = report.get();
    const now = subject();
    if (!shown || now === undefined) {
      of = [];
      asked++;
      return frame.show(null);
    }
    if (of[0] === shown && of[1] === now) return frame.set(marks());
    of = [shown, now];
    const ask = ++asked;
    try {
      const columns = await exported({ about: 'chart', name, of: now });
      if (ask === asked) await frame.show(columns, { ...marks(), threshold: shown.calibration.threshold });
    } catch (error) {
      if (ask === asked) frame.fail(error instanceof Error ? error.message : String(error));
    }
  };
  report.watch(refresh);
  chosen.watch(refresh);
  if (about === 'identity') person.watch(refresh);
  filter.watch(() => frame.set(marks()));
  // The words' own clock is set before any view's.
  zone.watch(() => frame.set(marks()));
  theme.watch((now) => frame.set({ dark: now === 'system' ? null : now === 'dark' }));
}
