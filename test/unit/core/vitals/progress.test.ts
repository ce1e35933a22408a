import assert from 'node:assert/strict';
import { Progress, screenSign } from '../../../../src/core/vitals/progress';

describe('the progress of a working agent', () => {
  it('ignores spinners, times and counters on the screen', () => {
    const before = ['● Running the tests', '✽ Brewing… (1m 11s · ↑ 2.1k tokens · esc to interrupt)', '───', '❯'];
    const after = ['● Running the tests', '✻ Pondering… (1m 21s · ↑ 2.3k tokens · esc to interrupt)', '───', '❯ '];
    assert.equal(screenSign(before), screenSign(after));
    assert.notEqual(screenSign(before), screenSign([...before, 'All 12 tests pass']));
  });

  it('is a hook, new output, or processor time that is more than a spinner needs', () => {
    const progress = new Progress(0);
    progress.onScreen(['a'], 10);
    progress.onScreen(['a'], 100);
    progress.onCpu(0.05, 100);
    assert.equal(progress.idleMs(100), 90);
    progress.onCpu(0.6, 100);
    assert.equal(progress.idleMs(100), 0);
    progress.onSign(150);
    progress.onScreen(['b'], 200);
    assert.deepEqual([progress.since, progress.idleMs(250)], [200, 50]);
  });
});
