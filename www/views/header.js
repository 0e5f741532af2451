// Light or dark, UTC or local time, and the exports.

import { find } from '../element.js';
import { download } from '../download.js';
import { exported } from '../reading.js';
import { progress, report, theme, zone } from '../state.js';
import { clockOver, zone as zoneName } from '../words.js';

/** @typedef {import('../protocol.js').Question} Question */

/** Exports follow the clock that is shown, and say which. */
const clock = () => JSON.stringify(clockOver(report.get()?.summary.span ?? { from: 0, to: 0 }));
/** What can be taken away: the button's ID, the file's name and kind, what is asked for. */
const EXPORTS = /** @type {[string, string, string, () => Question][]} */ ([
  ['export-json', 'oddtrail-report.json', 'application/json', () => ({ about: 'json' })],
  ['export-events', 'oddtrail-events.csv', 'text/csv', () => ({ about: 'events-csv' })],
  ['export-alerts', 'oddtrail-alerts.csv', 'text/csv', () => ({ about: 'alerts-csv', zone: clock() })],
  ['export-markdown', 'oddtrail-alerts.md', 'text/markdown', () => ({ about: 'markdown', zone: clock() })],
  ['export-html', 'oddtrail-report.html', 'text/html', () => ({ about: 'html', zone: clock() })],
]);

/** @param {HTMLElement} root */
export function mount(root) {
  const menu = find(root, '#more-exports', HTMLDetailsElement);
  const trouble = find(root, '#export-trouble', HTMLElement);
  const buttons = EXPORTS.map(([id, name, type, question]) => {
    const button = find(root, `#${id}`, HTMLButtonElement);
    button.addEventListener('click', async () => {
      menu.open = false;
      trouble.textContent = '';
      try {
        download(name, type, await exported(question()));
      } catch (error) {
        trouble.textContent = `${name} could not be made: ${error instanceof Error ? error.message : error}`;
      }
    });
    return button;
  });
  progress.watch(({ state }) => {
    for (const button of buttons) button.disabled = state !== 'done';
    menu.classList.toggle('off', state !== 'done');
  });
  document.addEventListener('click', (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });

  const switched = find(root, '#zone', HTMLButtonElement);
  switched.addEventListener('click', () => zone.set(zone.get() === 'utc' ? 'local' : 'utc'));
  zone.watch((now) => {
    // The offset of the last event: that is what is looked at.
    const at = report.get()?.summary.span.to ?? Date.now();
    switched.textContent = now === 'utc' ? 'UTC' : `Local, ${zoneName(at, true)}`;
    switched.setAttribute('aria-label', now === 'utc' ? 'Times are in UTC. Show them in local time' : `Times are local, ${zoneName(at, true)}. Show them in UTC`);
  });

  const toggle = find(root, '#theme', HTMLButtonElement);
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => theme.get() === 'dark' || (theme.get() === 'system' && system.matches);
  const show = () => {
    if (theme.get() === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.get();
    toggle.textContent = isDark() ? 'Light' : 'Dark';
    toggle.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
  };
  toggle.addEventListener('click', () => theme.set(isDark() ? 'light' : 'dark'));
  theme.watch(show);
  system.addEventListener('change', show);
}
