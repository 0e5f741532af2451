// Workers, and how they are made ready before they are needed: so that choosing files is not the start of the work.
//
// A browser runs a module quickly only once it has seen which parts are busy, and to compile those takes more time than a
// file of 100,000 events. So while the reader looks for files, the sample is read and scored a few times, and let go: the
// module is compiled once for all workers, and stays quick.

import { loadGeo, loadModule, loadSample, startWorker } from './assets.js';

/** @typedef {import('./protocol.js').ToWorker} ToWorker */
/** @typedef {import('./protocol.js').FromWorker} FromWorker */
/** @typedef {ReturnType<typeof startWorker>} Hand */

/** Not more workers that read than these wait: each holds some megabytes. */
const MOST_WAITING = 4;

/** How often the sample is read and scored: until most of what is busy has been compiled. */
const READ = 6;
const SCORED = 24;

/** Nothing more is begun after so many milliseconds: files may come at any moment, and a worker that is not done is lost. */
const LONGEST = 1300;

/** @type {Promise<WebAssembly.Module> | undefined} */
let compiled;

/** The core, compiled once for the page and all workers. */
export function compiledModule() {
  compiled ??= loadModule().catch((error) => {
    compiled = undefined;
    throw error;
  });
  return compiled;
}

/** @type {Promise<Uint8Array> | undefined} */
let geo;

/** Countries and networks of addresses, fetched once. */
export function geoTable() {
  geo ??= loadGeo().catch((error) => {
    geo = undefined;
    throw error;
  });
  return geo;
}

/** @type {Hand[]} */
let waiting = [];
/** It has scored the sample, and read the table of networks. @type {Hand | undefined} */
let waitingToScore;
/** At work on the sample. @type {Hand[]} */
let warming = [];
let wanted = true;

/** A worker that has started, or is about to. @param {WebAssembly.Module} module @returns {Hand} */
export function hire(module) {
  const hand = waiting.pop();
  if (hand) return hand;
  const fresh = startWorker();
  tell(fresh, { type: 'start', module });
  return fresh;
}

/** The worker that scores. @param {WebAssembly.Module} module @returns {Hand} */
export function hireToScore(module) {
  const hand = waitingToScore ?? hire(module);
  waitingToScore = undefined;
  return hand;
}

/** Files are there: nothing needs to be made ready any more. */
export function stopPreparing() {
  wanted = false;
  for (const hand of warming) hand.terminate();
  warming = [];
}

/** Starts workers and lets them work on the sample. What fails here will fail again where it can be said. */
export async function prepare() {
  try {
    const [module, table, sample] = await Promise.all([compiledModule(), geoTable(), loadSample()]);
    if (!wanted) return;
    // One more scores, and one takes a part of that.
    const many = Math.min(navigator.hardwareConcurrency || 1, MOST_WAITING) + 2;
    const hands = Array.from({ length: many }, () => hire(module));
    const [reads, scores] = hands;
    if (!reads || !scores) return;
    warming = hands;
    const begun = performance.now();
    const file = new File([sample.bytes], sample.name);
    const files = Array.from({ length: READ }, (_, time) => ({ name: `${time}`, file }));
    tell(reads, { type: 'read', files, fetched: files.map(() => []), all: Infinity });
    tell(reads, { type: 'pack' });
    const pack = await said(reads, 'packed');
    if (!wanted) return;
    // Whatever comes now, the others are ready.
    [warming, waiting] = [[scores], hands.filter((hand) => hand !== scores)];
    tell(scores, { type: 'begin', geo: table });
    tell(scores, { type: 'merge', pack: pack.pack, expected: 0 }, [pack.pack.buffer]);
    tell(scores, { type: 'score', troubles: [], port: null });
    await said(scores, 'report');
    for (let time = 1; time < SCORED && wanted && performance.now() - begun < LONGEST; time++) {
      tell(scores, { type: 'rescore', budget: time / 1000 });
      await said(scores, 'report');
    }
    tell(scores, { type: 'end' });
    if (!wanted) return;
    warming = [];
    waitingToScore = scores;
  } catch {
    stopPreparing();
  }
}

/**
 * The next message of a kind.
 * @template {FromWorker['type']} Type
 * @param {Hand} hand @param {Type} type
 * @returns {Promise<Extract<FromWorker, { type: Type }>>}
 */
function said(hand, type) {
  return new Promise((resolve, reject) => {
    hand.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    hand.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data }) => {
      if (data.type === 'failed') reject(new Error(data.reason));
      if (data.type !== type) return;
      hand.onmessage = hand.onerror = null;
      resolve(/** @type {Extract<FromWorker, { type: Type }>} */ (data));
    };
  });
}

/** @param {Hand} hand @param {ToWorker} message @param {Transferable[]} [transfer] */
export function tell(hand, message, transfer = []) {
  hand.postMessage(message, transfer);
}
