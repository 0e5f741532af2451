// Folders that are dropped are walked to their ends, and what cannot be opened is named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromDrop } from '../../www/dropped.js';

const file = (fullPath, fails = false) => ({
  isDirectory: false,
  fullPath,
  file: (good, bad) => (fails ? bad(new Error('it is gone')) : good({ name: fullPath.split('/').at(-1), size: 1 })),
});

/** A folder that hands over a hundred entries at a time, as browsers do. */
const folder = (fullPath, entries) => ({
  isDirectory: true,
  fullPath,
  createReader() {
    let at = 0;
    return { readEntries: (good) => good(entries.slice(at, (at += 100))) };
  },
});

const drop = (...entries) => ({ items: entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null })) });

test('a folder of 250 files inside a folder is walked to its end', async () => {
  const inner = folder('/logs/eu', Array.from({ length: 250 }, (_, i) => file(`/logs/eu/${i}.json.gz`)));
  const { files, troubles } = await fromDrop(drop(folder('/logs', [inner, file('/logs/one.json')])));
  assert.equal(files.length, 251);
  assert.equal(troubles.length, 0);
  assert.ok(files.some(({ name }) => name === 'logs/eu/249.json.gz'));
});

test('a file that cannot be opened is named, the rest is read', async () => {
  const { files, troubles } = await fromDrop(drop(folder('/logs', [file('/logs/gone.json', true), file('/logs/here.json')])));
  assert.deepEqual(files.map(({ name }) => name), ['logs/here.json']);
  assert.deepEqual(troubles, [{ file: 'logs/gone.json', reason: 'it could not be opened: it is gone' }]);
});
