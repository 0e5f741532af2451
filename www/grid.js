// A table of any length: rows of one height, of which only those near the window exist. Short tables exist whole.

import { element } from './element.js';

/** Up to so many rows all exist: the browser's own search finds them, and the keyboard reaches them. */
const WHOLE = 300;
/** Rows kept beyond the edges, so that scrolling meets them. */
const BEYOND = 12;
/** Browsers give up on elements a good deal higher than this, in CSS pixels. */
const HIGHEST = 12_000_000;

/**
 * @param {{
 *   label: string, class: string,
 *   row: (index: number) => HTMLTableRowElement,
 *   head: HTMLTableRowElement,
 *   picked: (index: number) => void,
 * }} parts `row` makes the row of an index; `picked` is told of a click on one
 */
export function makeGrid({ label, class: kind, row, head, picked }) {
  const above = spacer();
  const below = spacer();
  const body = element('tbody', {}, above.row, below.row);
  const table = element('table', { class: `grid ${kind}`, role: 'grid', 'aria-label': label }, element('thead', {}, head), body);
  const box = element('div', { class: 'scroll grid-box', tabindex: -1 }, table);
  let length = 0;
  let height = 0;
  /** @type {Map<number, HTMLTableRowElement>} */
  const made = new Map();

  /** How high a row is: the style says so. */
  const measure = () => {
    const said = parseFloat(getComputedStyle(table).getPropertyValue('--row'));
    height = said > 0 ? said : 56;
  };
  /** The same, looked up when it is first needed: a browser lays out the whole page for it. */
  const high = () => {
    if (height === 0) measure();
    return height;
  };
  const whole = () => length <= WHOLE;
  /** Of very long tables the scroll bar stands for more rows than it has pixels. */
  const scale = () => Math.min(1, HIGHEST / Math.max(1, length * high()));

  /** @param {number} index */
  const make = (index) => {
    const there = row(index);
    there.setAttribute('aria-rowindex', String(index + 2));
    there.dataset.index = String(index);
    made.set(index, there);
    return there;
  };

  const fill = () => {
    let first = 0;
    let last = length;
    let offset = 0;
    if (!whole()) {
      const seen = Math.ceil((box.clientHeight || 600) / high());
      const most = Math.max(1, length * high() * scale() - box.clientHeight);
      const top = scale() === 1 ? Math.floor(box.scrollTop / high()) : Math.floor((Math.min(box.scrollTop, most) / most) * Math.max(0, length - seen));
      first = Math.max(0, Math.min(top, length - seen) - BEYOND);
      last = Math.min(length, top + seen + BEYOND);
      offset = scale() === 1 ? first * high() : Math.max(0, box.scrollTop - (top - first) * high());
    }
    for (const [index, old] of made) {
      if (index >= first && index < last) continue;
      if (old.contains(document.activeElement)) box.focus({ preventScroll: true });
      old.remove();
      made.delete(index);
    }
    let before = above.row;
    for (let index = first; index < last; index++) {
      let there = made.get(index);
      if (!there) {
        there = make(index);
        before.after(there);
      }
      before = there;
    }
    above.high(offset);
    below.high(whole() ? 0 : Math.max(0, length * high() * scale() - offset - (last - first) * high()));
  };

  /** Whether it was scrolled since it was shown anew: a browser lays out the whole page to be told of the top. */
  let scrolled = false;
  let waiting = false;
  box.addEventListener('scroll', () => {
    scrolled = true;
    if (waiting || whole()) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      fill();
    });
  });
  new ResizeObserver(() => {
    const before = height;
    measure();
    if (height !== before || !whole()) fill();
  }).observe(box);

  body.addEventListener('click', (event) => {
    const at = event.target instanceof Element ? event.target.closest('tr[data-index]') : null;
    if (at instanceof HTMLElement) picked(Number(at.dataset.index));
  });

  return {
    box,
    table,
    /** Shows so many rows anew; from the top, or where the reader was. @param {number} rows @param {{ stay?: boolean }} [how] */
    show(rows, { stay = false } = {}) {
      length = rows;
      for (const [index, old] of made) {
        if (stay && index < length) {
          // In its place: were all removed first, there would be less to scroll, and the reader elsewhere.
          const held = old.contains(document.activeElement);
          const there = make(index);
          old.replaceWith(there);
          if (held) there.focus({ preventScroll: true });
        } else {
          old.remove();
          made.delete(index);
        }
      }
      table.setAttribute('aria-rowcount', String(rows + 1));
      if (!stay && scrolled) {
        box.scrollTop = 0;
        scrolled = false;
      }
      fill();
    },
    /** Makes the rows that exist anew. @param {(row: HTMLTableRowElement, index: number) => void} change */
    each(change) {
      for (const [index, there] of made) change(there, index);
    },
    /** Brings a row into view, and to life. @param {number} index @returns {HTMLTableRowElement | undefined} */
    reveal(index) {
      if (index < 0 || index >= length) return undefined;
      const headHigh = head.offsetHeight;
      const room = Math.max(high(), box.clientHeight - headHigh);
      scrolled = true;
      if (scale() === 1) {
        const top = index * high();
        if (top < box.scrollTop) box.scrollTop = top;
        else if (top + high() > box.scrollTop + room) box.scrollTop = top + high() - room;
      } else if (!made.has(index)) {
        const seen = Math.ceil(box.clientHeight / high());
        box.scrollTop = (index / Math.max(1, length - seen)) * (length * high() * scale() - box.clientHeight);
      }
      fill();
      return made.get(index);
    },
    /** How many rows a page of the keyboard is. */
    page: () => Math.max(1, Math.floor(box.clientHeight / high()) - 1),
  };
}

function spacer() {
  const cell = element('td', { class: 'spacer-cell' });
  const row = element('tr', { class: 'spacer', 'aria-hidden': 'true', role: 'presentation' }, cell);
  row.hidden = true;
  return {
    row,
    /** @param {number} px */
    high(px) {
      row.hidden = px < 1;
      row.style.height = `${px}px`;
    },
  };
}
