// How the page gets its own parts when it is one file: they stand in it as base64, some of it gzip. Same doors as assets.js.

/** The compiled core. @returns {Promise<WebAssembly.Module>} */
export async function loadModule() {
  return WebAssembly.compile(await bytes('wasm'));
}

/** Countries and networks of addresses. @returns {Promise<Uint8Array>} */
export async function loadGeo() {
  return bytes('geo');
}

/** @returns {Promise<{ name: string, bytes: Uint8Array<ArrayBuffer> }>} */
export async function loadSample() {
  return { name: 'sample.json.gz', bytes: await bytes('sample') };
}

/** @type {string | undefined} */
let script;

/** @returns {Worker} */
export function startWorker() {
  script ??= URL.createObjectURL(new Blob([held('worker').bytes], { type: 'text/javascript' }));
  return new Worker(script);
}

/** @typedef {'wasm' | 'geo' | 'sample' | 'worker'} Part */

/** @param {Part} name @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytes(name) {
  const { bytes, packed } = held(name);
  if (!packed) return bytes;
  if (typeof DecompressionStream !== 'function') throw new Error('this browser cannot unpack the page (it has no DecompressionStream); one from 2024 or later will do');
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}

/** @param {Part} name @returns {{ bytes: Uint8Array<ArrayBuffer>, packed: boolean }} */
function held(name) {
  const block = document.getElementById(`asset-${name}`);
  if (!block) throw new Error(`a part of the page is missing: ${name}`);
  const binary = atob((block.textContent ?? '').trim());
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return { bytes, packed: block.dataset.packed === 'gzip' };
}
