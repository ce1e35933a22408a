import assert from 'node:assert/strict';
import { agentRecordSchema } from '../../../../src/core/agents/agentRecord';
import { ProgressWatch } from '../../../../src/orchestrator/vitals/progressWatch';

const record = agentRecordSchema.parse({
  window: '2',
  name: 'api',
  role: 'r',
  status: 'busy',
  workspace: '/w',
  profile: 'claude',
  pane: '%2',
});
const MINUTE = 60_000;

describe('the watch over the progress of agents', () => {
  it('reports an agent that stands still once, and again only after it went on', async () => {
    const still: number[] = [];
    const screen = ['working'];
    const watch = new ProgressWatch({
      profile: () => ({}),
      screen: () => Promise.resolve(screen),
      onStill: (_, ms) => Promise.resolve(void still.push(ms / MINUTE)),
      onRepeats: () => Promise.reject(new Error('no call')),
    });
    const run = async (from: number, to: number): Promise<unknown> => {
      let last: unknown;
      for (let minute = from; minute <= to; minute++) last = await watch.check(record, 0.02, minute * MINUTE);
      return last;
    };
    assert.deepEqual(await run(0, 15), {});
    assert.deepEqual(await run(16, 40), { stillSince: MINUTE }, 'its screen was first seen after one minute');
    assert.deepEqual(still, [15]);
    screen[0] = 'something new';
    assert.deepEqual(await run(41, 50), {});
    watch.onHook(2, {}, 55 * MINUTE);
    assert.deepEqual(await run(56, 69), {});
    await run(70, 90);
    assert.equal(still.length, 2);
    assert.deepEqual(await watch.check({ ...record, status: 'idle' }, 0, 91 * MINUTE), {});
  });
});
