// How quick the page feels, in both browsers: the first paint from the disk, the first ranking while a large file is
// read (800,000 events), and with 100,000 sessions what an
// interaction takes until the next paint, a chart's redraw while something is dragged, and a frame while the list is
// scrolled. After `cargo xtask dist`:
//
//   node tests/web/bench-page.mjs [SESSIONS]
//
// An interaction's time is the browser's own (Event Timing: from the input to the next paint, in steps of 8 ms in
// Chromium). A redraw's time is that of the frame's callback; `paced` is the time between frames meanwhile.

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROWSERS, ONE_FILE, open } from './browsers.mjs';

const SESSIONS = Number(process.argv[2] ?? 100_000);
const RUNS = 5;

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)] ?? NaN;
const at95 = (values) => sorted(values)[Math.floor(values.length * 0.95)] ?? NaN;
const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const pause = (time) => new Promise((go) => setTimeout(go, time));

/** Sessions of two calls each: people and their hours, so that each is closed by a pause. */
function organisation() {
  const lines = [];
  const identities = Math.max(1, Math.round(SESSIONS / 250));
  const calls = ['DescribeInstances', 'ListBuckets', 'GetCallerIdentity', 'DescribeVolumes', 'ListUsers', 'GetParameter', 'PutObject'];
  const start = Date.UTC(2026, 0, 1);
  for (let session = 0; session < SESSIONS; session++) {
    const who = session % identities;
    const nth = Math.floor(session / identities);
    for (let event = 0; event < 2; event++) {
      const time = new Date(start + nth * 3_600_000 * 2 + who * 1000 + event * 60_000).toISOString().replace(/\.\d+/, '');
      const call = calls[(who * 7 + nth * 3 + event) % calls.length];
      lines.push(JSON.stringify({
        eventVersion: '1.09', eventTime: time, eventSource: 'ec2.amazonaws.com', eventName: call, awsRegion: 'eu-central-1',
        sourceIPAddress: `${[81, 88, 93, 109, 178][(who + (nth % 97 === 0 ? 1 : 0)) % 5]}.${who % 200}.${nth % 3}.${who % 250}`, userAgent: `aws-cli/2.${who % 9}.0`,
        userIdentity: { type: 'IAMUser', principalId: `AIDA${who}`, arn: `arn:aws:iam::123456789012:user/person-${who}`, accountId: '123456789012', userName: `person-${who}`, accessKeyId: `AKIA${who}` },
        eventID: `${session}-${event}`, eventType: 'AwsApiCall', recipientAccountId: '123456789012',
      }));
    }
  }
  return lines.join('\n');
}

async function firstPaint(browser) {
  const times = [];
  for (let i = 0; i < RUNS; i++) {
    const page = await open(browser);
    try {
      await page.goto(ONE_FILE);
      await page.waitFor(() => performance.getEntriesByName('first-contentful-paint').length > 0);
      times.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    } finally {
      await page.close();
    }
  }
  return times;
}

/** From the choice of a file of four times as many events to the first row of the ranking so far. */
async function firstRanking(browser, path) {
  const times = [];
  for (let i = 0; i < RUNS; i++) {
    const page = await open(browser);
    try {
      await page.goto(ONE_FILE);
      await page.evaluate(() => {
        document.querySelector('#files').addEventListener('change', () => (window.began = performance.now()), { capture: true });
        new MutationObserver(() => {
          if (document.querySelector('#provisional [data-score]')) window.ranked ??= performance.now();
        }).observe(document.querySelector('#provisional'), { subtree: true, childList: true });
      });
      await page.setInputFiles('#files', path);
      times.push(await page.waitFor(() => window.ranked && window.ranked - window.began, { timeout: 60_000 }));
    } finally {
      await page.close();
    }
  }
  return times;
}

/** What is done with the lists, and how. @type {[string, (page: any, turn: number) => Promise<unknown>][]} */
const INTERACTIONS = [
  ['next session (j)', (page) => page.press('j')],
  ['all sessions, alerts', (page, turn) => page.click(turn % 2 ? '#tab-alerts' : '#tab-sessions')],
  ['identities, all sessions', (page, turn) => page.click(turn % 2 ? '#tab-sessions' : '#tab-identities')],
  ['any severity, medium or high', (page, turn) => page.evaluate((value) => {
    const select = document.querySelector('#filter-severity');
    select.focus();
    select.value = value;
    // Event Timing knows trusted events only: this one is timed by hand, to the frame after the list has changed.
    const before = performance.now();
    select.dispatchEvent(new Event('change'));
    window.frameLater(() => setTimeout(() => window.entries.push({ name: 'change', duration: performance.now() - before })));
  }, turn % 2 ? '' : 'medium')],
  ['a letter in the filter, from when the list begins to change', (page, turn) => page.evaluate((text) => {
    const search = document.querySelector('#search');
    search.value = text;
    const before = performance.now();
    search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    window.frameLater(() => setTimeout(() => window.entries.push({ name: 'input', duration: performance.now() - before })));
  }, 'person-'.slice(0, turn + 1))],
  ['UTC, local', (page) => page.click('#zone')],
  ['light, dark', (page) => page.click('#theme')],
  ['a chart as table', (page) => page.click('#scores .chart-head button[aria-pressed]')],
];

async function interactions(page) {
  await page.evaluate(() => {
    window.entries = [];
    new PerformanceObserver((list) => window.entries.push(...list.getEntries().map(({ name, duration }) => ({ name, duration })))).observe({ type: 'event', durationThreshold: 16, buffered: false });
  });
  const found = [];
  for (const [name, act] of INTERACTIONS) {
    const times = [];
    for (let turn = 0; turn < 6; turn++) {
      await page.evaluate(() => void (window.entries.length = 0));
      await act(page, turn);
      await pause(350);
      // No entry: it took less than 16 ms.
      times.push(await page.evaluate(() => Math.max(8, ...window.entries.map(({ duration }) => duration))));
    }
    found.push([name, times]);
    await page.evaluate(() => {
      document.activeElement?.blur();
      const search = document.querySelector('#search');
      search.value = '';
      search.dispatchEvent(new Event('input'));
    });
    await pause(200);
  }
  return found;
}

/** Drags on a chart, a move a frame; the frames' callbacks are timed. */
const dragged = (page, selector, fixed) =>
  page.evaluate(async ({ selector, fixed }) => {
    const target = document.querySelector(selector);
    const box = target.closest('.chart-box');
    box.scrollIntoView({ block: 'center', behavior: 'instant' });
    box.setPointerCapture = () => {};
    await new Promise((go) => setTimeout(go, 300));
    const { left, top, width, height } = box.getBoundingClientRect();
    const at = (type, share, on = box) => on.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1, clientX: left + share * width, clientY: top + height * 0.6 }));
    window.callbacks.length = 0;
    const paced = [];
    at('pointerdown', 0.3, target);
    let before = performance.now();
    for (let i = 0; i < 60; i++) {
      at('pointermove', 0.3 + (0.4 * i) / 60);
      await new Promise((go) => window.frameLater(go));
      const now = performance.now();
      paced.push(now - before);
      before = now;
    }
    if (fixed) at('pointercancel', 0.3);
    else at('pointerup', 0.7);
    return { redraws: [...window.callbacks], paced };
  }, { selector, fixed });

/** Scrolls through all rows, a wheel's step a frame, then in leaps over the whole list; the times between frames. */
const scrolled = (page) =>
  page.evaluate(async () => {
    document.querySelector('#tab-sessions').click();
    const box = document.querySelector('#alerts .grid-box');
    box.scrollIntoView({ block: 'center', behavior: 'instant' });
    await new Promise((go) => setTimeout(go, 300));
    const paced = async (frames, step) => {
      const times = [];
      let before = performance.now();
      for (let i = 0; i < frames; i++) {
        step(i);
        await new Promise((go) => window.frameLater(go));
        const now = performance.now();
        times.push(now - before);
        before = now;
      }
      return times;
    };
    const steps = await paced(180, () => (box.scrollTop += 100));
    const leaps = await paced(60, (i) => (box.scrollTop = (box.scrollHeight * i) / 60));
    return { steps, leaps, empty: [...document.querySelectorAll('#alerts tbody tr[data-session]')].length === 0 };
  });

const folder = mkdtempSync(join(tmpdir(), 'oddtrail-'));
const path = join(folder, 'many.jsonl');
const once = organisation();
writeFileSync(path, once);
const long = join(folder, 'long.jsonl');
for (let i = 0; i < 4; i++) appendFileSync(long, `${once.replaceAll('"eventID":"', `"eventID":"${i}-`)}\n`);
try {
  for (const browser of BROWSERS) {
    const paints = await firstPaint(browser);
    console.log(`${browser}: first paint from the disk ${ms(median(paints))} (median of ${RUNS}; slowest ${ms(Math.max(...paints))})`);
    const rankings = await firstRanking(browser, long);
    console.log(`${browser}: first ranking ${ms(median(rankings))} after the file was chosen (median of ${RUNS}; slowest ${ms(Math.max(...rankings))})`);
    const page = await open(browser);
    try {
      await page.before(() => {
        window.callbacks = [];
        window.frameLater = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (callback) =>
          window.frameLater((time) => {
            const before = performance.now();
            callback(time);
            window.callbacks.push(performance.now() - before);
          });
      });
      await page.goto(ONE_FILE);
      await page.setInputFiles('#files', path);
      await page.waitFor(() => document.querySelector('#status').dataset.state === 'done', { timeout: 300_000 });
      await page.waitFor(() => [...document.querySelectorAll('.chart-box')].filter((box) => box.offsetParent).every((box) => box.ariaLabel && box.clientHeight > 40));
      await pause(1500);
      console.log(`${browser}: ${await page.text('#status')}`);
      for (const [name, times] of await interactions(page)) console.log(`${browser}: ${name}: ${ms(median(times))} to the next paint (slowest ${ms(Math.max(...times))})`);
      for (const [name, selector, fixed] of [['a span on the timeline', '#time .chart-box canvas', true], ['the budget on the scores', '#scores .chart-line', true]]) {
        const { redraws, paced } = await dragged(page, selector, fixed);
        console.log(`${browser}: dragging ${name}: a redraw ${ms(median(redraws))}, 95 % within ${ms(at95(redraws))}; paced ${ms(median(paced))}`);
      }
      const { steps, leaps, empty } = await scrolled(page);
      if (empty) throw new Error('there is no row where the list was scrolled to');
      console.log(`${browser}: scrolling by a wheel's steps: a frame every ${ms(median(steps))}, 95 % within ${ms(at95(steps))}, slowest ${ms(Math.max(...steps))}; by leaps: ${ms(median(leaps))}, slowest ${ms(Math.max(...leaps))}`);
      if (page.errors.length) console.log(page.errors);
    } finally {
      await page.close();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
