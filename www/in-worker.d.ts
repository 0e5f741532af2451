// What the type checker's DOM library lacks in a worker.
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

// What `cargo xtask dist` writes above the service worker.
declare const OWN: import('./service-worker.js').Own;
