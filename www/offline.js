// The hosted page works offline after the first visit, and tells when a newer one waits. Where a browser has no service
// worker (a file from the disk, plain http, some private windows) nothing is lost and nothing is said.

import { element, find } from './element.js';
import { progress, report } from './state.js';

/** Registers the service worker that `cargo xtask dist` names in the page; `serve` and the one file have none. */
export async function keepOffline() {
  const script = document.querySelector('meta[name="service-worker"]')?.getAttribute('content');
  if (!script || !('serviceWorker' in navigator) || !window.isSecureContext) return;
  try {
    const registration = await navigator.serviceWorker.register(script, { updateViaCache: 'none' });
    await followVersions(registration);
    await navigator.serviceWorker.ready;
    for (const id of ['#offline', '#offline-note']) find(document, id, HTMLElement).hidden = false;
  } catch {
    // The browser or its settings forbid it.
  }
}

/** @param {ServiceWorkerRegistration} registration */
async function followVersions(registration) {
  let leaving = false;
  const takeOver = async (/** @type {() => boolean} */ mayLeave) => {
    const { waiting } = registration;
    if (leaving || !waiting) return;
    navigator.serviceWorker.addEventListener('controllerchange', () => (mayLeave() ? location.reload() : tellOfNew()), { once: true });
    leaving = await isAlone(waiting);
    if (!leaving) tell('A new version is ready. Close the other windows of this page, then reload to use it.');
  };
  const tellOfNew = () => {
    tell(`A new version is ready. Reload to use it${nothingOpen() ? '' : '; the files must then be read again'}. `, button(() => takeOver(() => true)));
  };
  const watch = (/** @type {ServiceWorker | null} */ worker) =>
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && registration.active) tellOfNew();
    });

  registration.addEventListener('updatefound', () => watch(registration.installing));
  watch(registration.installing);
  if (!registration.waiting) return;
  // It waited before this page was opened: opening it was the reload.
  if (nothingOpen()) await takeOver(nothingOpen);
  else tellOfNew();
}

function nothingOpen() {
  return progress.get().state === 'idle' && !report.get();
}

/** @param {() => void} pressed */
function button(pressed) {
  const made = element('button', { type: 'button' }, 'Reload');
  made.addEventListener('click', pressed);
  return made;
}

/** @param {...Node | string} words */
function tell(...words) {
  find(document, '#new-version', HTMLElement).replaceChildren(...words);
}

/**
 * Asks the waiting version to take over, which it does where this is the only window of the page.
 * @param {ServiceWorker} waiting
 * @returns {Promise<boolean>}
 */
function isAlone(waiting) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((answer) => {
    port1.onmessage = ({ data }) => answer(data === true);
    waiting.postMessage('take over', [port2]);
  });
}
