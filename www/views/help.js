// The keys, and the sheet that lists them.

import { find } from '../element.js';

const HEARD = new Set(['j', 'k', '/', 'Enter', 'Escape', '1', '2', '3']);

/** @param {HTMLElement} root */
export function mount(root) {
  const sheet = find(document, '#help', HTMLDialogElement);
  const open = () => {
    if (!sheet.open) sheet.showModal();
  };
  find(root, '#help-button', HTMLButtonElement).addEventListener('click', open);
  find(sheet, '#help-close', HTMLButtonElement).addEventListener('click', () => sheet.close());
  sheet.addEventListener('click', (event) => {
    if (event.target === sheet) sheet.close();
  });

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const at = event.target;
    const writes = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement;
    if (writes && event.key !== 'Escape') return;
    // Enter on a button or a link is the button's own.
    if (event.key === 'Enter' && at instanceof Element && at.closest('button, a, summary, label')) return;
    if (event.key === '?') {
      event.preventDefault();
      return open();
    }
    if (!HEARD.has(event.key)) return;
    if (document.documentElement.dataset.view !== 'result') return;
    event.preventDefault();
    // The list listens; it alone knows what is next.
    document.dispatchEvent(new CustomEvent('oddtrail-key', { detail: event.key }));
  });
}
