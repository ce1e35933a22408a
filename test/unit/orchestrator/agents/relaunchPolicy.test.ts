import assert from 'node:assert/strict';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import { CRASH_LIMIT, RelaunchPolicy } from '../../../../src/orchestrator/agents/relaunchPolicy';

/** A policy on a clock whose sleeps end at once and are recorded. */
function policyOf(mode: 'never' | 'onCrash'): {
  policy: RelaunchPolicy;
  relaunched: number[];
  notes: string[];
  sleeps: number[];
  pass: (ms: number) => void;
} {
  const relaunched: number[] = [];
  const notes: string[] = [];
  const sleeps: number[] = [];
  let now = 0;
  const policy = new RelaunchPolicy({
    mode,
    clock: { now: () => now, sleep: (ms) => Promise.resolve(void sleeps.push(ms)) },
    relaunch: (window) => relaunched.push(window),
    note: (text) => notes.push(text),
  });
  return { policy, relaunched, notes, sleeps, pass: (ms) => (now += ms) };
}
const builder = { window: 3, name: 'builder' } as AgentRecord;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the policy for crashed agents', () => {
  it('does not relaunch agents when it is set to never', async () => {
    const { policy, relaunched } = policyOf('never');
    policy.onCrash(builder);
    await tick();
    assert.deepEqual(relaunched, []);
  });

  it('waits longer after each crash, and in a loop stops and reports that', async () => {
    const { policy, relaunched, notes, sleeps } = policyOf('onCrash');
    for (let n = 0; n <= CRASH_LIMIT; n++) policy.onCrash(builder);
    await tick();
    assert.equal(relaunched.length, CRASH_LIMIT);
    sleeps.forEach((ms, n) => assert.ok(ms >= 500 * 2 ** n && ms <= 1000 * 2 ** n, `wait ${n} is ${ms} ms`));
    assert.match(notes.join(), /builder crashed 6 times/);
  });

  it('ignores crashes of long ago', async () => {
    const { policy, relaunched, sleeps, pass } = policyOf('onCrash');
    for (let n = 0; n < CRASH_LIMIT; n++) policy.onCrash(builder);
    pass(11 * 60_000);
    policy.onCrash(builder);
    await tick();
    assert.equal(relaunched.length, CRASH_LIMIT + 1);
    assert.ok((sleeps.at(-1) ?? 0) <= 1000);
  });

  it('relaunches nothing once it is disposed', async () => {
    const { policy, relaunched } = policyOf('onCrash');
    policy.onCrash(builder);
    policy.dispose();
    await tick();
    assert.deepEqual(relaunched, []);
  });
});
