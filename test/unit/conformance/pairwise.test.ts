import assert from 'node:assert/strict';
import { combinations, uncovered } from '../../conformance/settings/pairwise';

const FACTORS = { a: ['1', '2', '3'], b: ['x', 'y'], c: ['p', 'q', 'r', 's'], d: ['on', 'off'] };

describe('combinations of settings', () => {
  it('cover all pairs of values in few combinations', () => {
    const found = combinations(FACTORS, 16, 1);
    assert.deepEqual(uncovered(FACTORS, found), []);
    assert.equal(found.length, 16);
  });

  it('are the same for the same seed, and a longer run begins with a shorter one', () => {
    const found = combinations(FACTORS, 20, 7);
    assert.deepEqual(combinations(FACTORS, 20, 7), found);
    assert.deepEqual(combinations(FACTORS, 5, 7), found.slice(0, 5));
    assert.notDeepEqual(combinations(FACTORS, 20, 8), found);
  });

  it('leave pairs uncovered that no combination has', () => {
    assert.equal(uncovered(FACTORS, []).length, 3 * 2 + 3 * 4 + 3 * 2 + 2 * 4 + 2 * 2 + 4 * 2);
  });
});
