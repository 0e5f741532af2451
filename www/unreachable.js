// The end of a switch over a union: the type checker proves that nothing gets here.

/**
 * @param {never} message
 * @returns {never}
 */
export function unreachable(message) {
  throw new Error(`a message of no known type: ${JSON.stringify(message)}`);
}
