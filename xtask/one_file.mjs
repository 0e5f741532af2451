// The page in one file: node one_file.mjs REPOSITORY OUTPUT
//
// Script, style, module, worker, tables and sample go inside. The module, the worker, the tables and the sample lie in
// data blocks (`<script type="application/octet-stream;base64" id="asset-…">`), which a browser never runs, so the
// policy need not know them. The page's own script and style are allowed by their hashes, and nothing may be fetched.
// `www/assets-inline.js` takes the place of `www/assets.js`, the one module that says where those things come from.
// What gzip makes smaller lies there as gzip, and the browser inflates it. What is in the file is printed.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The page in one file may not be larger, in bytes. */
const MOST = 5_000_000;

const [root, output] = process.argv.slice(2).map((path) => resolve(path));

/** Puts www/assets-inline.js in the place of www/assets.js. */
const inlineAssets = {
  name: 'inline-assets',
  setup(build) {
    build.onLoad({ filter: /[\\/]www[\\/]assets\.js$/ }, () => {
      const path = join(root, 'www/assets-inline.js');
      return { contents: readFileSync(path, 'utf8'), loader: 'js', resolveDir: join(root, 'www'), watchFiles: [path] };
    });
  },
};

let html = readFileSync(join(root, 'index.html'), 'utf8').replaceAll('\r\n', '\n');
html = html.replace(/<!--(?!\[)[\s\S]*?-->\n?/g, '');

// The style: all sheets as one, in the order of their links.
const sheets = [];
html = html.replace(/[ \t]*<link\b[^>]*>\n?/g, (tag) => {
  const rel = attribute(tag, 'rel') ?? '';
  if (rel === 'stylesheet') {
    sheets.push(attribute(tag, 'href'));
    return sheets.length === 1 ? '@style@\n' : '';
  }
  if (rel === 'modulepreload' || rel === 'preload' || rel === 'manifest') return '';
  return tag.replace(/href="([^"]+)"/, (whole, path) => (rel.includes('icon') ? `href="${dataUrl(path)}"` : whole));
});
html = html.replace(/<img\b[^>]*>/g, (tag) => tag.replace(/src="([^"]+)"/, (_, path) => `src="${dataUrl(path)}"`));
const style = await bundle({ stdin: { contents: sheets.map((path) => `@import "./${path}";`).join('\n'), loader: 'css', resolveDir: root } });

// The script and the worker: each one plain script without imports.
let entry;
html = html.replace(/[ \t]*<script\b[^>]*\btype="module"[^>]*>\s*<\/script>\n?/g, (tag) => {
  if (entry) stop('index.html has more than one module script; one file can have one.');
  entry = attribute(tag, 'src');
  return '';
});
if (!entry) stop('index.html has no <script type="module" src="…">.');
const script = await bundle({ entryPoints: [join(root, entry)] });
const worker = existsSync(join(root, 'www/worker.js')) ? await bundle({ entryPoints: [join(root, 'www/worker.js')] }) : undefined;

// The data blocks.
const inside = [];
const blocks = [block('asset-wasm', 'oddtrail_bg.wasm', readFileSync(join(root, 'pkg/oddtrail_bg.wasm')))];
// A worker is started at once, so its script is not inflated first.
if (worker) blocks.push(block('asset-worker', 'worker.js', Buffer.from(worker), { pack: false }));
blocks.push(...folder('asset-geo', 'data/geo', (name) => name === 'geo.bin'));
blocks.push(...folder('asset-sample', 'www/sample', (name) => !name.startsWith('.') && extname(name) !== '.md'));

for (const [what, text, end] of [['script', script, '</script'], ['style', style, '</style']]) {
  if (text.toLowerCase().includes(end) || text.includes('<!--')) stop(`The ${what} contains "${end}" or "<!--", which would end it early in one file.`);
}
const policy = [
  `default-src 'none'`,
  `script-src '${hash(script)}' 'wasm-unsafe-eval'`,
  `style-src '${hash(style)}'`,
  `img-src data: blob:`,
  `worker-src blob:`,
  `connect-src 'none'`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');
const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
const known = /<meta\b[^>]*http-equiv="Content-Security-Policy"[^>]*>/;
if (!known.test(html)) stop('index.html has no <meta http-equiv="Content-Security-Policy" content="…">.');
if (!html.includes('</body>')) stop('index.html has no </body>.');
if (sheets.length === 0) stop('index.html has no <link rel="stylesheet" href="…">.');
html = html.replace(known, () => meta);
html = html.replace('@style@', () => `<style>${style}</style>`);
html = html.replace(/<\/body>/, () => `${blocks.join('\n')}\n<script>${script}</script>\n</body>`);

for (const [tag, path] of html.matchAll(/<(?:script|link|img|source|iframe)\b[^>]*(?:src|href)="((?!data:|#)[^"]+)"/g)) {
  if (!script.includes(tag)) stop(`index.html still names another file: ${path}.`);
}
writeFileSync(output, html);
tell();

/** Bundles with esbuild and returns the text. */
async function bundle(options) {
  const result = await build({
    bundle: true,
    write: false,
    minify: true,
    format: options.stdin ? undefined : 'iife',
    target: options.stdin ? undefined : 'es2022',
    charset: options.stdin ? 'utf8' : 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    // Nothing in one file has an address of its own; the generated code only uses it when it is given no module.
    define: { 'import.meta.url': '"about:blank"' },
    loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff2': 'dataurl' },
    plugins: [inlineAssets],
    ...options,
  });
  // A browser reads line ends as \n before it takes the hash.
  return result.outputFiles[0].text.replaceAll('\r\n', '\n').trimEnd();
}

/** A data block for each file of a folder; a single one has the plain id, of several each has its stem as well. */
function folder(id, path, wanted) {
  const place = join(root, path);
  const names = existsSync(place) ? readdirSync(place).filter(wanted).sort() : [];
  return names.map((name) => block(names.length === 1 ? id : `${id}-${name.split('.')[0]}`, name, readFileSync(join(place, name))));
}

/** As gzip where that is worth inflating it. Times are left out, so that the same parts make the same file. */
function block(id, name, bytes, { pack = true } = {}) {
  const small = gzipSync(bytes, { level: 9 });
  const packed = pack && small.length < bytes.length * 0.9;
  const text = (packed ? small : bytes).toString('base64');
  inside.push([name, bytes.length, text.length]);
  return `<script type="application/octet-stream;base64" id="${id}" data-name="${name}"${packed ? ' data-packed="gzip"' : ''}>${text}</script>`;
}

/** Prints what the file holds, and stops where that is too much. */
function tell() {
  const size = Buffer.byteLength(html);
  const words = size - inside.reduce((sum, [, , held]) => sum + held, 0);
  const kB = (n) => `${(n / 1000).toFixed(0).padStart(6)} kB`;
  console.log(`${output.split(/[\\/]/).at(-1)} holds, as base64 and where it helps as gzip:`);
  for (const [name, bytes, held] of [...inside, ['page: text, style, script', words, words]]) console.log(`${kB(held)}  ${name}${held === bytes ? '' : `, of ${kB(bytes).trim()}`}`);
  console.log(`${kB(size)}  in all; ${kB(MOST).trim()} are allowed`);
  if (size > MOST) stop(`The page in one file is larger than ${kB(MOST).trim()}.`);
}

function dataUrl(path) {
  const kinds = { '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon' };
  const kind = kinds[extname(path)] ?? stop(`${path} is an image of a kind that one file cannot hold yet.`);
  return `data:${kind};base64,${readFileSync(join(root, path)).toString('base64')}`;
}

function attribute(tag, name) {
  return tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
}

function hash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
