// The sheet on which what is known to be good is edited, saved to a file and read from one.

import { element, find } from '../element.js';
import { download } from '../download.js';
import { changeKnown } from '../reading.js';
import { known, proposed, report } from '../state.js';
import { fileOf, filled, LISTS, NAMES, noSettings, settingsOf, wrongWithKnown } from '../known.js';
import { count, counted } from '../words.js';

/** @typedef {import('../known.js').Wrong} Wrong */
/** @typedef {import('../known.js').ListName} ListName */

/** Of each list: its name, what it does, and what its first fields look like. */
const ABOUT = {
  ranges: ['Places', 'Offices and VPNs. The place is usual for everybody; what is done there still counts.'],
  scanners: ['Scanners', 'Audit tools: an address or range, a part of the user agent, or both. Their sessions are no alerts, unless a rule of medium or high names them.'],
  break_glass: ['Break-glass identities', 'Users or roles for emergencies. Their sessions are no alerts, unless a rule of medium or high names them.'],
};
/** @type {Record<string, [string, string]>} */
const FIELDS = {
  range: ['Range', '198.51.100.0/24'], address: ['Address or range', '203.0.113.7'], agent: ['Part of the user agent', 'Prowler'],
  name: ['Name', 'emergency-admin'], account: ['Account', 'any, or 12 digits'], note: ['Note', 'what it is'], expires: ['Until (UTC day)', ''],
};

/** @param {HTMLElement} root */
export function mount(root) {
  if (!(root instanceof HTMLDialogElement)) return;
  const open = find(document, '#known-button', HTMLButtonElement);
  const trouble = find(root, '#known-trouble', HTMLElement);
  const lists = find(root, '#known-lists', HTMLElement);
  const chooser = find(root, '#known-file', HTMLInputElement);
  let settings = noSettings();

  const draw = () => lists.replaceChildren(...NAMES.map((name) => listOf(name)));

  /** @param {ListName} name */
  function listOf(name) {
    const [title, does] = ABOUT[name];
    const rows = settings.lists[name].map((entry, at) => {
      const fields = LISTS[name].map((field) => {
        const [label = field, hint = ''] = FIELDS[field] ?? [];
        const input = element('input', { type: field === 'expires' ? 'date' : 'text', 'aria-label': `${label}, entry ${at + 1} of ${title}`, placeholder: hint, value: entry[field] ?? '', 'data-field': `${name}[${at}].${field}`, maxlength: 500, autocomplete: 'off', spellcheck: 'false' });
        input.addEventListener('input', () => {
          entry[field] = input.value;
          input.removeAttribute('aria-invalid');
        });
        return element('label', { class: 'fine' }, label, input);
      });
      const remove = element('button', { type: 'button', class: 'small', 'aria-label': `Remove entry ${at + 1} of ${title}` }, 'Remove');
      remove.addEventListener('click', () => {
        settings.lists[name].splice(at, 1);
        draw();
        focusAdd(name);
      });
      return element('div', { class: 'known-row' }, ...fields, remove, element('p', { class: 'error-code fine', 'data-wrong': `${name}[${at}]` }));
    });
    const add = element('button', { type: 'button', class: 'small', 'data-add': name }, `Add to ${title.toLowerCase()}`);
    add.addEventListener('click', () => addRow(name, {}));
    return element('fieldset', {}, element('legend', {}, title), element('p', { class: 'fine' }, does), ...rows, add);
  }

  /** @param {ListName} name @param {Record<string, string>} entry */
  function addRow(name, entry) {
    settings.lists[name].push(entry);
    draw();
    /** @type {HTMLElement | null} */ (lists.querySelector(`[data-field="${name}[${settings.lists[name].length - 1}].${LISTS[name][0]}"]`))?.focus();
  }

  const focusAdd = (/** @type {ListName} */ name) => /** @type {HTMLElement | null} */ (lists.querySelector(`[data-add="${name}"]`))?.focus();

  /** The file of what stands here; null where something is wrong, which is shown. */
  async function checked() {
    for (const name of NAMES) settings.lists[name] = settings.lists[name].filter(filled);
    draw();
    const text = fileOf(settings);
    const wrong = await wrongWithKnown(text);
    show(wrong, '');
    return wrong.length === 0 ? text : null;
  }

  /** @param {Wrong[]} wrong @param {string} about */
  function show(wrong, about) {
    const elsewhere = [];
    for (const { list, row, field, sentence } of wrong) {
      const where = about ? null : lists.querySelector(`[data-wrong="${list}[${row}]"]`);
      if (!where) {
        elsewhere.push(sentence);
        continue;
      }
      where.textContent = `${where.textContent} ${sentence.replace(/^\S+: e/, 'E')}.`.trim();
      for (const input of lists.querySelectorAll(`[data-field^="${list}[${row}].${field}"]`)) input.setAttribute('aria-invalid', 'true');
    }
    const said = wrong.length - elsewhere.length;
    trouble.replaceChildren(...[about, said ? `${counted(said, 'field')} must be mended first.` : '', ...elsewhere.slice(0, 10), elsewhere.length > 10 ? `And ${count(elsewhere.length - 10)} more.` : ''].filter(Boolean).map((text) => element('span', { class: 'line' }, text)));
    /** @type {HTMLElement | null} */ (lists.querySelector('[aria-invalid]'))?.focus();
  }

  /** @param {string | null} address */
  const edit = (address) => {
    settings = settingsOf(known.get());
    trouble.textContent = '';
    draw();
    if (!root.open) root.showModal();
    if (address !== null) addRow('ranges', { range: address });
  };
  open.addEventListener('click', () => edit(null));
  proposed.watch((address) => {
    if (address === null) return;
    proposed.set(null);
    edit(address);
  });

  find(root, '#known-use', HTMLButtonElement).addEventListener('click', async () => {
    const text = await checked();
    if (text === null) return;
    root.close();
    open.focus();
    await changeKnown(text);
  });
  find(root, '#known-save', HTMLButtonElement).addEventListener('click', async () => {
    const text = await checked();
    if (text === '') show([], 'There is nothing to save yet.');
    else if (text !== null) download('oddtrail-known.json', 'application/json', text);
  });
  chooser.addEventListener('change', async () => {
    const [file] = chooser.files ?? [];
    if (!file) return;
    // A larger one is no settings file; the core says so of its first megabyte.
    const text = await file.slice(0, (1 << 20) + 1).text();
    chooser.value = '';
    const wrong = await wrongWithKnown(text === '' ? ' ' : text);
    if (wrong.length > 0) return show(wrong, `${file.name} was not taken, and what stands here is unchanged:`);
    settings = settingsOf(text);
    draw();
    show([], `${file.name} was read. It holds from “Use these” on.`);
  });
  find(root, '#known-close', HTMLButtonElement).addEventListener('click', () => root.close());

  const name = () => {
    const entries = report.get()?.known.length ?? NAMES.reduce((sum, list) => sum + settingsOf(known.get()).lists[list].length, 0);
    open.textContent = entries ? `Known good: ${count(entries)}` : 'Known good';
  };
  known.watch(name);
  report.watch(name);
}
