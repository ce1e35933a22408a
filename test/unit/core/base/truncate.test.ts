import assert from 'node:assert/strict';
import { firstLine, shortened } from '../../../../src/core/base/truncate';

describe('a shortened text', () => {
  it('is the first non-empty line without surrounding spaces', () => {
    assert.equal(firstLine('\n  \r\n  The API is ready \r\nDetails follow.'), 'The API is ready');
    assert.equal(firstLine('\n \n'), '');
    assert.equal(firstLine('x'.repeat(5000)).length, 5000);
  });

  it('is cut at the limit and ends in an ellipsis', () => {
    assert.equal(firstLine('Use /api/v1\nand nothing else', 6), 'Use /…');
    assert.equal(shortened('database', 8), 'database');
    assert.equal(shortened('databases', 8), 'databas…');
  });

  it('is never cut inside a character', () => {
    assert.equal(shortened('ok 👍👍', 5), 'ok …');
    assert.equal(shortened('ok 👍👍', 6), 'ok 👍…');
  });
});
