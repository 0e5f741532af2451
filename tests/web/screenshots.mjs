// Pictures of the page with the sample, at three widths, light and dark, into docs/. After `cargo xtask dist`:
//
//   node tests/web/screenshots.mjs

import { join } from 'node:path';
import { ONE_FILE, open } from './browsers.mjs';

for (const [width, height] of [[1280, 1400], [1920, 1400], [390, 1600]]) {
  for (const dark of [false, true]) {
    const page = await open('chromium', { width, height, dark, calm: true });
    try {
      await page.goto(`${ONE_FILE}#sim=sample&seed=1`);
      await page.waitFor(() => document.querySelector('#status')?.dataset.state === 'done', { timeout: 60_000 });
      await page.waitFor(() => [...document.querySelectorAll('.chart-box')].filter((box) => box.offsetParent !== null).every((box) => box.clientHeight > 40));
      await page.evaluate(() => new Promise((go) => setTimeout(go, 500)));
      await page.screenshot(join('docs', `page-${width}-${dark ? 'dark' : 'light'}.png`));
    } finally {
      await page.close();
    }
  }
}
