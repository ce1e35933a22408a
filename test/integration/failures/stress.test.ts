import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { runStress } from '../../stress/run';

describe('delivery without loss, duplicates, overtaking or damage', function () {
  this.timeout(180_000);

  it('survives kills of leaders, Redis, agents and tmux, and competing leaders', async () => {
    const result = await runStress({
      minutes: 0.5,
      agents: 4,
      seed: 11,
      taco: resolve('dist/taco.js'),
      say: () => undefined,
    });
    assert.deepEqual(
      result.faults.filter(({ passed }) => !passed),
      [],
    );
    assert.equal(result.violations, 0);
    for (const { fault, done, counts } of result.faults) assert.ok(done.times > 0 && counts.received > 0, fault);
    const noticed = result.faults.find(({ fault }) => fault === 'agent')?.done.worstMs ?? Infinity;
    assert.ok(noticed < 3000, `the end of an agent was noticed after ${noticed} ms`);
  });
});
