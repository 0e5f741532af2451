// The settings of what is known to be good, as the page edits them. The core alone says what is right (src/known.rs,
// which also says what each list does); here the file's text becomes rows of text fields, and rows become the file.

import { coreHere } from './core-here.js';
import { checkKnown } from './engine.js';

/** @typedef {'ranges' | 'scanners' | 'break_glass'} ListName */
/** An entry: its fields by name, empty where nothing stands. @typedef {Record<string, string>} Entry */
/** @typedef {{ note: string, lists: Record<ListName, Entry[]> }} Settings */
/** What is wrong: a sentence, and the field it is about where it is about one. @typedef {{ list: string, row: number, field: string, sentence: string }} Wrong */

const VERSION = 'oddtrail-known/1';

/** The lists and their fields, in the order of the file. @type {Record<ListName, string[]>} */
export const LISTS = {
  ranges: ['range', 'note', 'expires'],
  scanners: ['address', 'agent', 'note', 'expires'],
  break_glass: ['name', 'account', 'note', 'expires'],
};

export const NAMES = /** @type {ListName[]} */ (Object.keys(LISTS));

/** @returns {Settings} */
export const noSettings = () => ({ note: '', lists: { ranges: [], scanners: [], break_glass: [] } });

/** The rows of a file that is right, or empty. @param {string} text @returns {Settings} */
export function settingsOf(text) {
  const settings = noSettings();
  if (text === '') return settings;
  const file = JSON.parse(text.replace(/^\ufeff/, ''));
  settings.note = typeof file.note === 'string' ? file.note : '';
  for (const name of NAMES) {
    settings.lists[name] = (file[name] ?? []).map((/** @type {Record<string, unknown>} */ entry) => Object.fromEntries(LISTS[name].map((field) => [field, String(entry[field] ?? '')])));
  }
  return settings;
}

/** The file of some rows: what is empty is left out; nothing at all is empty text. @param {Settings} settings */
export function fileOf({ note, lists }) {
  const kept = NAMES.map((name) => [name, lists[name].filter(filled).map((entry) => Object.fromEntries(LISTS[name].map((field) => [field, (entry[field] ?? '').trim()]).filter(([, value]) => value)))]);
  const some = kept.filter(([, entries]) => entries?.length);
  if (some.length === 0 && note === '') return '';
  return `${JSON.stringify({ version: VERSION, ...(note && { note }), ...Object.fromEntries(some) }, null, 2)}\n`;
}

/** Whether anything stands in an entry. @param {Entry} entry */
export const filled = (entry) => Object.values(entry).some((value) => value.trim() !== '');

/** What is wrong with the text of a settings file, as the core sees it. @param {string} text @returns {Promise<Wrong[]>} */
export async function wrongWithKnown(text) {
  if (text === '') return [];
  await coreHere();
  return checkKnown(text).map((sentence) => {
    const [, list = '', row = '-1', field = ''] = /^(\w+)\[(\d+)\](?:\.(\w+))?:/.exec(sentence) ?? [];
    return { list, row: Number(row), field, sentence };
  });
}
