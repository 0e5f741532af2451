// Elements with text. Text from a log was written by somebody else, so it only ever becomes a text node.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * `element('p', { class: 'fine' }, 'some ', element('b', {}, 'text'))`. Attributes that are null or false are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(key, value === true ? '' : String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    made.append(typeof child === 'number' ? String(child) : child);
  }
  return made;
}

/**
 * A table: a head and rows of cells. A cell is text or a node; columns named in `numbers` stand right.
 * @param {string} caption read by screen readers only
 * @param {string[]} head
 * @param {Child[][]} rows
 * @param {number[]} [numbers]
 */
export function table(caption, head, rows, numbers = []) {
  /** @param {number} i */
  const cls = (i) => (numbers.includes(i) ? 'number' : null);
  return element(
    'table', {},
    element('caption', { class: 'sr' }, caption),
    element('thead', {}, element('tr', {}, ...head.map((h, i) => element('th', { scope: 'col', class: cls(i) }, h)))),
    element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map((cell, i) => element('td', { class: cls(i) }, cell))))),
  );
}

/**
 * The element of that selector under `root`, of that kind. It stands in index.html.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${selector}`);
  return found;
}

/**
 * Puts everything below a section's heading anew; the heading stays.
 * @param {Element} section
 * @param {...Child} children
 */
export function refill(section, ...children) {
  const heading = section.querySelector('h2');
  section.replaceChildren();
  if (heading) section.append(heading);
  for (const child of children) if (child || child === 0) section.append(typeof child === 'number' ? String(child) : child);
}
