// What the page and its workers say to each other: one union per direction. Only types; no code.

/**
 * A problem met outside the core: a file that could not be opened, a worker that died.
 * @typedef {{ file: string, reason: string }} Problem
 */

/**
 * What the page says. The first message names the part a worker plays; a worker plays one part until it ends.
 * `read` and `pack` go to a worker that parses; the rest to the one that scores.
 * @typedef {(
 *   | { type: 'start', module: WebAssembly.Module }
 *   | { type: 'read', name: string, file: File }
 *   | { type: 'pack' }
 *   | { type: 'score', geo: Uint8Array, packs: Uint8Array[], troubles: Problem[] }
 *   | { type: 'events-csv' }
 *   | { type: 'original', ask: number, file: File, place: [number, number, number, number] }
 * )} ToWorker
 */

/**
 * What a worker says. `bytes` of the file so far, `events` in the file that was read; `files` as the report numbers them.
 * @typedef {(
 *   | { type: 'ready' }
 *   | { type: 'progress', bytes: number }
 *   | { type: 'read', events: number }
 *   | { type: 'packed', pack: Uint8Array }
 *   | { type: 'report', json: string, files: string[] }
 *   | { type: 'events-csv', csv: string }
 *   | { type: 'original', ask: number, text: string, error: string }
 *   | { type: 'failed', reason: string }
 * )} FromWorker
 */

export {};
