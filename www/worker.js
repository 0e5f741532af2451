// A worker: parses its share of the files, or merges, scores and reports. It holds one instance of the core and ends with it.

import { start, classify, Loader, Checker, Engine, Simulation, partsOf, readOriginal } from './engine.js';
import { apart, AT_ONCE, endOf, HEAD, stretchOf } from './share.js';
import { unreachable } from './unreachable.js';

/** @typedef {import('./protocol.js').ToWorker} ToWorker */
/** @typedef {import('./protocol.js').FromWorker} FromWorker */
/** @typedef {import('./protocol.js').Stretch} Stretch */

/** A file of so many bytes or fewer is fetched whole to be hashed. */
const SMALL = 512 << 10;

/** At least so much is fetched at once where a file is read on. */
const MORE = 1 << 20;

/** How often figures are told, in milliseconds. */
const BEAT = 300;

/** How many events are worth a message. Fewer, and the same strings are handed over again and again. */
const WORTH = 40_000;

const FIREFOX = navigator.userAgent.includes('Firefox/');

/** When figures were told last. */
let told = 0;

/** @type {Loader | null} */
let loader = null;
/** @type {Checker | null} */
let checker = null;
/** @type {Engine | null} */
let engine = null;

/** What is said waits its turn: a report is made in steps, of which another worker may take one. */
let turn = Promise.resolve();
/** The other worker, where there is one, is lost. */
let alone = false;
/** Ends the wait for it. */
let waitNoMore = () => {};

self.onmessage = (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  if (data.type === 'alone') {
    alone = true;
    return waitNoMore();
  }
  turn = turn.then(() => answer(data)).catch((error) => say({ type: 'failed', reason: reason(error), failure: kind(error) }));
};

/** @param {Exclude<ToWorker, { type: 'alone' }>} message @returns {Promise<void> | void} */
function answer(message) {
  switch (message.type) {
    case 'start':
      start(message.module);
      return say({ type: 'ready' });
    case 'read':
      return readAll(message.files, message.fetched, message.all);
    case 'pack':
      return handOver();
    case 'simulate':
      return simulate(message.recipe);
    case 'begin':
      // One that was warmed has read the table already.
      engine ??= new Engine(message.geo);
      return;
    case 'end':
      engine?.forgetAll();
      return;
    case 'merge':
      if (!engine) return;
      engine.expect(message.expected);
      say({ type: 'merged', events: engine.merge(message.pack) });
      return letGo(message.pack);
    case 'forget':
      engine?.forget(message.name, message.part);
      return;
    case 'peek':
      return say({ type: 'provisional', json: engine?.provisional(message.most) ?? null });
    case 'check': {
      if (!engine) return;
      const [files, names] = /** @type {[string[], string[]]} */ (JSON.parse(engine.toCheck()));
      return say({ type: 'to-check', files, names });
    }
    case 'wanted':
      checker?.free();
      checker = new Checker(message.names);
      return;
    case 'hash':
      return hashAll(message.files);
    case 'score': {
      if (!engine) return;
      engine.setHashed(`[${(message.hashed ?? []).join()}]`);
      for (const { file, reason } of message.troubles) engine.addUnreadable(file, reason);
      return report(engine, undefined, message.port);
    }
    case 'known':
      engine?.setKnown(message.text);
      return;
    case 'rescore':
      if (!engine) throw new Error('there is no report');
      return report(engine, message.budget, null);
    case 'classify':
      message.port.onmessage = ({ data }) => {
        const classified = classify(data);
        letGo(data);
        message.port.postMessage(classified, [classified.buffer]);
      };
      return;
    case 'ask': {
      const { ask } = message;
      try {
        if (!engine) throw new Error('there is no report');
        const answer = answered(engine, message.question);
        return say({ type: 'answer', ask, answer, error: '' }, typeof answer === 'string' ? [] : buffers(answer));
      } catch (error) {
        return say({ type: 'answer', ask, answer: '', error: reason(error) });
      }
    }
    case 'original': {
      const { ask, file, place } = message;
      try {
        const bytes = readOriginal(reader(file, []), place[1], place[2], place[3]);
        return say({ type: 'original', ask, text: new TextDecoder().decode(bytes), error: '' });
      } catch (error) {
        return say({ type: 'original', ask, text: '', error: reason(error) });
      }
    }
    default:
      return unreachable(message);
  }
}

/** @param {import('./workshop.js').Recipe} recipe */
function simulate({ seed, people, machines, days }) {
  const simulation = new Simulation(seed, people, machines, days, 'all');
  for (let day = simulation.nextDay(); day; day = simulation.nextDay()) {
    const made = day;
    const files = day.names.map((/** @type {string} */ name, /** @type {number} */ at) => ({ name, bytes: made.bytes(at) }));
    say({ type: 'day', files, labels: day.labels }, files.map(({ bytes }) => bytes.buffer));
    day.free();
  }
  simulation.free();
  say({ type: 'simulated' });
}

/** The last table of this worker. */
function handOver() {
  loader ??= new Loader();
  const pack = loader.pack();
  loader.free();
  loader = null;
  say({ type: 'packed', pack }, [pack.buffer]);
}

/**
 * Makes the report. Through the port another worker is asked for what the score does not need; what is asked about the report meanwhile waits.
 * @param {Engine} engine @param {number | undefined} budget @param {MessagePort | null} port
 */
async function report(engine, budget, port) {
  engine.measure(budget, undefined, false);
  /** @type {Promise<Uint8Array | null>} */
  const classified = port ? other(port, engine.unclassified()) : Promise.resolve(null);
  const head = engine.rank();
  const sessions = /** @type {Omit<import('./sessions.js').Columns, 'calls'>} */ (engine.sessions());
  say({ type: 'report', head, sessions, files: engine.fileNames() }, buffers(sessions));
  const identities = engine.complete();
  const columns = /** @type {import('./sessions.js').Completed} */ (engine.completed());
  say({ type: 'completed', identities, columns }, buffers(columns));
  engine.finish((await classified) ?? classify(engine.unclassified()));
  say({ type: 'classified' });
}

/** What the classic detectors say of measured sessions, from another worker; nothing where it is lost. @param {MessagePort} port @param {Uint8Array} unclassified @returns {Promise<Uint8Array | null>} */
function other(port, unclassified) {
  return new Promise((resolve) => {
    waitNoMore = () => resolve(null);
    if (alone) waitNoMore();
    port.onmessage = ({ data }) => resolve(data);
    port.postMessage(unclassified, [unclassified.buffer]);
  }).finally(() => {
    alone = false;
    port.close();
  });
}

/**
 * What the report says when it is asked.
 * @param {Engine} engine
 * @param {import('./protocol.js').Question} question
 * @returns {string | object}
 */
function answered(engine, question) {
  switch (question.about) {
    case 'session':
      return engine.session(question.rank);
    case 'events':
      return engine.sessionEvents(question.rank);
    case 'chart':
      return engine.chartColumns(question.name, question.of ?? undefined);
    case 'ticket':
      return engine.markdown(question.rank, question.zone);
    case 'markdown':
      return engine.markdown(undefined, question.zone);
    case 'truth':
      return engine.truth(question.labels);
    case 'json':
      return engine.reportJson();
    case 'events-csv':
      return engine.eventsCsv();
    case 'alerts-csv':
      return engine.alertsCsv(question.zone);
    case 'html':
      return engine.html(question.zone);
    default:
      return unreachable(question);
  }
}

/** The memory of a table's columns, to hand over instead of copying. @param {object} table @returns {Transferable[]} */
function buffers(table) {
  return Object.values(table).flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer] : Array.isArray(column) ? [] : buffers(column)));
}

/** A file, or which part of it and of how many. @typedef {{ name: string, file: File, part?: number, of?: number }} Named */

/**
 * Reads files one after the other.
 * @param {Named[]} files @param {Stretch[][]} fetched what of each is fetched already
 * @param {number} all bytes of all that are read
 */
function readAll(files, fetched, all) {
  for (const [at, one] of files.entries()) {
    const there = held(fetched[at] ?? []);
    read(one, all, there);
    for (const { bytes } of there) letGo(bytes);
  }
}

/**
 * Gives the memory of bytes back at once. While it is busy with the core, Firefox collects nothing: that was a quarter of the page's memory. Chromium
 * collects by what buffers weigh; what was emptied weighs nothing there, and is held all the same.
 * @param {Uint8Array} bytes
 */
function letGo({ buffer }) {
  if (FIREFOX && buffer instanceof ArrayBuffer) buffer.transfer?.(0);
}

/**
 * Hashes what is wanted of files. Small ones are fetched together: a browser takes a millisecond for each, whatever its size.
 * @param {Named[]} files
 */
async function hashAll(files) {
  /** @type {string[]} */
  const hashed = [];
  const fetching = files.map(async ({ file }) => (files.length > 1 && file.size <= SMALL ? held([{ from: 0, bytes: await file.arrayBuffer() }]) : []));
  for (const [at, { name, file, part = 0, of = 1 }] of files.entries()) {
    // What cannot be fetched is tried again by itself, and then says why.
    const source = sourceOf(name, file, part, of, (await fetching[at]?.catch(() => [])) ?? []);
    if (checker) hashed.push(checker.hash(name, part, of, source));
  }
  say({ type: 'hashed', hashed });
}

/**
 * A file that cannot be read, or not to its end, stands in the core's own import report. What is thrown here came from
 * the core giving way: the instance is of no use any more, so the worker says so and is replaced.
 * Of a file that can be read in parts, this one takes the first, and says how many there are.
 * @param {Named} one
 * @param {number} all bytes of all files that are read
 * @param {Held[]} held what of it is fetched already
 */
function read({ name, file, part = 0, of }, all, held) {
  loader ??= new Loader();
  const parts = of ?? partsOf(reader(file, held), all);
  if (of === undefined && parts > 1) say({ type: 'parts', of: parts });
  const source = sourceOf(name, file, part, parts, held);
  const events = loader.addFile(
    name,
    part,
    parts,
    source,
    (/** @type {number} */ bytes, /** @type {number} */ events) => {
      const now = performance.now();
      if (now - told < BEAT) return;
      told = now;
      say({ type: 'progress', bytes, events });
    },
    // Two halves hold no more than the whole.
    Math.max(WORTH, (WORTH * 5) / parts),
    (/** @type {Uint8Array} */ pack) => say({ type: 'handed', pack, unfinished: true }, [pack.buffer]),
  );
  say({ type: 'read', events, digests: loader.digests });
  if (loader.held >= WORTH) {
    const pack = loader.pack();
    say({ type: 'handed', pack, unfinished: false }, [pack.buffer]);
  }
}

/** Bytes of a file that are there, and where in it they begin. @typedef {{ from: number, bytes: Uint8Array }} Held */

/** @param {Stretch[]} fetched @returns {Held[]} */
const held = (fetched) => fetched.map(({ from, bytes }) => ({ from, bytes: new Uint8Array(bytes) }));

/**
 * Reads slices of a file as they are asked for; the file is never held whole. Each time a browser is asked for bytes it takes some
 * milliseconds, however few they are: what is fetched is kept until other bytes are wanted.
 * @param {File} file
 * @param {Held[]} held what of it is fetched already
 * @param {(offset: number, length: number) => number} much how much is fetched where so much is wanted
 */
function reader(file, held, much = (_, length) => (length < MORE ? length : AT_ONCE)) {
  const slices = new FileReaderSync();
  /** @type {Held} */
  let last = { from: 0, bytes: new Uint8Array() };
  return {
    size: file.size,
    /** @param {number} offset @param {number} length */
    read(offset, length) {
      const holds = (/** @type {Held} */ { from, bytes }) => offset >= from && offset < from + bytes.length;
      let there = holds(last) ? last : held.find(holds);
      if (!there) {
        try {
          // What was fetched last goes before there is more.
          letGo(last.bytes);
          last = { from: 0, bytes: new Uint8Array() };
          last = there = { from: offset, bytes: new Uint8Array(slices.readAsArrayBuffer(file.slice(offset, offset + much(offset, length)))) };
        } catch (error) {
          throw new Error(reason(error));
        }
      }
      return there.bytes.subarray(offset - there.from, offset - there.from + length);
    },
  };
}

/** What every part needs of the archive that was read last. @type {{ of: string, held: Held[] }} */
let shared = { of: '', held: [] };

/**
 * The same of a file or a part of it. Of an archive what every part needs, its first bytes and the list of members at its end, is
 * fetched once; the rest about a part at a time.
 * @param {string} name @param {File} file @param {number} part @param {number} of
 * @param {Held[]} held what of it is fetched already
 */
function sourceOf(name, file, part, of, held) {
  if (!apart(of)) return reader(file, held);
  const stretch = stretchOf(file.size, part, of);
  if (shared.of !== name) {
    const { size, read } = reader(file, held, (_, length) => length);
    const wanted = [{ from: 0, to: HEAD }, { from: endOf(size), to: size }];
    shared = { of: name, held: wanted.map(({ from, to }) => ({ from, bytes: read(from, to - from).slice() })) };
  }
  return reader(file, [...held, ...shared.held], (offset) => (offset < stretch.from ? MORE : Math.min(AT_ONCE, Math.max(MORE, stretch.to - offset))));
}

/** @param {unknown} error */
function reason(error) {
  // Firefox throws what is no Error where a file is read in a worker: it has a name of its own kind.
  const name = String(/** @type {{ name?: unknown } | null} */ (error)?.name ?? '');
  if (/^NotFoundError$|FILE_NOT_FOUND/.test(name)) return 'it is no longer there';
  if (/^NotReadableError$|^NS_ERROR_(FILE|DOM_FILE|FAILURE)/.test(name)) return 'the browser may not read it, or it has changed since it was chosen';
  if (kind(error) === 'memory') return 'there is not enough memory in this browser';
  return error instanceof Error ? error.message : String(error);
}

/**
 * What kind of failure it is. The core ends with `unreachable` where memory is refused, and says where where it gives way.
 * @param {unknown} error
 */
function kind(error) {
  if (error instanceof RangeError || (error instanceof WebAssembly.RuntimeError && /unreachable/.test(error.message))) return 'memory';
  return error instanceof WebAssembly.RuntimeError || (error instanceof Error && /^panicked at/.test(error.message)) ? 'broken' : 'nothing-read';
}

/** @param {FromWorker} message @param {Transferable[]} [transfer] */
function say(message, transfer = []) {
  self.postMessage(message, { transfer });
}
