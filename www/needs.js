// What a browser must have for the page, and what it has not. Plain enough for the browsers it is about.

/** A module with 128-bit numbers in it: what the core is compiled for. */
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

/** @type {[string, () => boolean][]} */
const NEEDS = [
  ['WebAssembly, which runs the reading and scoring (some hardened modes switch it off)', () => typeof WebAssembly === 'object'],
  ['128-bit numbers in WebAssembly (SIMD)', () => typeof WebAssembly !== 'object' || WebAssembly.validate(new Uint8Array(SIMD))],
  ['workers, which read files beside the page', () => typeof Worker === 'function'],
  ['DecompressionStream, which unpacks parts of the page', () => typeof DecompressionStream === 'function'],
  ['dialogs', () => typeof HTMLDialogElement === 'function'],
];

/** What this browser lacks, in words; empty where it has all. */
export const lacking = () => NEEDS.filter(([, there]) => !there()).map(([name]) => name);
