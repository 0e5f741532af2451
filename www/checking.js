// Log files that digests name, hashed by workers before the report is made: the browser's second look at them.

import { tell } from './crew.js';
import { shareOf } from './share.js';

/** @typedef {import('./protocol.js').FromWorker} FromWorker */
/** @typedef {import('./crew.js').Hand} Hand */
/** @typedef {{ name: string, file: File, part?: number, of?: number }} Named */

/** What a worker is given at once: so many bytes, and no more files than these. */
const SHARE = { bytes: 1 << 20, files: 64 };

/**
 * Hashes what the files hold of the names. Of a worker that dies, what it was given is tried once more, each file by itself;
 * what two workers die of is not hashed, and the report says that it was not compared.
 * @param {{ hire(): Hand, dismiss(hand: Hand): void, most: number }} crew
 * @param {Named[]} files those of an archive that was read in parts say how many
 * @param {string[]} names
 * @param {(done: number) => void} show is told which share of the bytes is done
 * @returns {Promise<string[]>} as the engine takes it
 */
export function hashFiles(crew, files, names, show) {
  const pieces = files.flatMap((one) => Array.from({ length: one.of ?? 1 }, (_, part) => ({ ...one, part, of: one.of ?? 1 })));
  const size = (/** @type {Named} */ { file, part, of }) => shareOf(file.size, part, of);
  const total = pieces.reduce((sum, one) => sum + size(one), 0);
  const workers = Math.min(crew.most, pieces.length);
  const queue = shares(pieces.sort((a, b) => size(b) - size(a)), size, Math.ceil(pieces.length / workers)).reverse();
  /** Shares that a worker died of once. @type {WeakSet<Named[]>} */
  const tried = new WeakSet();
  /** What each worker has in hand. @type {Map<Hand, Named[]>} */
  const hands = new Map();
  /** @type {string[]} */
  const hashed = [];
  let done = 0;
  return new Promise((resolve) => {
    const more = () => {
      while (queue.length > 0 && hands.size < workers) begin();
      if (hands.size === 0) resolve(hashed);
    };
    /** Gives it the next files; without any it is let go. @param {Hand} hand */
    const next = (hand) => {
      const given = queue.pop();
      if (given) {
        hands.set(hand, given);
        return tell(hand, { type: 'hash', files: given });
      }
      hands.delete(hand);
      crew.dismiss(hand);
      more();
    };
    /** @param {Hand} hand */
    const lose = (hand) => {
      const given = hands.get(hand);
      if (!given) return;
      hands.delete(hand);
      crew.dismiss(hand);
      for (const one of tried.has(given) ? [] : given) {
        const again = [one];
        tried.add(again);
        queue.push(again);
      }
      more();
    };
    const begin = () => {
      const hand = crew.hire();
      hand.onerror = (event) => {
        event.preventDefault();
        lose(hand);
      };
      hand.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data }) => {
        const given = hands.get(hand);
        if (!given) return;
        if (data.type === 'failed') return lose(hand);
        if (data.type !== 'hashed') return;
        hashed.push(...data.hashed);
        for (const one of given) done += size(one);
        show(done / Math.max(total, 1));
        next(hand);
      };
      tell(hand, { type: 'wanted', names });
      next(hand);
    };
    more();
  });
}

/** Files in shares, in their order. @param {Named[]} files @param {(one: Named) => number} size @param {number} most */
function shares(files, size, most) {
  /** @type {Named[][]} */
  const all = [];
  let bytes = 0;
  for (const one of files) {
    const last = all.at(-1);
    bytes += size(one);
    if (last && bytes <= SHARE.bytes && last.length < Math.min(SHARE.files, most)) last.push(one);
    else {
      all.push([one]);
      bytes = size(one);
    }
  }
  return all;
}
