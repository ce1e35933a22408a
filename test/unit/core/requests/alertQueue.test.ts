import assert from 'node:assert/strict';
import { AlertQueue } from '../../../../src/core/requests/alertQueue';

const DELAY_MS = 700;
const items = (...keys: readonly string[]): readonly { readonly key: string }[] => keys.map((key) => ({ key }));

describe('the queue of alerts', () => {
  let queue = new AlertQueue<{ readonly key: string }>(() => DELAY_MS);
  beforeEach(() => (queue = new AlertQueue(() => DELAY_MS)));

  it('gives each thing once, after the delay', () => {
    assert.deepEqual(queue.next(items('a'), 0), { due: [], afterMs: DELAY_MS });
    assert.deepEqual(queue.next(items('a', 'b'), 500), { due: [], afterMs: 200 });
    assert.deepEqual(queue.next(items('a', 'b'), 700), { due: items('a'), afterMs: 500 });
    assert.deepEqual(queue.next(items('a', 'b'), 1200), { due: items('b'), afterMs: null });
    assert.deepEqual(queue.next(items('a', 'b'), 9000), { due: [], afterMs: null });
  });

  it('forgets what was answered within the delay, and waits again when it comes again', () => {
    queue.next(items('a'), 0);
    queue.next([], 500);
    assert.deepEqual(queue.next(items('a'), 1000), { due: [], afterMs: DELAY_MS });
  });

  it('never gives what was settled', () => {
    assert.deepEqual(queue.settle(items('a')), items('a'));
    assert.deepEqual(queue.settle(items('a')), []);
    assert.deepEqual(queue.next(items('a'), 0), { due: [], afterMs: null });
    assert.deepEqual(queue.next(items('a'), 5000), { due: [], afterMs: null });
  });
});
