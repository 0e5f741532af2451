// The page's own instance of the core, for what must answer at once: charts, and checks of what is typed.

import { start } from './engine.js';
import { compiledModule } from './crew.js';

/** @type {Promise<void> | undefined} */
let started;

/** Starts it, once. */
export const coreHere = () => (started ??= compiledModule().then(start));
