// Originals are shown with line breaks, and otherwise as they were written.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indent } from '../../www/indent.js';

test('numbers, order and escapes stay as they were written', () => {
  assert.equal(indent('{"b":12345678901234567890,"2":"a\\u003c{","1":[],"x":{"y":[1,2]}}'),
    '{\n  "b": 12345678901234567890,\n  "2": "a\\u003c{",\n  "1": [],\n  "x": {\n    "y": [\n      1,\n      2\n    ]\n  }\n}');
});

test('text that is cut off is shown as far as it goes', () => {
  assert.equal(indent('{"a":"open'), '{\n  "a": "open');
});
