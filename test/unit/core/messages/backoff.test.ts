import assert from 'node:assert/strict';
import fc from 'fast-check';
import { retryDelay } from '../../../../src/core/messages/backoff';

describe('retryDelay', () => {
  it('doubles with each failed attempt', () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((attempts) => retryDelay(attempts, () => 0)),
      [500, 1000, 2000, 4000],
    );
    assert.deepEqual(
      [1, 2, 3, 4].map((attempts) => retryDelay(attempts, () => 1)),
      [1000, 2000, 4000, 8000],
    );
  });

  it('is at most 30 s', () =>
    assert.equal(
      retryDelay(1000, () => 1),
      30_000,
    ));

  it('is a whole number of milliseconds between half its ceiling and the ceiling', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (attempts, chance) => {
          const wait = retryDelay(attempts, () => chance);
          const ceiling = Math.min(30_000, 1000 * 2 ** Math.max(0, attempts - 1));
          assert.ok(Number.isInteger(wait) && wait >= ceiling / 2 && wait <= ceiling, `${wait}`);
        },
      ),
    );
  });

  it('differs between two messages that failed together', () =>
    assert.notEqual(
      retryDelay(3, () => 0.1),
      retryDelay(3, () => 0.9),
    ));
});
