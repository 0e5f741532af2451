// What was chosen on the ranking so far, found again in the report. There it may have another ID: with more read, a session
// may begin earlier than it seemed to.

import { chosen, provisional } from './state.js';

/** @typedef {import('./report.js').Report} Report */

/** The session chosen on the ranking, by what stays the same. @type {{ who: string, address: string, from: number, to: number } | null} */
let picked = null;

/** Begins to remember. */
export function rememberPicks() {
  chosen.watch((id) => {
    const soFar = provisional.get();
    if (!soFar) return;
    const session = soFar.sessions.find((one) => one.id === id);
    picked = session ? { who: soFar.identities[session.identity]?.name ?? '', address: session.address, from: session.span.from, to: session.span.to } : null;
  });
}

/** The rank it has in a report, asked once; −1 where nothing was chosen or it is not there. @param {Report} report */
export function takePick({ sessions, identities }) {
  const wanted = picked;
  picked = null;
  if (!wanted) return -1;
  const { columns } = sessions;
  for (let rank = 0; rank < sessions.length; rank++) {
    const meets = (columns.from[rank] ?? 0) <= wanted.to && (columns.to[rank] ?? 0) >= wanted.from;
    if (meets && identities[columns.identity[rank] ?? 0]?.name === wanted.who && sessions.at(rank).address === wanted.address) return rank;
  }
  return -1;
}
