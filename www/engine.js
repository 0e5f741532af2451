// The door to the core. The only file that names the generated glue; page and workers come through here.

import { initSync, Loader, Checker, Engine, ChartView, Simulation, classify, check_known, parts_of, read_original, share_at_score } from '../pkg/oddtrail.js';

export { Loader, Checker, Engine, ChartView, Simulation, classify, share_at_score as shareAtScore, check_known as checkKnown, parts_of as partsOf, read_original as readOriginal };

/**
 * An instance of its own from the module compiled once.
 * @param {WebAssembly.Module} module
 */
export function start(module) {
  initSync({ module });
}
