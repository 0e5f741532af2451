// A made-up organisation is the same in the module and in the terminal, byte for byte.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BIN } from './browsers.mjs';
import { Simulation, initSync, scenarios } from '../../pkg/oddtrail.js';

initSync({ module: readFileSync(new URL('../../pkg/oddtrail_bg.wasm', import.meta.url)) });

/** Files below a folder, by their path from it. */
function filesBelow(folder) {
  const found = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      found.set(path.slice(folder.length + 1), readFileSync(path));
    }
  }
  return found;
}

test('the module and the terminal make the same organisation', () => {
  const out = mkdtempSync(join(tmpdir(), 'oddtrail-'));
  try {
    for (const [seed, scenario] of [[11, 'all'], [12, 'slow-key:subtle,role-chain']]) {
      const folder = join(out, String(seed));
      const run = spawnSync(BIN, ['simulate', '--quiet', '--out', folder, '--seed', String(seed), '--people', '16', '--machines', '10', '--days', '9', '--scenario', scenario]);
      assert.equal(run.status, 0, String(run.stderr));
      const written = filesBelow(folder);
      let labels = 'eventID,label,scenario,incident,principal,kind,time,ip,ua\n';
      let files = 0;
      const simulation = new Simulation(seed, 16, 10, 9, scenario);
      for (let day = simulation.nextDay(); day; day = simulation.nextDay()) {
        day.names.forEach((name, at) => assert.ok(written.get(name)?.equals(day.bytes(at)), name));
        files += day.names.length;
        labels += day.labels;
      }
      assert.equal(files, written.size - 1);
      assert.equal(labels, written.get('labels.csv').toString());
    }
  } finally {
    rmSync(out, { recursive: true });
  }
});

test('a wrong recipe is refused with what was expected', () => {
  assert.throws(() => new Simulation(1, 0, 1, 1, 'all'), /people: expected 1 to 5000, found 0/);
  assert.throws(() => new Simulation(1, 5, 1, 1, 'no-such'), /expected all, none or some of/);
});

test('scenarios tell their names, techniques and stories', () => {
  const known = JSON.parse(scenarios());
  assert.ok(known.length >= 29);
  assert.ok(known.every(({ name, techniques, story }) => name && techniques.length && story.endsWith('.')));
});
