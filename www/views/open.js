// The drop zone, the two choosers and the sample.

import { find } from '../element.js';
import { fromDrop, fromInput } from '../dropped.js';
import { loadSample } from '../assets.js';
import { readFiles } from '../reading.js';

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
    readFiles(loadSample().then(({ name, bytes }) => ({ files: [{ name, file: new File([bytes], name) }], troubles: [] })));
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
