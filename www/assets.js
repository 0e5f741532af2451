// How the page gets its own parts when it is a folder on a web server. The page in one file takes assets-inline.js instead.

/** The compiled core. @returns {Promise<WebAssembly.Module>} */
export async function loadModule() {
  return WebAssembly.compile(await bytes('../pkg/oddtrail_bg.wasm'));
}

/** Countries and networks of addresses. @returns {Promise<Uint8Array>} */
export async function loadGeo() {
  return bytes('../data/geo/geo.bin');
}

/** @returns {Promise<{ name: string, bytes: Uint8Array<ArrayBuffer> }>} */
export async function loadSample() {
  return { name: 'sample.json.gz', bytes: await bytes('./sample/sample.json.gz') };
}

/** @returns {Worker} */
export function startWorker() {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

/** @param {string} path @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytes(path) {
  const answer = await fetch(new URL(path, import.meta.url));
  if (!answer.ok) throw new Error(`a part of the page is missing: ${path.replace(/^[./]+/, '')} (${answer.status})`);
  return new Uint8Array(await answer.arrayBuffer());
}
