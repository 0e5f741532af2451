// A worker: parses its share of the files, or merges, scores and reports. It holds one instance of the core and ends with it.

import { start, classify, Loader, Checker, Engine, Simulation, partsOf, readOriginal } from './engine.js';
import { shareOf } from './share.js';
import { unreachable } from './unreachable.js';

/** @typedef {import('./protocol.js').ToWorker} ToWorker */
/** @typedef {import('./protocol.js').FromWorker} FromWorker */

/** A file of so many bytes or fewer is fetched whole. */
const SMALL = 512 << 10;

/** Of an archive that is read in parts, at most so much is kept of its beginning, of its end, and fetched of a part at once, then more. */
const HEAD = 64 << 10;
const END = 4 << 20;
const AHEAD = 8 << 20;
const MORE = 1 << 20;

/** How often figures move, in milliseconds. */
const BEAT = 100;

/** How many events are worth a message. Fewer, and the same strings are handed over again and again. */
const WORTH = 40_000;

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
      return readAll(message.files, message.all);
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
      return say({ type: 'merged', events: engine.merge(message.pack) });
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
        const bytes = readOriginal(reader(file), place[1], place[2], place[3]);
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
 * Makes the report. Through the port another worker is asked for what the score does not need.
 * @param {Engine} engine @param {number | undefined} budget @param {MessagePort | null} port
 */
async function report(engine, budget, port) {
  const measured = engine.measure(budget, undefined, false);
  /** @type {Promise<Uint8Array | null>} */
  const classified = port ? other(port, measured) : Promise.resolve(null);
  engine.rank();
  const head = engine.finish((await classified) ?? classify(measured));
  const sessions = /** @type {import('./sessions.js').Columns} */ (engine.sessions());
  say({ type: 'report', head, sessions, files: engine.fileNames() }, buffers(sessions));
}

/** What isolation forest and DBSCAN say of measured sessions, from another worker; nothing where it is lost. @param {MessagePort} port @param {Uint8Array} measured @returns {Promise<Uint8Array | null>} */
function other(port, measured) {
  return new Promise((resolve) => {
    waitNoMore = () => resolve(null);
    if (alone) waitNoMore();
    port.onmessage = ({ data }) => resolve(data);
    port.postMessage(measured);
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

/** Reads files one after the other. @param {Named[]} files @param {number} all bytes of all that are read */
const readAll = (files, all) => inTurn(files, (one, bytes) => read(one, all, bytes));

/** Hashes what is wanted of files. @param {Named[]} files */
async function hashAll(files) {
  /** @type {string[]} */
  const hashed = [];
  await inTurn(files, ({ name, file, part = 0, of = 1 }, bytes) => {
    const source = of > 1 ? ofPart(name, file, part, of) : reader(file, bytes);
    if (checker) hashed.push(checker.hash(name, part, of, source));
  });
  say({ type: 'hashed', hashed });
}

/**
 * Takes files one after the other. Small ones are fetched together: a browser takes a millisecond for each, whatever its
 * size. What cannot be fetched is tried again by itself, and then says why.
 * @param {Named[]} files
 * @param {(one: Named, bytes: Uint8Array | undefined) => void} use
 */
async function inTurn(files, use) {
  const fetched = files.map(({ file }) => (files.length > 1 && file.size <= SMALL ? file.arrayBuffer().catch(() => null) : null));
  for (const [at, one] of files.entries()) {
    const buffer = await fetched[at];
    use(one, buffer?.byteLength === one.file.size ? new Uint8Array(buffer) : undefined);
  }
}

/**
 * A file that cannot be read, or not to its end, stands in the core's own import report. What is thrown here came from
 * the core giving way: the instance is of no use any more, so the worker says so and is replaced.
 * Of a file that can be read in parts, this one takes the first, and says how many there are.
 * @param {Named} one
 * @param {number} all bytes of all files that are read
 * @param {Uint8Array} [bytes] its bytes, where they are fetched already
 */
function read({ name, file, part = 0, of }, all, bytes) {
  loader ??= new Loader();
  const parts = of ?? partsOf(reader(file, bytes), all);
  const source = parts > 1 ? ofPart(name, file, part, parts) : reader(file, bytes);
  if (of === undefined && parts > 1) say({ type: 'parts', of: parts });
  let last = 0;
  const events = loader.addFile(
    name,
    part,
    parts,
    source,
    (/** @type {number} */ bytes, /** @type {number} */ events) => {
      const now = performance.now();
      if (now - last < BEAT) return;
      last = now;
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

/**
 * Reads slices of a file as they are asked for; the file is never held whole.
 * @param {File} file
 * @param {Uint8Array} [bytes] its bytes, where they are fetched already
 */
function reader(file, bytes) {
  const slices = new FileReaderSync();
  return {
    size: bytes?.length ?? file.size,
    /** @param {number} offset @param {number} length */
    read(offset, length) {
      try {
        if (bytes) return bytes.subarray(offset, offset + length);
        return new Uint8Array(slices.readAsArrayBuffer(file.slice(offset, offset + length)));
      } catch (error) {
        throw new Error(reason(error));
      }
    },
  };
}

/** The beginning of the file of parts that was read last, and the end of an archive. */
/** @type {{ of: string, head: Uint8Array, tail: Uint8Array }} */
let ends = { of: '', head: new Uint8Array(), tail: new Uint8Array() };

/**
 * The same of a file's part. Each time a browser is asked for bytes it takes some milliseconds, however few they are. So what
 * every part needs, the file's first bytes and the list of members at its end, is fetched once; the rest about a part at a time.
 * @param {string} name @param {File} file @param {number} part @param {number} of
 */
function ofPart(name, file, part, of) {
  const whole = reader(file);
  const { size, read } = whole;
  const from = size - Math.min(END, Math.ceil(size / 8));
  let next = Math.min(AHEAD, Math.ceil(1.03 * shareOf(size, part, of)));
  let start = 0;
  let held = /** @type {Uint8Array} */ (new Uint8Array());
  if (ends.of !== name) {
    const head = read(0, Math.min(HEAD, from));
    ends = { of: name, head, tail: isGzip(head) ? new Uint8Array() : read(from, size - from) };
  }
  // Each half of a gzip is read from its beginning on.
  if (isGzip(ends.head)) return whole;
  return {
    size,
    /** @param {number} offset @param {number} length */
    read(offset, length) {
      if (offset >= from) return ends.tail.subarray(offset - from, offset - from + length);
      if (offset < ends.head.length) return ends.head.subarray(offset, offset + length);
      if (offset < start || offset >= start + held.length) {
        [start, held] = [offset, read(offset, Math.min(next, from - offset))];
        next = MORE;
      }
      return held.subarray(offset - start, offset - start + length);
    },
  };
}

/** @param {Uint8Array} head */
const isGzip = (head) => head[0] === 0x1f && head[1] === 0x8b;

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
