import assert from 'node:assert/strict';
import { byVersion, randomVersions } from '../../conformance/versions';

const NOW = Date.parse('2026-11-30T00:00:00Z');
const DATES = {
  created: '2026-11-01T00:00:00Z',
  modified: '2026-11-29T00:00:00Z',
  '1.0.1': '2026-06-01T00:00:00Z',
  '1.0.9': '2026-10-01T00:00:00Z',
  '1.0.10': '2026-11-01T00:00:00Z',
  '1.0.11': '2026-11-11T00:00:00Z',
  '1.1.0-beta.1': '2026-11-20T00:00:00Z',
};

describe('the versions of a conformance run', () => {
  it('are releases of the last 90 days, newest first', () => {
    assert.deepEqual(randomVersions(DATES, 9, 1, NOW), ['1.0.11', '1.0.10', '1.0.9']);
  });

  it('are the same for the same seed', () => {
    const dates = Object.fromEntries(
      Array.from({ length: 60 }, (_value, patch) => [`2.1.${patch}`, '2026-11-01T00:00:00Z']),
    );
    const chosen = randomVersions(dates, 5, 42, NOW);
    assert.equal(new Set(chosen).size, 5);
    assert.deepEqual(randomVersions(dates, 5, 42, NOW), chosen);
    assert.notDeepEqual(randomVersions(dates, 5, 43, NOW), chosen);
  });

  it('are in the order of their numbers', () => {
    const sorted = ['2.1.332, features off', '2.1.99', '2.1.332'].sort(byVersion);
    assert.deepEqual(sorted, ['2.1.99', '2.1.332', '2.1.332, features off']);
  });
});
