// From files to a report: hands files to parsing workers from one queue, and what they read to the one that scores.
// Ending the workers is what cancelling means: their memory goes with them.

import { Ahead } from './ahead.js';
import { hashFiles } from './checking.js';
import { compiledModule, geoTable, hire, hireToScore, stopPreparing, tell } from './crew.js';
import { LARGE, shareOf } from './share.js';
import { completed, exercise, known, progress, provisional, report, AT_REST } from './state.js';
import { foreseen, remaining, timeLeft } from './forecast.js';
import { completeReport, parseReport } from './report.js';
import { unreachable } from './unreachable.js';

/** @typedef {import('./protocol.js').ToWorker} ToWorker */
/** @typedef {import('./protocol.js').FromWorker} FromWorker */
/** @typedef {import('./protocol.js').Problem} Problem */
/** @typedef {import('./protocol.js').Question} Question */
/** A file to read; or one of its parts, and of how many. @typedef {{ name: string, file: File, part?: number, of?: number }} Named */
/** @typedef {import('./crew.js').Hand} Hand */

const MOST_WORKERS = 8;

/**
 * What a parsing worker is given at once: so many bytes, and no more files than these. A small file costs a message otherwise. At first it is less,
 * for both wait until it is fetched.
 */
const SHARE = { bytes: 1 << 20, files: 64, first: 128 << 10 };

/**
 * A first ranking is asked for after so long, the next after four times that; not when all will be done this soon, or a
 * look would take more than this share of what is left.
 */
const PEEK = { after: 300, most: 20, unless: 1000, share: 0.15 };

/** From so many events on, another worker takes a part of the report: fewer are done before it has started. */
const WORTH_AN_AIDE = 20_000;

/** How often figures move, in milliseconds. Each time the page is drawn, which takes from the reading what it can. */
const BEAT = 300;

/** The page has its turn at least so often, in milliseconds: what was fetched waits meanwhile to be handed on. */
const TURN = 6;

/** Why a reading ended early, and of what kind that is. */
class Failure extends Error {
  /** @param {string} why @param {import('./state.js').Progress['failure']} kind */
  constructor(why, kind) {
    super(why);
    this.kind = kind;
  }
}

/** Shows that the reading has failed. @param {unknown} error */
function fail(error) {
  const why = error instanceof Error ? error.message : String(error);
  const failure = error instanceof Failure ? error.kind : 'broken';
  progress.set({ ...progress.get(), state: 'failed', failure, why, warning: '', notice: '', left: null });
}

/** Everything that one reading started: ended together. */
class Reading {
  /** @type {Set<Hand>} */
  hands = new Set();
  over = false;

  /** @param {WebAssembly.Module} module */
  hire(module) {
    return this.with(hire(module));
  }

  /** @param {Hand} hand */
  with(hand) {
    this.hands.add(hand);
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

/** The files of the report that is shown, or being made; the sample stays alone. @type {{ files: Named[], sample: boolean }} */
let held = { files: [], sample: false };

/**
 * Reads files and shows their report: with those already there, but the sample is never mixed with anything.
 * @param {Promise<Gathered>} gathering
 * @param {{ sample?: boolean }} [what]
 */
export async function readFiles(gathering, { sample = false } = {}) {
  current?.end();
  stopPreparing();
  const before = sample || held.sample ? [] : held.files;
  held = { files: before, sample };
  const reading = (current = new Reading());
  scorer = null;
  sources = [];
  exercise.set(null);
  report.set(null);

  provisional.set(null);

  progress.set({ ...AT_REST, state: 'reading' });
  try {
    const { files, troubles } = await gathering;
    if (reading.over) return;
    if (files.length + troubles.length === 0) throw new Failure('there was no file in what was dropped.', 'nothing-read');
    const named = unique([...before, ...files]);
    held = { files: named, sample };
    progress.set({ ...progress.get(), files: named.length });
    const module = await compiledModule();
    const geo = await geoTable();
    if (reading.over) return;
    const score = hireScorer(reading, module, geo);
    const { lost, digests, events } = await Promise.race([parse(reading, module, new Sizes(named), score), score.broken]);
    if (reading.over) return;
    const hashed = digests ? await Promise.race([check(reading, module, named, score), score.broken]) : [];
    if (reading.over) return;
    provisional.set(null);
    progress.set({ ...progress.get(), state: 'scoring', filesDone: named.length, bytes: progress.get().total, left: null, checking: null });
    const scored = await Promise.race([score.report([...troubles, ...lost], hashed, events), score.broken]);
    if (reading.over) return;
    scorer = score.hand;
    const fileOf = new Map(named.map(({ name, file }) => [name, file]));
    sources = scored.files.map((name) => ({ name, file: fileOf.get(name) }));
    const parsed = parseReport(scored.head, scored.sessions);
    report.set(parsed);
    progress.set({ ...progress.get(), state: 'done', events: parsed.summary.events, warning: '', notice: '' });
  } catch (error) {
    if (reading.over) return;
    reading.end();
    provisional.set(null);
    held = { files: [], sample: false };
    fail(error);
  }
}

/** Lets everything go: the page is as at first. */
export function startOver() {
  current?.end();
  current = scorer = null;
  sources = [];
  exercise.set(null);
  held = { files: [], sample: false };
  provisional.set(null);
  report.set(null);
  progress.set(AT_REST);
}

/** Ends the reading that is under way. */
export function cancel() {
  const { state } = progress.get();
  if (state !== 'reading' && state !== 'scoring') return;
  current?.end();
  provisional.set(null);
  held = { files: [], sample: false };
  report.set(null);
  progress.set({ ...progress.get(), state: 'cancelled', warning: '', notice: '', left: null });
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
 * Asks about the report that is shown; the answer is text, or columns.
 * @param {Question} question
 * @returns {Promise<string | object>}
 */
async function answer(question) {
  const number = ++asked;
  const message = await ask({ type: 'ask', ask: number, question }, (m) => m.type === 'answer' && m.ask === number);
  if (message.type !== 'answer' || message.error) throw new Error(message.type === 'answer' ? message.error : 'no answer');
  return message.answer;
}

/** @param {Question} question @returns {Promise<string>} */
export const exported = async (question) => String(await answer(question));

/**
 * Scores again with another budget, from what was read. What is shown stays until the new report is there.
 * @param {number} budget the share of ordinary sessions that may be alerts
 */
export const changeBudget = (budget) => scoreAgain(Math.min(Math.max(budget, 1e-6), 0.4));

/**
 * Takes other settings of what is known to be good; where there is a report, it is made again. They must be right: ask
 * `wrongWithKnown` in known.js before.
 * @param {string} text the text of a settings file; empty for none
 */
export async function changeKnown(text) {
  if (text === known.get()) return;
  known.set(text);
  const shown = report.get();
  if (scorer && shown) {
    tell(scorer, { type: 'known', text });
    await scoreAgain(shown.options.budget);
  }
}

/** @param {number} budget */
async function scoreAgain(budget) {
  const before = progress.get();
  const reading = current;
  if (!reading || before.state !== 'done') return;
  progress.set({ ...before, state: 'scoring' });
  try {
    const scored = await ask({ type: 'rescore', budget }, (m) => m.type === 'report');
    if (reading.over || reading !== current || scored.type !== 'report') return;
    report.set(parseReport(scored.head, scored.sessions));
    progress.set(before);
  } catch (error) {
    if (reading.over || reading !== current) return;
    fail(error);
  }
}

/** A session in full, whatever its rank. @param {number} rank @returns {Promise<import('./report.js').SessionCloseup>} */
export const sessionInFull = async (rank) => JSON.parse(await exported({ about: 'session', rank }));

/**
 * What is true of a made-up organisation: its malicious sessions by rank, and what scenarios there are.
 * @typedef {{
 *   sessions: { rank: number, scenario: string, incident: string }[],
 *   scenarios: { name: string, techniques: string[], story: string }[],
 * }} Truth
 */

/** @param {string} labels labels.csv @returns {Promise<Truth>} */
export const truthAbout = async (labels) => JSON.parse(await exported({ about: 'truth', labels }));

/** All events of a session. @param {number} rank @returns {Promise<import('./report.js').Events>} */
export const eventsOf = async (rank) => /** @type {import('./report.js').Events} */ (await answer({ about: 'events', rank }));

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
      if (event.data.type === 'failed') reject(new Failure(event.data.reason, event.data.failure));
      else if (!fits(event.data)) return;
      hand.removeEventListener('message', listener);
      resolve(event.data);
    };
    hand.addEventListener('message', listener);
    tell(hand, question);
  });
}

/**
 * A worker that parses, and what it has in hand: the files it was given and not read yet, the first being read now, how
 * far that is, whether a part of it was handed over; what it has read and not handed over; and of which archive it has what every part needs.
 * @typedef {{ given: Named[], bytes: number, events: number, begun: boolean, had: Named[], hadBytes: number, hadEvents: number, alone: boolean, knows: string | null }} Share
 */

/**
 * Parses all files. A worker takes the next files when it is done with those it had. Of a worker that dies, the file it
 * was reading is tried once more by a worker of its own, then named as a problem; what it had read and not handed over
 * goes back into the queue. `digests`: whether digest files were met; `events`: how many were read.
 * @param {Reading} reading
 * @param {WebAssembly.Module} module
 * @param {Sizes} sizes
 * @param {Scorer} score
 * @returns {Promise<{ lost: Problem[], digests: boolean, events: number }>}
 */
function parse(reading, module, sizes, score) {
  /** @type {Named[]} */
  const queue = [];
  /** Takes in the files whose size is known next. */
  const size = () => {
    const some = sizes.take().sort((a, b) => a.file.size - b.file.size);
    // Large ones next, so that no worker is left alone with one at the end. The report does not depend on it.
    const large = some.filter(({ file }) => file.size >= LARGE);
    queue.unshift(...some.slice(0, some.length - large.length));
    queue.push(...large);
    // Until then figures tell about how many bytes there are: to draw them at each step would take from the reading.
    if (sizes.known) progress.set({ ...progress.get(), total: sizes.total });
  };
  size();
  /** Files that a worker died of once. @type {Set<Named>} */
  const tried = new Set();
  /** Of them, those to be tried again. @type {Named[]} */
  const again = [];
  /** @type {Problem[]} */
  const lost = [];
  const ahead = new Ahead();
  let digests = false;
  const done = { files: 0, bytes: 0, events: 0 };
  /** @type {Map<Hand, Share>} */
  const shares = new Map();
  const most = Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS);
  let workers = Math.min(most, sizes.files.length);
  // A large file is read in two halves where another core has nothing better to do.
  const all = () => (most > 1 && sizes.known ? sizes.total : Infinity);
  const began = performance.now();
  let shown = 0;
  let peekAfter = PEEK.after;

  const sums = () => {
    let { bytes, events } = done;
    for (const share of shares.values()) {
      bytes += share.bytes;
      events += share.events;
    }
    return { bytes, events };
  };
  /** Asks for a look at what is read so far. It takes the machine from the reading: only where it is short beside what is left. */
  const peek = (/** @type {number} */ passed) => {
    if (passed < peekAfter || score.merged === 0) return;
    if (remaining({ bytes: sums().bytes, total: sizes.total, passed }) <= Math.max(PEEK.unless, score.peekTakes() / PEEK.share)) return;
    peekAfter = 4 * passed;
    score.peek();
  };
  const show = (/** @type {boolean} */ now) => {
    const time = performance.now();
    const passed = time - began;
    peek(passed);
    if (!now && time - shown < BEAT) return;
    shown = time;
    const { bytes, events } = sums();
    const { total } = sizes;
    const read = { bytes, total, passed };
    const rate = (1000 * events) / Math.max(passed, 1);
    const warning = foreseen({ bytes, total, events }, /** @type {{ deviceMemory?: number }} */ (navigator).deviceMemory);
    progress.set({ ...progress.get(), filesDone: Math.round(done.files), total, bytes, events, rate, left: sizes.known ? timeLeft(read) : null, warning });
  };

  const notice = (/** @type {string} */ text) => progress.set({ ...progress.get(), notice: text });

  return new Promise((resolve) => {
    const left = () => queue.length + ahead.waiting;
    const finish = () => {
      if (sizes.known && shares.size === 0 && left() + again.length === 0) resolve({ lost, digests, events: done.events });
    };
    let taken = 0;
    /** The next files of the queue: the largest, or several small ones. @returns {Named[]} */
    const take = () => {
      /** @type {Named[]} */
      const given = [];
      let bytes = 0;
      // No worker takes more than its part of what is left.
      const most = Math.min(SHARE.files, Math.ceil(queue.length / workers));
      const size = taken++ < workers ? SHARE.first : SHARE.bytes;
      while (given.length < most) {
        const next = queue.at(-1);
        // Parts of an archive are as small as they are so that workers end at the same time.
        if (!next || (given.length > 0 && (bytes + sizeOf(next) > size || (next.of ?? 1) > 1))) break;
        queue.pop();
        given.push(next);
        bytes += sizeOf(next);
      }
      return given;
    };
    /** @param {Hand} hand @param {Share} share */
    const next = async (hand, share) => {
      if (share.given.length > 0) return;
      if (!share.alone && ahead.waiting === 0 && queue.length > 0) ahead.add(take());
      const waiting = share.alone ? undefined : ahead.next();
      if (!waiting) return tell(hand, { type: 'pack' });
      share.given = waiting.files;
      // Where what comes next is on its way, no worker waits for the browser.
      while (ahead.wants(workers) && queue.length > 0) ahead.add(take());
      const fetched = await waiting.fetched;
      if (!shares.has(hand)) return;
      const [first] = waiting.files;
      if (first && first.file.size >= LARGE) {
        if (first.of === undefined) ahead.keep(first, fetched[0] ?? []);
        else if (share.knows !== first.name) fetched[0]?.push(...ahead.shared(first.name));
        share.knows = first.name;
      }
      tell(hand, { type: 'read', files: waiting.files, fetched, all: all() }, fetched.flat().map(({ bytes }) => bytes));
    };
    /** @param {Uint8Array} pack @param {Share} share */
    const pass = (pack, share) => {
      const { bytes, events } = sums();
      score.merge(pack, Math.ceil((events * sizes.total) / Math.max(bytes, 1)));
      share.had = [];
      share.hadBytes = share.hadEvents = 0;
    };
    /** @param {Hand} hand @param {string} why */
    const lose = (hand, why) => {
      const share = shares.get(hand);
      if (!share) return;
      shares.delete(hand);
      reading.dismiss(hand);
      const reason = `reading it failed: ${why}`;
      const now = share.given.shift();
      if (now && share.begun) score.forget(now.name, now.part ?? 0);
      if (now && !tried.has(now)) {
        tried.add(now);
        again.push(now);
        notice(`A worker was lost while it read ${now.name} (${why}). Another one reads that file once more; nothing else is lost.`);
      } else if (now) {
        notice(`${now.name} was given up: workers were lost over it twice (${why}). The rest is read.`);
        lost.push({ file: now.name, reason });
        done.files += 1 / (now.of ?? 1);
        done.bytes += sizeOf(now);
      } else if (share.alone && share.had.length > 0) {
        // It died while handing over a single file, for the second time.
        lost.push(...share.had.map(({ name }) => ({ file: name, reason })));
        share.had = [];
        done.events -= share.hadEvents;
        share.hadBytes = share.hadEvents = 0;
      }
      queue.push(...share.given);
      for (const file of share.had) (tried.has(file) ? again : queue).push(file);
      for (const file of share.had) done.files -= 1 / (file.of ?? 1);
      done.bytes -= share.hadBytes;
      done.events -= share.hadEvents;
      show(true);
      more();
    };
    const begin = (/** @type {Named | undefined} */ one) => {
      const hand = reading.hire(module);
      /** @type {Share} */
      const share = { given: one ? [one] : [], bytes: 0, events: 0, begun: false, had: [], hadBytes: 0, hadEvents: 0, alone: one !== undefined, knows: null };
      shares.set(hand, share);
      hand.onerror = (event) => {
        event.preventDefault();
        lose(hand, event.message || 'the worker ended');
      };
      hand.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data }) => {
        if (!shares.has(hand)) return;
        switch (data.type) {
          case 'ready':
            return;
          case 'parts': {
            // The others of its parts are as good as files of their own, and next in line.
            const [now] = share.given;
            if (!now) return;
            now.part = 0;
            now.of = data.of;
            for (let part = data.of - 1; part > 0; part--) queue.push({ ...now, part });
            workers = Math.min(most, workers + data.of - 1);
            return more();
          }
          case 'progress':
            share.bytes = data.bytes;
            share.events = data.events;
            return show(false);
          case 'handed':
            share.begun = data.unfinished;
            return pass(data.pack, share);
          case 'read': {
            const now = share.given.shift();
            digests ||= data.digests;
            if (now) {
              share.had.push(now);
              share.hadBytes += sizeOf(now);
              share.hadEvents += data.events;
              done.files += 1 / (now.of ?? 1);
              done.bytes += sizeOf(now);
              done.events += data.events;
            }
            share.bytes = share.events = 0;
            share.begun = false;
            show(false);
            return next(hand, share);
          }
          case 'packed':
            pass(data.pack, share);
            shares.delete(hand);
            reading.dismiss(hand);
            return more();
          case 'failed':
            return lose(hand, data.reason);
          case 'day':
          case 'simulated':
          case 'merged':
          case 'provisional':
          case 'to-check':
          case 'hashed':
          case 'report':
          case 'completed':
          case 'classified':
          case 'answer':
          case 'original':
            return;
          default:
            return unreachable(data);
        }
      };
      // It may have started long ago, or be about to: what it is told waits.
      if (one) tell(hand, { type: 'read', files: [one], fetched: [[]], all: all() });
      else next(hand, share);
    };
    /** Hires for what is left, and ends where nothing is. */
    const more = () => {
      while (again.length > 0 && shares.size < workers) begin(again.pop());
      while (left() > 0 && shares.size < workers) begin(undefined);
      finish();
    };
    const goOn = () => {
      if (reading.over) return;
      size();
      more();
      if (!sizes.known) setTimeout(goOn);
    };
    for (let i = 0; i < workers; i++) begin(undefined);
    if (!sizes.known) setTimeout(goOn);
    finish();
  });
}

/**
 * Hashes the log files that digests name, as far as they are here.
 * @param {Reading} reading @param {WebAssembly.Module} module @param {Named[]} files @param {Scorer} score
 */
async function check(reading, module, files, score) {
  const { files: holding, names } = await score.toCheck();
  if (reading.over || names.length === 0) return [];
  const show = (/** @type {number} */ done) => progress.set({ ...progress.get(), checking: { files: names.length, done }, left: null, rate: 0 });
  show(0);
  const wanted = new Set(holding);
  const crew = { hire: () => reading.hire(module), dismiss: (/** @type {Hand} */ hand) => reading.dismiss(hand), most: Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS) };
  return hashFiles(crew, files.filter(({ name }) => wanted.has(name)), names, show);
}

/** The bytes of a file, or about those of its part. @param {Named} one */
const sizeOf = ({ file, part, of }) => shareOf(file.size, part, of);

/**
 * The sizes of files, as they become known. The first time a file that was chosen is asked for its size, Chromium looks it up on the
 * disk, a quarter of a millisecond on the page's own thread: of a large folder that is seconds, in which the first files are read.
 */
class Sizes {
  #bytes = 0;
  #asked = 0;

  /** @param {Named[]} files */
  constructor(files) {
    this.files = files;
  }

  /** Whether all are known. */
  get known() {
    return this.#asked === this.files.length;
  }

  /** Bytes of all files; about, until all are known. */
  get total() {
    return this.known ? this.#bytes : Math.round((this.#bytes * this.files.length) / Math.max(this.#asked, 1));
  }

  /** Files whose size is known now, as many as fit into the page's turn. */
  take() {
    const from = this.#asked;
    const began = performance.now();
    while (!this.known) {
      this.#bytes += this.files[this.#asked]?.file.size ?? 0;
      this.#asked++;
      if (performance.now() - began >= TURN) break;
    }
    return this.files.slice(from, this.#asked);
  }
}

/** @typedef {ReturnType<typeof hireScorer>} Scorer */

/**
 * The worker that merges and scores. `broken` is rejected when it dies: then nothing can be saved.
 * @param {Reading} reading
 * @param {WebAssembly.Module} module
 * @param {Uint8Array} geo
 */
function hireScorer(reading, module, geo) {
  const hand = reading.with(hireToScore(module));
  tell(hand, { type: 'begin', geo });
  if (known.get()) tell(hand, { type: 'known', text: known.get() });
  // `each`: milliseconds that the last look took for an event.
  const state = { merged: 0, peeking: false, asked: 0, held: 0, each: 0 };
  /** Another worker, until it has done its part. @type {ReturnType<typeof hireAide>} */
  let aide = null;
  /** @type {(report: Extract<FromWorker, { type: 'report' }>) => void} */
  let done = () => {};
  /** @type {(check: Extract<FromWorker, { type: 'to-check' }>) => void} */
  let checked = () => {};
  /** @type {(error: Failure) => void} */
  let fail = () => {};
  /** @type {Promise<never>} */
  const broken = new Promise((_, reject) => (fail = reject));
  broken.catch(() => {});
  hand.onerror = (event) => {
    event.preventDefault();
    fail(event.message ? new Failure(event.message, 'broken') : new Failure('the worker that scores ended', 'memory'));
  };
  hand.addEventListener('message', (/** @type {MessageEvent<FromWorker>} */ { data }) => {
    switch (data.type) {
      case 'merged':
        state.merged = data.events;
        return;
      case 'provisional':
        state.peeking = false;
        state.each = (performance.now() - state.asked) / Math.max(state.held, 1);
        if (data.json && !reading.over && progress.get().state === 'reading') provisional.set(JSON.parse(data.json));
        return;
      case 'to-check':
        return checked(data);
      case 'report':
        return done(data);
      case 'completed': {
        const shown = report.get();
        if (!shown || reading.over) return;
        completeReport(shown, data.identities, data.columns);
        return completed.set(shown);
      }
      case 'classified':
        return aide?.dismiss();
      case 'failed':
        aide?.dismiss();
        return fail(new Failure(data.reason, data.failure));
    }
  });
  return {
    hand,
    broken,
    /** How many events it holds. */
    get merged() {
      return state.merged;
    },
    /** @param {Uint8Array} pack @param {number} expected */
    merge: (pack, expected) => tell(hand, { type: 'merge', pack, expected }, [pack.buffer]),
    /** @param {string} name @param {number} part */
    forget: (name, part) => tell(hand, { type: 'forget', name, part }),
    /** How long a look will take, in milliseconds. */
    peekTakes: () => state.each * state.merged,
    peek() {
      if (state.peeking) return;
      Object.assign(state, { peeking: true, asked: performance.now(), held: state.merged });
      tell(hand, { type: 'peek', most: PEEK.most });
    },
    /** Which log files are to be hashed. @returns {Promise<Extract<FromWorker, { type: 'to-check' }>>} */
    toCheck: () =>
      new Promise((resolve) => {
        checked = resolve;
        tell(hand, { type: 'check' });
      }),
    /** @param {Problem[]} troubles @param {string[]} hashed @param {number} events @returns {Promise<Extract<FromWorker, { type: 'report' }>>} */
    report: (troubles, hashed, events) =>
      new Promise((resolve) => {
        aide = events < WORTH_AN_AIDE ? null : hireAide(reading, module, hand);
        done = resolve;
        tell(hand, { type: 'score', troubles, hashed, port: aide?.port ?? null }, aide ? [aide.port] : []);
      }),
  };
}

/**
 * A worker beside the one that scores, for the part of a report that the score does not need; none on a single core.
 * @param {Reading} reading
 * @param {WebAssembly.Module} module
 * @param {Hand} scores
 */
function hireAide(reading, module, scores) {
  if ((navigator.hardwareConcurrency || 1) < 2) return null;
  const hand = reading.hire(module);
  const { port1, port2 } = new MessageChannel();
  const lost = () => tell(scores, { type: 'alone' });
  hand.onerror = (event) => {
    event.preventDefault();
    lost();
  };
  hand.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data }) => data.type === 'failed' && lost();
  tell(hand, { type: 'classify', port: port2 }, [port2]);
  return { port: port1, dismiss: () => reading.dismiss(hand) };
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
