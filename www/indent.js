// JSON with line breaks, made from the text itself: numbers, order and escapes stay as they were written.

/** @param {string} text */
export function indent(text) {
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  const pieces = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|"/g) ?? [];
  pieces.forEach((piece, i) => {
    if (piece === '{' || piece === '[') {
      const closes = pieces[i + 1] === '}' || pieces[i + 1] === ']';
      depth += closes ? 0 : 1;
      out += closes ? piece : piece + line();
    } else if (piece === '}' || piece === ']') {
      const opened = pieces[i - 1] === '{' || pieces[i - 1] === '[';
      if (!opened) depth = Math.max(0, depth - 1);
      out += opened ? piece : line() + piece;
    } else if (piece === ',') out += piece + line();
    else if (piece === ':') out += ': ';
    else out += piece;
  });
  return out;
}
