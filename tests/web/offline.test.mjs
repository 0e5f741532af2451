// The hosted page works offline after the first visit, under any path, and tells when a newer one waits.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { test } from 'node:test';
import { BROWSERS, DIST, ONE_FILE, open } from './browsers.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };

/** A folder's files behind a path, until it is closed. */
async function host(folder) {
  const asked = [];
  const server = createServer(async (request, answer) => {
    const path = new URL(request.url, 'http://any').pathname;
    asked.push(path);
    try {
      const inside = path.replace(/^\/team\/tools\//, '/');
      if (inside === path) throw new Error('outside');
      const file = join(folder, inside === '/' ? 'index.html' : decodeURIComponent(inside));
      const bytes = await readFile(file);
      answer.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-cache' });
      answer.end(bytes);
    } catch {
      answer.writeHead(404);
      answer.end();
    }
  });
  await new Promise((go) => server.listen(0, '127.0.0.1', go));
  const close = () => new Promise((gone) => (server.close(gone), server.closeAllConnections()));
  return { asked, close, address: `http://127.0.0.1:${server.address().port}/team/tools/` };
}

/** Until the page says it is kept. */
const kept = (page) => page.waitFor(() => document.querySelector('#offline')?.hidden === false && navigator.serviceWorker.controller !== null);

for (const browser of BROWSERS) {
  test(`after one visit the page opens and reads without its server, in ${browser}`, async () => {
    const server = await host(DIST);
    const page = await open(browser);
    try {
      await page.goto(server.address);
      await kept(page);
      await server.close();
      await page.goto(server.address);
      await page.click('#sample');
      await page.waitFor(() => document.querySelector('#status')?.dataset.state === 'done');
      assert.ok(await page.evaluate(() => document.querySelectorAll('#alerts tbody tr[data-session]').length) > 0);
      assert.deepEqual(page.errors, []);
      assert.deepEqual(server.asked.filter((path) => !path.startsWith('/team/tools/') && path !== '/favicon.ico'), [], 'nothing beside the page');
    } finally {
      await page.close();
      await server.close();
    }
  });

  test(`a newer page waits, is told of, and is there after a reload, in ${browser}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oddtrail-host-'));
    cpSync(DIST, folder, { recursive: true });
    const server = await host(folder);
    const page = await open(browser);
    try {
      await page.goto(server.address);
      await kept(page);
      const worker = join(folder, 'service-worker.js');
      writeFileSync(worker, readFileSync(worker, 'utf8').replace(/"version":"[0-9a-f]{16}"/, '"version":"0123456789abcdef"'));
      await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
      await page.waitFor(() => document.querySelector('#new-version')?.textContent.includes('A new version is ready.'));
      const names = () => page.evaluate(() => caches.keys());
      assert.equal((await names()).length, 2, 'both are kept while one waits');
      await page.evaluate(() => Object.assign(window, { before: true }));
      await page.click('#new-version button');
      // The page reloads: for a moment there is none to ask.
      for (let tries = 0; ; tries++) {
        const there = await page.evaluate(async () => !('before' in window) && (await caches.keys()).join() ).catch(() => '');
        if (there && there.endsWith('0123456789abcdef') && !there.includes(',')) break;
        assert.ok(tries < 300, `still ${there}`);
        await new Promise((go) => setTimeout(go, 100));
      }
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test(`the page in one file has no service worker, in ${browser}`, async () => {
    const page = await open(browser);
    try {
      await page.goto(ONE_FILE);
      assert.equal(await page.evaluate(() => document.querySelector('meta[name="service-worker"]')), null);
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  });
}
