// From files to a report: hands files to parsing workers from one queue, then their tables to one that scores.
// Ending the workers is what cancelling means: their memory goes with them.

import { loadModule, loadGeo, startWorker } from './assets.js';
import { progress, report, reportText, chosen, AT_REST } from './state.js';
import { parseReport } from './report.js';
import { unreachable } from './unreachable.js';

/** @typedef {import('./protocol.js').ToWorker} ToWorker */
/** @typedef {import('./protocol.js').FromWorker} FromWorker */
/** @typedef {import('./protocol.js').Problem} Problem */
/** @typedef {{ name: string, file: File }} Named */
/** @typedef {ReturnType<typeof startWorker>} Hand */

const MOST_WORKERS = 8;

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

/** Everything that one reading started: ended together. */
class Reading {
  /** @type {Set<Hand>} */
  hands = new Set();
  over = false;

  /** @param {WebAssembly.Module} module */
  hire(module) {
    const hand = startWorker();
    this.hands.add(hand);
    tell(hand, { type: 'start', module });
    return hand;
  }

  /** @param {Hand} hand */
  dismiss(hand) {
    hand.terminate();
    this.hands.delete(hand);
  }

  end() {
    this.over = true;
    for (const hand of this.hands) hand.terminate();
    this.hands.clear();
  }
}

/** @type {Reading | null} */
let current = null;
/** The scoring worker of the report that is shown. @type {Hand | null} */
let scorer = null;
/** The files of the report that is shown, as the core numbers them; those that could not be opened are not there. @type {{ name: string, file: File | undefined }[]} */
let sources = [];

/**
 * Files to read, and those that could not even be opened.
 * @typedef {{ files: Named[], troubles: Problem[] }} Gathered
 */

/**
 * Reads files and shows their report. What was shown before is let go.
 * @param {Promise<Gathered>} gathering
 */
export async function readFiles(gathering) {
  current?.end();
  const reading = (current = new Reading());
  scorer = null;
  sources = [];
  chosen.set(null);
  report.set(null);
  reportText.set(null);

  progress.set({ ...AT_REST, state: 'reading' });
  try {
    const { files, troubles } = await gathering;
    if (reading.over) return;
    const named = unique(files);
    const total = named.reduce((sum, { file }) => sum + file.size, 0);
    progress.set({ ...progress.get(), files: named.length, total });
    if (named.length + troubles.length === 0) throw new Error('there was no file in what was dropped');
    const module = await compiledModule();
    const geo = await loadGeo();
    if (reading.over) return;
    const { packs, lost } = await parse(reading, module, named);
    if (reading.over) return;
    progress.set({ ...progress.get(), state: 'scoring' });
    const scored = await score(reading, module, { type: 'score', geo, packs, troubles: [...troubles, ...lost] });
    if (reading.over) return;
    const fileOf = new Map(named.map(({ name, file }) => [name, file]));
    sources = scored.files.map((name) => ({ name, file: fileOf.get(name) }));
    const parsed = parseReport(scored.json);
    reportText.set(scored.json);
    report.set(parsed);
    progress.set({ ...progress.get(), state: 'done', events: parsed.summary.events });
  } catch (error) {
    if (reading.over) return;
    reading.end();
    progress.set({ ...progress.get(), state: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
}

/** Ends the reading that is under way. */
export function cancel() {
  const { state } = progress.get();
  if (state !== 'reading' && state !== 'scoring') return;
  current?.end();
  progress.set({ ...progress.get(), state: 'cancelled' });
}

/** All events of the report that is shown, as CSV. @returns {Promise<string>} */
export async function eventsCsv() {
  const message = await ask({ type: 'events-csv' }, (m) => m.type === 'events-csv');
  return message.type === 'events-csv' ? message.csv : '';
}

let asked = 0;

/**
 * The original text of an event, read again from its file.
 * @param {[number, number, number, number]} place
 */
export async function original(place) {
  const source = sources[place[0]];
  if (!source?.file) throw new Error('its file is not among those that were read');
  const number = ++asked;
  const message = await ask({ type: 'original', ask: number, file: source.file, place }, (m) => m.type === 'original' && m.ask === number);
  if (message.type !== 'original' || message.error) throw new Error(message.type === 'original' ? message.error : 'no answer');
  return { name: source.name, text: message.text };
}

/**
 * Asks the scoring worker and waits for the answer that fits.
 * @param {ToWorker} question
 * @param {(message: FromWorker) => boolean} fits
 * @returns {Promise<FromWorker>}
 */
function ask(question, fits) {
  const hand = scorer;
  if (!hand) return Promise.reject(new Error('there is no report'));
  return new Promise((resolve, reject) => {
    const listener = (/** @type {MessageEvent<FromWorker>} */ event) => {
      if (event.data.type === 'failed') reject(new Error(event.data.reason));
      else if (!fits(event.data)) return;
      hand.removeEventListener('message', listener);
      resolve(event.data);
    };
    hand.addEventListener('message', listener);
    tell(hand, question);
  });
}

/**
 * Parses all files. A worker takes the next file when it is done with one. Of a worker that dies, the file it was
 * reading is named as a problem; what it had read before goes back into the queue, for a new worker.
 * @param {Reading} reading
 * @param {WebAssembly.Module} module
 * @param {Named[]} files
 * @returns {Promise<{ packs: Uint8Array[], lost: Problem[] }>}
 */
function parse(reading, module, files) {
  // Largest first, so that no worker is left alone with a large file at the end. The report does not depend on it.
  const queue = [...files].sort((a, b) => b.file.size - a.file.size);
  /** @type {Uint8Array[]} */
  const packs = [];
  /** @type {Problem[]} */
  const lost = [];
  const done = { files: 0, bytes: 0, events: 0 };
  /** After a death each worker reads one file only: smaller, and whatever fails has a name. */
  let oneEach = false;
  /** What each worker has in hand. @type {Map<Hand, { now: Named | null, bytes: number, had: Named[], hadBytes: number, hadEvents: number }>} */
  const shares = new Map();
  const show = () => {
    let { bytes } = done;
    for (const share of shares.values()) bytes += share.bytes;
    progress.set({ ...progress.get(), filesDone: done.files, bytes, events: done.events });
  };

  return new Promise((resolve, reject) => {
    /** @param {Hand} hand */
    const next = (hand) => {
      const share = shares.get(hand);
      if (!share) return;
      share.bytes = 0;
      share.now = oneEach && share.had.length > 0 ? null : (queue.shift() ?? null);
      if (share.now) tell(hand, { type: 'read', ...share.now });
      else tell(hand, { type: 'pack' });
      show();
    };
    const finish = () => {
      if (shares.size === 0 && queue.length === 0) resolve({ packs, lost });
    };
    /** @param {Hand} hand @param {string} why */
    const lose = (hand, why) => {
      const share = shares.get(hand);
      if (!share) return;
      shares.delete(hand);
      reading.dismiss(hand);
      if (!share.now && share.had.length === 0) return reject(new Error(why));
      if (share.now) {
        lost.push({ file: share.now.name, reason: `reading it failed: ${why}` });
        done.files += 1;
        done.bytes += share.now.file.size;
      } else if (share.had.length === 1) {
        // It died while handing over a single file: reading it again would end the same.
        lost.push({ file: share.had[0]?.name ?? '', reason: `reading it failed: ${why}` });
        share.had = [];
        share.hadBytes = share.hadEvents = 0;
      }
      oneEach = true;
      done.files -= share.had.length;
      done.bytes -= share.hadBytes;
      done.events -= share.hadEvents;
      queue.push(...share.had);
      show();
      if (queue.length > 0) begin();
      else finish();
    };
    const begin = () => {
      const hand = reading.hire(module);
      shares.set(hand, { now: null, bytes: 0, had: [], hadBytes: 0, hadEvents: 0 });
      hand.onerror = (event) => {
        event.preventDefault();
        lose(hand, event.message || 'the worker ended');
      };
      hand.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data }) => {
        const share = shares.get(hand);
        if (!share) return;
        switch (data.type) {
          case 'ready':
            return next(hand);
          case 'progress':
            share.bytes = data.bytes;
            return show();
          case 'read':
            if (share.now) {
              const { size } = share.now.file;
              share.had.push(share.now);
              share.hadBytes += size;
              share.hadEvents += data.events;
              done.files += 1;
              done.bytes += size;
              done.events += data.events;
            }
            return next(hand);
          case 'packed':
            packs.push(data.pack);
            shares.delete(hand);
            reading.dismiss(hand);
            return queue.length > 0 ? begin() : finish();
          case 'failed':
            return lose(hand, data.reason);
          case 'report':
          case 'events-csv':
          case 'original':
            return;
          default:
            return unreachable(data);
        }
      };
    };
    const workers = Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS, files.length);
    if (workers === 0) finish();
    for (let i = 0; i < workers; i++) begin();
  });
}

/**
 * @param {Reading} reading
 * @param {WebAssembly.Module} module
 * @param {Extract<ToWorker, { type: 'score' }>} question
 * @returns {Promise<Extract<FromWorker, { type: 'report' }>>}
 */
function score(reading, module, question) {
  const hand = reading.hire(module);
  return new Promise((resolve, reject) => {
    hand.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`scoring ended: ${event.message || 'the worker ended, perhaps for want of memory'}`));
    };
    hand.addEventListener('message', function listener(/** @type {MessageEvent<FromWorker>} */ { data }) {
      if (data.type === 'ready') {
        tell(hand, question, question.packs.map((pack) => pack.buffer));
      } else if (data.type === 'report') {
        hand.removeEventListener('message', listener);
        scorer = hand;
        resolve(data);
      } else if (data.type === 'failed') {
        reject(new Error(data.reason));
      }
    });
  });
}

/** @param {Hand} hand @param {ToWorker} message @param {Transferable[]} [transfer] */
function tell(hand, message, transfer = []) {
  hand.postMessage(message, transfer);
}

/**
 * Names that tell files apart: the second `a.json` becomes `a.json (2)`.
 * @param {Named[]} files
 * @returns {Named[]}
 */
function unique(files) {
  /** @type {Set<string>} */
  const taken = new Set();
  return files.map(({ name, file }) => {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
    taken.add(free);
    return { name: free, file };
  });
}
