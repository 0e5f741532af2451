// What is foreseen while files are read: the time left, and whether it will fit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreseen, roomFor, timeLeft } from '../../www/forecast.js';

test('time left follows the bytes, once there are enough of them', () => {
  // A quarter in 2 s: three quarters take 6 s.
  assert.equal(timeLeft({ bytes: 25e6, total: 100e6, passed: 2000 }), 6000);
  assert.equal(timeLeft({ bytes: 100e6, total: 100e6, passed: 2000 }), 0);
  assert.equal(timeLeft({ bytes: 1e6, total: 100e6, passed: 2000 }), null, 'a hundredth is too little');
  assert.equal(timeLeft({ bytes: 0, total: 0, passed: 2000 }), null);
});

test('what will not fit is said before it happens, and what can be done', () => {
  // 3.2e9 bytes at 250 an event: room for 12.8 million. A tenth of the files held 2 million: 20 million in all.
  assert.equal(roomFor(), 12_800_000);
  const warning = foreseen({ bytes: 1e9, total: 10e9, events: 2e6 });
  assert.match(warning, /about 20 million events.*room for about 13 million/);
  assert.match(warning, /fewer days.*data events.*terminal/);
  assert.equal(foreseen({ bytes: 1e9, total: 10e9, events: 1e6 }), '', '10 million fit');
  assert.equal(foreseen({ bytes: 1e6, total: 10e9, events: 1e6 }), '', 'too early to say');
});

test('a small machine has less room', () => {
  // 2 GiB × 0.6 / 250 = 5.2 million.
  assert.equal(Math.round(roomFor(2) / 1e5), 52);
  assert.match(foreseen({ bytes: 1e9, total: 10e9, events: 1e6 }, 2), /about 10 million/);
});
