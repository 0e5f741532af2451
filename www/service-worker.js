// Keeps the page's own files in the browser, so that a hosted page works offline after the first visit.
//
// `cargo xtask dist` puts this file at the top of the folder, below a line that names the page's files: see `Own`.
// It holds exactly these, asks the network for nothing else, and touches nothing that is read in the page. A version is
// whole or not there: a file whose content is not the one named is refused, and the version before goes on.

/**
 * The page's files, as dist wrote them: for each, by its path under the page, the SHA-256 of its content as base64; and
 * a version made from all of them.
 * @typedef {{ version: string, files: Record<string, string> }} Own
 */

/**
 * What the type checker's DOM library lacks in a service worker.
 * @typedef {EventTarget & {
 *   registration: ServiceWorkerRegistration, skipWaiting(): Promise<void>,
 *   clients: { claim(): Promise<void>, matchAll(of: object): Promise<{ url: string }[]> },
 * }} Scope
 * @typedef {Event & { waitUntil(done: Promise<unknown>): void }} Step
 * @typedef {Event & { request: Request, respondWith(answer: Promise<Response>): void }} Asked
 */

const scope = /** @type {Scope} */ (/** @type {unknown} */ (self));
const ROOT = scope.registration.scope;
/** Other pages of the same host have caches too; one page's begin alike. */
const OURS = `oddtrail ${ROOT} `;
const CACHE = OURS + OWN.version;

scope.addEventListener('install', (event) => /** @type {Step} */ (event).waitUntil(keepAll()));
scope.addEventListener('activate', (event) => /** @type {Step} */ (event).waitUntil(Promise.all([forgetOthers(), scope.clients.claim()])));

scope.addEventListener('fetch', (event) => {
  const asked = /** @type {Asked} */ (event);
  const path = pathOf(asked.request);
  if (path !== null) asked.respondWith(kept(path, asked.request));
});

// The page asks for the waiting version. With a second page open it stays waiting: that one would lose its parts.
scope.addEventListener('message', (event) => {
  const { ports: [port], data } = /** @type {MessageEvent} */ (event);
  if (data !== 'take over' || !port) return;
  /** @type {Step} */ (/** @type {unknown} */ (event)).waitUntil(
    scope.clients.matchAll({ type: 'window', includeUncontrolled: true }).then((open) => {
      const alone = open.filter((page) => page.url.startsWith(ROOT)).length < 2;
      port.postMessage(alone);
      return alone ? scope.skipWaiting() : undefined;
    }),
  );
});

/** The page's file that is asked for, or null if it is none. @param {Request} request */
function pathOf(request) {
  const url = new URL(request.url);
  url.search = url.hash = '';
  if (request.method !== 'GET' || !url.href.startsWith(ROOT)) return null;
  const path = decodeURI(url.href.slice(ROOT.length)) || 'index.html';
  return Object.hasOwn(OWN.files, path) ? path : null;
}

/** From the cache; from the network where the browser has thrown it away. @param {string} path @param {Request} request */
async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(key(path))) ?? fetch(request);
}

async function keepAll() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.keys(OWN.files).map((path) => keep(cache, path)));
}

/** Takes a file from an earlier version where its content is the same, else from the network. @param {Cache} cache @param {string} path */
async function keep(cache, path) {
  const known = await earlier(path);
  await cache.put(key(path), known ?? (await fetched(path)));
}

/** @param {string} path */
async function earlier(path) {
  for (const name of await caches.keys()) {
    const found = name.startsWith(OURS) ? await (await caches.open(name)).match(key(path)) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** @param {string} path */
async function fetched(path) {
  const answer = await fetch(new URL(path, ROOT), { cache: 'no-cache', credentials: 'same-origin', integrity: `sha256-${OWN.files[path]}` });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  // Some hosts answer index.html with the address of its folder; a browser refuses to open a page from such an answer.
  return answer.redirected ? new Response(await answer.blob(), { headers: answer.headers }) : answer;
}

/** Files are kept by path and content. @param {string} path */
function key(path) {
  return new URL(`${path}?${encodeURIComponent(OWN.files[path] ?? '')}`, ROOT).href;
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)));
}
