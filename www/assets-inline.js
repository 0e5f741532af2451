// How the page gets its own parts when it is one file: they stand in it as base64. Same doors as assets.js.

/** The compiled core. @returns {Promise<WebAssembly.Module>} */
export async function loadModule() {
  return WebAssembly.compile(bytes('wasm'));
}

/** Countries and networks of addresses. @returns {Promise<Uint8Array>} */
export async function loadGeo() {
  return bytes('geo');
}

/** @returns {Promise<{ name: string, bytes: Uint8Array<ArrayBuffer> }>} */
export async function loadSample() {
  return { name: 'sample.json.gz', bytes: bytes('sample') };
}

/** @type {string | undefined} */
let script;

/** @returns {Worker} */
export function startWorker() {
  script ??= URL.createObjectURL(new Blob([bytes('worker')], { type: 'text/javascript' }));
  return new Worker(script);
}

/** @param {'wasm' | 'geo' | 'sample' | 'worker'} name @returns {Uint8Array<ArrayBuffer>} */
function bytes(name) {
  // A folder with several tables in it gives each its own name.
  const block = document.getElementById(`asset-${name}`) ?? document.getElementById(`asset-${name}-${name}`);
  const text = block?.textContent;
  if (text === null || text === undefined) throw new Error(`a part of the page is missing: ${name}`);
  const binary = atob(text.trim());
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < out.length; i++) out[i] = binary.charCodeAt(i);
  return out;
}
