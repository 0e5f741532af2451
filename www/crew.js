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

/** How often the sample is read before it is scored, and read and scored in all: until most of what is busy has been compiled. */
const READ_FIRST = 6;
const READ = 60;
const SCORED = 60;

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
    const pack = await readAndPack(reads, Array(READ_FIRST).fill(file));
    if (!wanted) return;
    // Whatever comes now, the others are ready.
    [warming, waiting] = [[scores, reads], hands.filter((hand) => hand !== scores && hand !== reads)];
    await Promise.all([
      score(scores, table, pack, begun).then(() => {
        waitingToScore = ready(scores);
      }),
      // Large files are inflated piece by piece, as gzip of several members is.
      readOn(reads, new File(Array(READ_FIRST).fill(sample.bytes), sample.name), begun).then(() => {
        const hand = ready(reads);
        if (hand) waiting.unshift(hand);
      }),
    ]);
  } catch {
    stopPreparing();
  }
}

/** One that is done; none where files are there by now: it was ended with the others. @param {Hand} hand */
function ready(hand) {
  warming = warming.filter((one) => one !== hand);
  return wanted ? hand : undefined;
}

/** Reads files and hands over what is in them. @param {Hand} hand @param {File[]} files */
async function readAndPack(hand, files) {
  tell(hand, { type: 'read', files: files.map((file, at) => ({ name: `${at}`, file })), fetched: files.map(() => []), all: Infinity });
  tell(hand, { type: 'pack' });
  return (await said(hand, 'packed')).pack;
}

/** Reads a file of as many samples as were read first again and again, while they are scored. @param {Hand} hand @param {File} file @param {number} begun */
async function readOn(hand, file, begun) {
  for (let read = READ_FIRST; read < READ && wanted && performance.now() - begun < LONGEST; read += READ_FIRST) await readAndPack(hand, [file]);
}

/** Scores what was read again and again, and lets it go. @param {Hand} hand @param {Uint8Array} table @param {Uint8Array} pack @param {number} begun */
async function score(hand, table, pack, begun) {
  tell(hand, { type: 'begin', geo: table });
  tell(hand, { type: 'merge', pack, expected: 0 }, [pack.buffer]);
  tell(hand, { type: 'score', troubles: [], port: null });
  await said(hand, 'report');
  for (let time = 1; time < SCORED && wanted && performance.now() - begun < LONGEST; time++) {
    tell(hand, { type: 'rescore', budget: time / 1000 });
    await said(hand, 'report');
  }
  tell(hand, { type: 'end' });
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
