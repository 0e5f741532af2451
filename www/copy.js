// A button that copies text and says that it did.

import { element } from './element.js';

/** @param {string} name @param {() => Promise<string>} text */
export function copyButton(name, text) {
  const button = element('button', { type: 'button', class: 'small copy' }, name);
  const said = element('span', { class: 'hint', role: 'status' });
  button.addEventListener('click', async () => {
    try {
      await put(await text());
      said.textContent = ' copied';
    } catch (error) {
      said.textContent = ` not copied: ${error instanceof Error ? error.message : 'the browser does not allow it'}`;
    }
    setTimeout(() => (said.textContent = ''), 4000);
  });
  return element('span', { class: 'copying' }, button, said);
}

/** From the disk some browsers have no clipboard for pages; the old way serves there. @param {string} text */
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = element('textarea', { class: 'sr', 'aria-hidden': 'true' });
    field.value = text;
    document.body.append(field);
    field.select();
    const well = document.execCommand('copy');
    field.remove();
    if (!well) throw new Error('the browser does not allow it');
  }
}
