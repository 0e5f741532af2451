// A page in Chromium or Firefox, behind one small set of functions, so that a test is written once.
//
//   import { BROWSERS, FOLDER, ONE_FILE, open } from './browsers.mjs';
//   for (const browser of BROWSERS) {
//     test(`the page opens in ${browser}`, async () => {
//       const page = await open(browser);
//       try { … } finally { await page.close(); }
//     });
//   }
//
// Chromium is driven by playwright-core, Firefox by puppeteer-core over WebDriver BiDi: neither can drive both as
// Debian ships them. CHROMIUM and FIREFOX name other programs than those in the path.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {'chromium' | 'firefox'} Browser */

/** Every browser the page is tested in. */
export const BROWSERS = /** @type {const} */ (['chromium', 'firefox']);

/** The finished page: the folder, and the program for the terminal. */
export const DIST = resolve(process.env.ODDTRAIL_DIST ?? 'dist');
export const BIN = resolve(process.env.ODDTRAIL_BIN ?? 'target/release/oddtrail');

/** The page as a static folder, served under a path of some depth; and as one file, from the disk. */
export const FOLDER = process.env.ODDTRAIL_URL ?? 'http://127.0.0.1:8080/';
export const ONE_FILE = pathToFileURL(join(DIST, 'oddtrail.html')).href;

/**
 * @typedef {object} Options
 * @property {number} [width]         CSS pixels
 * @property {number} [height]
 * @property {boolean} [dark]         the user prefers dark colours
 * @property {boolean} [calm]         the user prefers less motion
 * @property {boolean} [script]       false: the page without JavaScript
 * @property {string} [downloads]     a folder for what the page saves
 */

/**
 * Opens an empty page in a browser of its own.
 *
 * @param {Browser} browser
 * @param {Options} [options]
 * @returns {Promise<Page>}
 */
export async function open(browser, options = {}) {
  const settings = { width: 1280, height: 900, dark: false, calm: false, script: true, downloads: '', ...options };
  return browser === 'chromium' ? openChromium(settings) : openFirefox(settings);
}

const CHROMIUM_FLAGS = [
  '--no-sandbox', // the tests may run as root
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param {Required<Options>} settings */
async function openChromium(settings) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: program('CHROMIUM', ['chromium', 'google-chrome']), headless: true, args: CHROMIUM_FLAGS });
  const context = await browser.newContext({
    viewport: { width: settings.width, height: settings.height },
    colorScheme: settings.dark ? 'dark' : 'light',
    reducedMotion: settings.calm ? 'reduce' : 'no-preference',
    javaScriptEnabled: settings.script,
    acceptDownloads: settings.downloads !== '',
  });
  const page = await context.newPage();
  if (settings.downloads) page.on('download', (download) => download.saveAs(join(settings.downloads, download.suggestedFilename())));
  return new Page(page, browser);
}

/** @param {Required<Options>} settings */
async function openFirefox(settings) {
  const { default: puppeteer } = await import('puppeteer-core');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: program('FIREFOX', ['firefox-esr', 'firefox']),
    headless: true,
    extraPrefsFirefox: {
      'layout.css.prefers-color-scheme.content-override': settings.dark ? 0 : 1,
      'ui.prefersReducedMotion': settings.calm ? 1 : 0,
      'javascript.enabled': settings.script,
      ...(settings.downloads && {
        'browser.download.folderList': 2,
        'browser.download.dir': resolve(settings.downloads),
        'browser.download.useDownloadDir': true,
        'browser.download.alwaysOpenPanel': false,
        'browser.download.always_ask_before_handling_new_types': false,
      }),
    },
  });
  const page = await browser.newPage();
  await page.setViewport({ width: settings.width, height: settings.height });
  return new Page(page, browser);
}

/** A page. What it does is what both browsers can do. */
class Page {
  /** What went wrong in the page: errors nobody caught, errors on the console, refusals of the policy. */
  errors = /** @type {string[]} */ ([]);
  /** Every address the page asked for, workers included where the browser tells; never `data:` or `blob:`. */
  requests = /** @type {string[]} */ ([]);

  constructor(page, browser) {
    this.page = page;
    this.browser = browser;
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url())) this.requests.push(request.url());
    });
  }

  /** @param {string} url */
  async goto(url) {
    await this.page.goto(url, { waitUntil: 'load' });
  }

  /** Runs a function in every page opened from now on, before its own scripts. @param {string | (() => void)} inside */
  async before(inside) {
    await (this.page.addInitScript?.(inside) ?? this.page.evaluateOnNewDocument(inside));
  }

  /**
   * Runs a function inside the page, and returns what it returns.
   *
   * @template A, R
   * @param {(argument: A) => R | Promise<R>} inside
   * @param {A} [argument]
   * @returns {Promise<R>}
   */
  async evaluate(inside, argument) {
    return this.page.evaluate(inside, argument);
  }

  /**
   * Asks the page until the answer is true. (The drivers' own waiting needs eval, which the policy forbids.)
   *
   * @template A
   * @param {(argument: A) => unknown} inside
   * @param {{ argument?: A, timeout?: number, every?: number }} [options] milliseconds
   */
  async waitFor(inside, { argument, timeout = 30_000, every = 50 } = {}) {
    const end = Date.now() + timeout;
    for (;;) {
      const answer = await this.page.evaluate(inside, argument);
      if (answer) return answer;
      if (Date.now() > end) throw new Error(`After ${timeout} ms this is still not so: ${inside}. Errors in the page: ${this.errors.join(' | ') || 'none'}`);
      await new Promise((go) => setTimeout(go, every));
    }
  }

  /** @param {string} selector @param {string | string[]} paths */
  async setInputFiles(selector, paths) {
    const files = [paths].flat().map((path) => resolve(path));
    const input = await this.element(selector);
    if (input.setInputFiles) await input.setInputFiles(files);
    else await input.uploadFile(...files);
  }

  /** @param {string} selector */
  async click(selector) {
    await (await this.element(selector)).click();
  }

  /** @param {string} selector @param {string} text */
  async type(selector, text) {
    await (await this.element(selector)).type(text);
  }

  /** Presses a key, by its name: `Tab`, `Enter`, `ArrowDown`, `a`. @param {string} key */
  async press(key) {
    await this.page.keyboard.press(key);
  }

  /** Moves the mouse, in CSS pixels. @param {number} x @param {number} y */
  async hover(x, y) {
    await this.page.mouse.move(x, y);
  }

  /** The text of an element. @param {string} selector @returns {Promise<string>} */
  async text(selector) {
    return this.page.evaluate((wanted) => document.querySelector(wanted)?.textContent ?? '', selector);
  }

  /** @param {number} width @param {number} height */
  async resize(width, height) {
    await (this.page.setViewportSize?.({ width, height }) ?? this.page.setViewport({ width, height }));
  }

  /** Saves a picture of the page. @param {string} path @param {{ full?: boolean }} [options] full: beyond the window */
  async screenshot(path, { full = false } = {}) {
    await this.page.screenshot({ path, fullPage: full });
  }

  async close() {
    await this.browser.close();
  }

  async element(selector) {
    const element = await this.page.$(selector);
    if (!element) throw new Error(`There is no ${selector} on the page.`);
    return element;
  }
}

/** The program a variable names, or the first that is in the path. @param {string} variable @param {string[]} names */
function program(variable, names) {
  const given = process.env[variable];
  if (given) return given;
  const places = (process.env.PATH ?? '').split(':').flatMap((folder) => names.map((name) => join(folder, name)));
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error(`There is no ${names[0]} in the path; ${variable}=/where/it/is names one.`);
  return found;
}
