// What axe-core finds in a page as it stands.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Its serious and critical findings, a line each. */
export async function serious(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.page.evaluate(AXE);
  const { passes, found } = await page.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document);
    const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return {
      passes: passes.length,
      found: bad.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 5).map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).join(' | ')}`),
    };
  });
  assert.ok(passes > 10, 'axe looked at the page');
  return found;
}
