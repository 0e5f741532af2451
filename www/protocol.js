// What the page and its workers say to each other: one union per direction. Only types; no code.
//
// Parsing workers hand over what they read as soon as it is worth a message; the page passes each table on to the one
// that scores, which merges it at once. So what is held is about one table, and a ranking can be had before the end.

/**
 * A problem met outside the core: a file that could not be opened, a worker that died.
 * @typedef {{ file: string, reason: string }} Problem
 */

/** Bytes of a file, and where in it they begin. @typedef {{ from: number, bytes: ArrayBuffer }} Stretch */

/**
 * What the worker that scored is asked about its report. Sessions are named by rank. `zone`: whose clock times follow;
 * a name and from when on how many minutes are added to UTC, as JSON.
 * @typedef {(
 *   | { about: 'session', rank: number }
 *   | { about: 'events', rank: number }
 *   | { about: 'chart', name: import('./charts.js').ChartName, of: number | null }
 *   | { about: 'truth', labels: string }
 *   | { about: 'ticket', rank: number, zone: string }
 *   | { about: 'json' | 'events-csv' }
 *   | { about: 'alerts-csv' | 'markdown' | 'html', zone: string }
 * )} Question
 */

/**
 * What the page says. The first message after `start` names the part a worker plays; a worker plays one part until `end` or
 * `packed`, then it may play another.
 * `read` (some files, one after the other, of `all` bytes that all files have) and `pack` go to a worker that parses; the rest to the one that scores.
 * `fetched`: what of each file the page has fetched; the worker fetches the rest.
 * `expected`: how many events all files hold, as far as can be foreseen. `forget` takes back what was merged of a file
 * whose reading broke off. A worker that is told to `classify` takes what the one that scores hands it through `port`,
 * and gives back what it found; where it dies, the one that scores is told to do it `alone`. `known`: the settings of what
 * is known to be good, for the reports that follow. `peek` asks for a provisional report with the `most` highest sessions.
 * Where digest files were read, the one that scores is asked what to `check`; other workers are told which log files are
 * `wanted`, then `hash` what some files hold of them; what they found goes with `score`.
 * @typedef {(
 *   | { type: 'start', module: WebAssembly.Module }
 *   | { type: 'read', files: { name: string, file: File, part?: number, of?: number }[], fetched: Stretch[][], all: number }
 *   | { type: 'pack' }
 *   | { type: 'simulate', recipe: import('./workshop.js').Recipe }
 *   | { type: 'begin', geo: Uint8Array }
 *   | { type: 'end' }
 *   | { type: 'merge', pack: Uint8Array, expected: number }
 *   | { type: 'forget', name: string, part: number }
 *   | { type: 'peek', most: number }
 *   | { type: 'check' }
 *   | { type: 'wanted', names: string[] }
 *   | { type: 'hash', files: { name: string, file: File, part?: number, of?: number }[] }
 *   | { type: 'score', troubles: Problem[], hashed?: string[], port: MessagePort | null }
 *   | { type: 'classify', port: MessagePort }
 *   | { type: 'alone' }
 *   | { type: 'known', text: string }
 *   | { type: 'rescore', budget: number }
 *   | { type: 'ask', ask: number, question: Question }
 *   | { type: 'original', ask: number, file: File, place: [number, number, number, number] }
 * )} ToWorker
 */

/**
 * What a worker says.
 * `progress`, now and then: `bytes` and `events` of the file that is being read, so far.
 * `day`: one of a made-up organisation, and the truth about it; `simulated`: that was the last.
 * `parts`: the first of the files it was given is read in so many parts; it has the first of them in hand.
 * `read`: the next file of those it was given is done; `events` were in it; `digests`: in it, or another before, were digest files.
 * `handed`: a table, of files that were read and, where `unfinished`, of a part of the file that is being read.
 * `packed`: the last table; the worker is empty now.
 * `merged`: the worker that scores holds `events` now.
 * `provisional`: a report over what was merged so far, its sessions cut to those asked for; null where there is none yet.
 * `to-check`: log files that digests name, and that are here: in which `files`, and their own `names`.
 * `hashed`: of each file that was given, what was hashed, as the engine takes it.
 * `report`: the report; `files` as it numbers them. `completed`: its identities again, with what is usual for each, and what its sessions lacked.
 * `classified`: what the classic detectors say is in it too; what is asked of it waits until then.
 * @typedef {(
 *   | { type: 'ready' }
 *   | { type: 'day', files: { name: string, bytes: Uint8Array }[], labels: string }
 *   | { type: 'simulated' }
 *   | { type: 'parts', of: number }
 *   | { type: 'progress', bytes: number, events: number }
 *   | { type: 'handed', pack: Uint8Array, unfinished: boolean }
 *   | { type: 'read', events: number, digests: boolean }
 *   | { type: 'packed', pack: Uint8Array }
 *   | { type: 'merged', events: number }
 *   | { type: 'provisional', json: string | null }
 *   | { type: 'to-check', files: string[], names: string[] }
 *   | { type: 'hashed', hashed: string[] }
 *   | { type: 'report', head: string, sessions: Omit<import('./sessions.js').Columns, 'calls'>, files: string[] }
 *   | { type: 'completed', identities: string, columns: import('./sessions.js').Completed }
 *   | { type: 'classified' }
 *   | { type: 'answer', ask: number, answer: string | object, error: string }
 *   | { type: 'original', ask: number, text: string, error: string }
 *   | { type: 'failed', reason: string, failure: 'nothing-read' | 'memory' | 'broken' }
 * )} FromWorker
 */

export {};
