// Made-up organisations, made in the page from a name and a seed: the sample, and a workshop's exercises. The truth comes
// with them and stays apart from what is read: reports and exports hold nothing of it.

import { compiledModule, hire, stopPreparing, tell } from './crew.js';
import { readFiles } from './reading.js';
import { exercise, progress } from './state.js';

/** @typedef {import('./protocol.js').FromWorker} FromWorker */
/** @typedef {{ seed: number, people: number, machines: number, days: number }} Recipe */

/** Organisations by name: how many people and machines, and how many days of them. */
const ORGANISATIONS = {
  sample: { people: 20, machines: 10, days: 14 },
  team: { people: 40, machines: 24, days: 30 },
  company: { people: 120, machines: 60, days: 30 },
};

/** @typedef {keyof typeof ORGANISATIONS} Organisation */

let latest = 0;
/** At work on an organisation. @type {ReturnType<typeof hire> | null} */
let maker = null;

progress.watch(({ state }) => {
  if (state === 'cancelled' || state === 'idle') stopMaking();
});

function stopMaking() {
  maker?.terminate();
  maker = null;
}

/** Makes an organisation and reads it, alone. @param {Organisation} name @param {number} seed */
export function openOrganisation(name, seed) {
  const number = ++latest;
  stopMaking();
  stopPreparing();
  const gathering = make({ seed, ...ORGANISATIONS[name] }).then(({ files, labels }) => {
    if (number === latest) exercise.set({ name, seed, labels, marks: new Map(), revealed: false });
    return { files, troubles: [] };
  });
  return readFiles(gathering, { sample: true });
}

/** @param {Recipe} recipe @returns {Promise<{ files: { name: string, file: File }[], labels: string }>} */
async function make(recipe) {
  const hand = (maker = hire(await compiledModule()));
  /** @type {{ name: string, file: File }[]} */
  const files = [];
  let labels = 'eventID,label,scenario,incident,principal,kind,time,ip,ua\n';
  return new Promise((resolve, reject) => {
    hand.onerror = (event) => {
      event.preventDefault();
      stopMaking();
      reject(new Error(event.message));
    };
    hand.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data }) => {
      if (data.type === 'failed') {
        stopMaking();
        reject(new Error(data.reason));
      } else if (data.type === 'day') {
        for (const { name, bytes } of data.files) files.push({ name, file: new File([/** @type {BlobPart} */ (bytes)], name.split('/').pop() ?? name) });
        labels += data.labels;
      } else if (data.type === 'simulated') {
        stopMaking();
        resolve({ files, labels });
      }
    };
    tell(hand, { type: 'simulate', recipe });
  });
}

/** Opens what the address names: `#sim=team&seed=7`, alone or among the state of a view. */
export function openFromAddress() {
  const parts = new URLSearchParams(location.hash.replace(/^#(\/[a-z]*\??)?/, ''));
  const name = parts.get('sim') ?? '';
  const seed = Number(parts.get('seed') ?? 1);
  if (!Object.hasOwn(ORGANISATIONS, name) || !Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) return;
  const now = exercise.get();
  if (now?.name === name && now.seed === seed) return;
  void openOrganisation(/** @type {Organisation} */ (name), seed);
}
