// Where the reading stands, in one sentence for everyone and in figures that move; and Cancel.

import { element, find } from '../element.js';
import { cancel } from '../reading.js';
import { progress, report } from '../state.js';
import { count, counted, size } from '../words.js';
import { unreachable } from '../unreachable.js';

/** @param {HTMLElement} root */
export function mount(root) {
  const status = find(root, '#status', HTMLElement);
  const button = find(root, '#cancel', HTMLButtonElement);
  const figures = find(root, '#progress-figures', HTMLElement);
  const bar = element('progress', { max: 1, 'aria-label': 'Bytes read' });
  const files = element('b');
  const bytes = element('b');
  const events = element('b');
  figures.append(bar, element('span', {}, files, ' files'), element('span', {}, bytes), element('span', {}, events, ' events'));

  button.addEventListener('click', cancel);
  progress.watch((now) => {
    const busy = now.state === 'reading' || now.state === 'scoring';
    button.hidden = !busy;
    figures.hidden = !busy;
    files.textContent = `${count(now.filesDone)} of ${count(now.files)}`;
    bytes.textContent = `${size(now.bytes)} of ${size(now.total)}`;
    events.textContent = count(now.events);
    if (now.state === 'scoring') bar.removeAttribute('value');
    else bar.value = now.total ? Math.min(now.bytes / now.total, 1) : 0;
    // Only a change of state is spoken; the figures are not.
    const text = sentence(now);
    if (status.textContent !== text) status.textContent = text;
    status.dataset.state = now.state;
  });
}

/** @param {import('../state.js').Progress} now */
function sentence(now) {
  switch (now.state) {
    case 'idle':
      return 'Nothing has been read yet.';
    case 'reading':
      return now.files ? `Reading ${counted(now.files, 'file')}.` : 'Looking for files.';
    case 'scoring':
      return 'Comparing sessions with what is usual.';
    case 'done': {
      const found = report.get()?.summary;
      const alerts = found?.alerts ? counted(found.alerts, 'alert') : 'nothing odd';
      return `Done: ${counted(now.events, 'event')} in ${counted(found?.sessions ?? 0, 'session')}, ${alerts}.`;
    }
    case 'failed':
      return `Nothing could be read: ${now.why}`;
    case 'cancelled':
      return 'Cancelled. What had been read is let go; drop files to begin again.';
    default:
      return unreachable(now.state);
  }
}
