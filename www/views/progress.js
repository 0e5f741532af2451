// Where the reading stands, in one sentence for everyone and in figures that move; what is foreseen, what was mended;
// what to do where it failed; and Cancel.

import { element, find } from '../element.js';
import { cancel } from '../reading.js';
import { INSTEAD } from '../forecast.js';
import { progress, report } from '../state.js';
import { count, counted, duration, size } from '../words.js';
import { unreachable } from '../unreachable.js';

/** @typedef {import('../state.js').Progress} Progress */

/** @param {HTMLElement} root */
export function mount(root) {
  const status = find(root, '#status', HTMLElement);
  const button = find(root, '#cancel', HTMLButtonElement);
  const figures = find(root, '#progress-figures', HTMLElement);
  const more = find(root, '#progress-more', HTMLElement);
  const bar = element('progress', { max: 1, 'aria-label': 'Bytes read' });
  const files = element('span');
  const bytes = element('span');
  const events = element('span');
  const rate = element('span');
  const left = element('span');
  figures.append(bar, files, bytes, events, rate, left);
  const warning = element('p', { class: 'note', role: 'alert', id: 'warning', hidden: true });
  const notice = element('p', { class: 'note', role: 'status', id: 'notice', hidden: true });
  figures.after(warning, notice);

  button.addEventListener('click', cancel);
  /** @type {Progress['state']} */
  let before = 'idle';
  progress.watch((now) => {
    // On a small screen it may stand below what was read before a file was there.
    if (now.state !== before && (now.state === 'failed' || (now.state === 'reading' && !report.get()))) {
      requestAnimationFrame(() => root.scrollIntoView({ block: 'nearest' }));
    }
    before = now.state;
    const busy = now.state === 'reading' || now.state === 'scoring';
    button.hidden = !busy;
    figures.hidden = !busy;
    say(files, `${count(now.filesDone)} of ${counted(now.files, 'file')}`);
    say(bytes, `${size(now.bytes)} of ${size(now.total)}`);
    say(events, counted(now.events, 'event'));
    say(rate, now.state === 'reading' && now.rate > 0 ? `${count(Number(now.rate.toPrecision(3)))} events a second` : '');
    say(left, now.left === null ? '' : `about ${duration(now.left)} left`);
    if (now.state === 'scoring') bar.removeAttribute('value');
    else if (now.checking) bar.value = now.checking.done;
    else bar.value = now.total ? Math.min(now.bytes / now.total, 1) : 0;
    // Only a change of state is spoken; the figures are not.
    say(status, sentence(now));
    status.dataset.state = now.state;
    say(warning, now.warning);
    warning.hidden = now.warning === '';
    say(notice, now.notice);
    notice.hidden = now.notice === '';
    say(more, whatToDo(now));
    more.hidden = more.textContent === '';
  });
}

/** @param {HTMLElement} where @param {string} text */
const say = (where, text) => {
  if (where.textContent !== text) where.textContent = text;
};

/** @param {Progress} now */
function sentence(now) {
  switch (now.state) {
    case 'idle':
      return 'Nothing has been read yet.';
    case 'reading':
      if (now.checking) return `Checking ${counted(now.checking.files, 'log file')} against the digests.`;
      return now.files ? `Reading ${counted(now.files, 'file')}.` : 'Looking for files.';
    case 'scoring':
      return 'Comparing sessions with what is usual.';
    case 'done': {
      const shown = report.get();
      const alerts = shown?.summary.alerts ? counted(shown.summary.alerts, 'alert') : 'nothing odd';
      const skips = shown ? skipped(shown.import) : '';
      return `Done: ${counted(now.events, 'event')} in ${counted(shown?.summary.sessions ?? 0, 'session')}, ${alerts}.${skips && ` Not read: ${skips}.`}`;
    }
    case 'failed':
      return failed(now);
    case 'cancelled':
      return `Cancelled after ${counted(now.events, 'event')}. What had been read is let go, and its memory with it.`;
    default:
      return unreachable(now.state);
  }
}

/** @param {import('../report.js').Import} read */
const skipped = ({ problems, bad_records }) =>
  [problems.length ? `${counted(problems.length, 'file')} or parts of them` : '', bad_records ? counted(bad_records, 'record') : ''].filter(Boolean).join(', ');

/** @param {Progress} now */
function failed({ failure, why, events }) {
  switch (failure) {
    case 'memory':
      return `The browser ran out of memory${events ? ` after ${counted(events, 'event')}` : ''}. Nothing is kept.`;
    case 'broken':
      return `The reading broke off: ${why}`;
    case 'too-old':
      return 'This browser cannot run the page.';
    case 'nothing-read':
    case '':
      return `Nothing could be read: ${why}`;
    default:
      return unreachable(failure);
  }
}

/** @param {Progress} now */
function whatToDo({ state, failure, why, warning }) {
  if (state === 'cancelled') return 'Drop files to begin again.';
  if (state !== 'failed') return '';
  switch (failure) {
    case 'memory':
      return warning || INSTEAD;
    case 'broken':
      return 'That is a fault of this page, not of your files. They can be read again, a few at a time, to find the one it stumbles over; the terminal (oddtrail analyze) names it.';
    case 'too-old':
      return `It lacks: ${why}. Chromium or Firefox from 2024 or later, or Safari 17.5 or later, have it all; the terminal (oddtrail analyze) needs no browser.`;
    case 'nothing-read':
    case '':
      return 'What can be read is listed above. CloudTrail’s log files lie in the trail’s bucket under AWSLogs/…/CloudTrail/, and the console saves Event history as JSON.';
    default:
      return unreachable(failure);
  }
}
