// Light or dark, and the two exports.

import { find } from '../element.js';
import { download } from '../download.js';
import { eventsCsv } from '../reading.js';
import { progress, reportText, theme } from '../state.js';

/** @param {HTMLElement} root */
export function mount(root) {
  const json = find(root, '#export-json', HTMLButtonElement);
  const csv = find(root, '#export-events', HTMLButtonElement);
  progress.watch(({ state }) => {
    json.disabled = csv.disabled = state !== 'done';
  });
  json.addEventListener('click', () => {
    const text = reportText.get();
    if (text !== null) download('oddtrail-report.json', 'application/json', text);
  });
  csv.addEventListener('click', async () => download('oddtrail-events.csv', 'text/csv', await eventsCsv()));

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
