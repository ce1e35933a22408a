import assert from 'node:assert/strict';
import type { MochaReport } from '../../harness/mocha';
import { StallWatch } from '../../harness/stallWatch';

const report = (passed: number, running?: MochaReport['running']): MochaReport => ({
  passed,
  skipped: 0,
  failures: [],
  complete: false,
  running,
});

describe('the stall watch', () => {
  it('never stops a run that makes progress, however long it takes', () => {
    let now = 0;
    const watch = new StallWatch(1000, () => now);
    for (let passed = 0; passed < 100; passed++) {
      now += 999;
      assert.equal(watch.check(report(passed)), '');
    }
  });

  it('stops a run whose report stays the same', () => {
    let now = 0;
    const watch = new StallWatch(1000, () => now);
    watch.check(report(1));
    now = 1001;
    assert.match(watch.check(report(1)), /no progress for 1 s/);
  });

  it('gives the test that runs its own limit on top', () => {
    let now = 0;
    const watch = new StallWatch(1000, () => now);
    const running = { title: 'slow', limitMs: 60_000 };
    watch.check(report(1, running));
    now = 61_000;
    assert.equal(watch.check(report(1, running)), '');
    now = 61_001;
    assert.match(watch.check(report(1, running)), /no progress for 61 s in "slow"/);
  });

  it('stops a run that never wrote a report', () => {
    let now = 0;
    const watch = new StallWatch(1000, () => now);
    watch.check(null);
    now = 1001;
    assert.match(watch.check(null), /no progress/);
  });
});
