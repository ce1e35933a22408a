import assert from 'node:assert/strict';
import { patienceFor } from '../../../../src/cli/hooks/hook';

describe('the time that a hook gives Redis', () => {
  it('is 300 ms on a quiet machine, and up to 2 s where the hook itself starts slowly', () => {
    assert.deepEqual([0, 40, 75, 200, 500, 60_000].map(patienceFor), [300, 300, 300, 800, 2000, 2000]);
  });
});
