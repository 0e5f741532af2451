// The drop zone, the two choosers, pasted text, the sample; and starting over.

import { find } from '../element.js';
import { fromDrop, fromInput } from '../dropped.js';
import { readFiles, startOver } from '../reading.js';
import { exercise, progress } from '../state.js';
import { openOrganisation } from '../workshop.js';

/** @param {HTMLElement} root */
export function mount(root) {
  for (const id of ['files', 'folder']) {
    const input = find(root, `#${id}`, HTMLInputElement);
    input.addEventListener('change', () => {
      const files = fromInput(input.files);
      input.value = '';
      if (files.length > 0) readFiles(Promise.resolve({ files, troubles: [] }));
    });
  }

  find(root, '#sample', HTMLButtonElement).addEventListener('click', () => {
    void openOrganisation('sample', 1);
  });

  mountPaste(root);

  const again = find(root, '#start-over', HTMLButtonElement);
  again.addEventListener('click', () => {
    startOver();
    find(document, '#main', HTMLElement).focus();
  });
  const words = find(root, '#drop-what', HTMLElement);
  progress.watch(({ state }) => {
    again.hidden = state === 'idle' || state === 'reading' || state === 'scoring';
    if (state !== 'done') words.textContent = 'Drop files or a folder';
    else words.textContent = exercise.get() ? 'Drop files of your own' : 'Drop more files to add them';
  });

  // The whole page takes a drop, so that one beside the zone does not make the browser open the file instead.
  let depth = 0;
  const over = (/** @type {number} */ next) => {
    depth = Math.max(0, next);
    document.body.classList.toggle('over', depth > 0);
  };
  window.addEventListener('dragenter', (event) => {
    event.preventDefault();
    over(depth + 1);
  });
  window.addEventListener('dragleave', () => over(depth - 1));
  window.addEventListener('dragover', (event) => event.preventDefault());
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    over(0);
    if (!event.dataTransfer || ![...event.dataTransfer.items].some((item) => item.kind === 'file')) return;
    readFiles(fromDrop(event.dataTransfer));
  });
}

/** Text from the clipboard: in the field, or pasted anywhere on the page. @param {HTMLElement} root */
function mountPaste(root) {
  const form = find(root, '#paste-form', HTMLFormElement);
  const field = find(root, '#paste-text', HTMLTextAreaElement);
  const open = find(root, '#paste', HTMLButtonElement);
  const show = (/** @type {boolean} */ on) => {
    form.hidden = !on;
    open.setAttribute('aria-expanded', String(on));
    (on ? field : open).focus();
  };
  open.setAttribute('aria-expanded', 'false');
  open.addEventListener('click', () => show(form.hidden !== false));
  find(root, '#paste-cancel', HTMLButtonElement).addEventListener('click', () => show(false));
  let pasted = 0;
  const take = (/** @type {string} */ text) => {
    pasted += 1;
    const name = `pasted-${pasted}.json`;
    readFiles(Promise.resolve({ files: [{ name, file: new File([text], name) }], troubles: [] }));
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === '') return field.focus();
    field.value = '';
    show(false);
    take(text);
  });
  document.addEventListener('paste', (event) => {
    const at = event.target;
    if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement) return;
    const files = fromInput(event.clipboardData?.files ?? null);
    const text = event.clipboardData?.getData('text/plain').trim() ?? '';
    if (files.length > 0) readFiles(Promise.resolve({ files, troubles: [] }));
    else if (/^[[{]/.test(text)) take(text);
    else return;
    event.preventDefault();
  });
}
