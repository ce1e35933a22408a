import assert from 'node:assert/strict';
import { agentRecordSchema } from '../../../../src/core/agents/agentRecord';
import { Fallbacks } from '../../../../src/orchestrator/limits/fallbacks';

const MINUTE = 60_000;
const record = agentRecordSchema.parse({
  window: '2',
  name: 'api',
  role: 'r',
  status: 'limited',
  workspace: '/w',
  profile: 'claude',
  account: 'claude ~/.claude',
  pane: '%2',
  startedAt: '1',
  spec: JSON.stringify({ window: 2, name: 'api', role: 'r', fallback: [{ account: 'work' }] }),
});

describe('a move to a fallback', () => {
  it('that failed is tried again after 5 minutes, and still continues the refused turn', () => {
    let now = 0;
    const moves: unknown[] = [];
    const fallbacks = new Fallbacks({
      agents: { here: [record] },
      quotaWith: (_, choice) => ({
        profile: 'claude',
        account: choice === null ? 'claude ~/.claude' : 'claude ~/.claude-work',
        model: '',
      }),
      isLimited: ({ account }) => account === 'claude ~/.claude',
      switchTo: (...move) => void moves.push(move),
      returns: true,
      clock: { now: () => now },
    });
    assert.equal(fallbacks.move(record, true), true);
    now = 4 * MINUTE;
    assert.equal(fallbacks.move(record, false), false);
    now = 5 * MINUTE;
    assert.equal(fallbacks.move(record, false), true);
    assert.deepEqual(moves, [
      [2, { account: 'work' }, true],
      [2, { account: 'work' }, true],
    ]);
    now = 20 * MINUTE;
    assert.equal(fallbacks.move({ ...record, startedAt: 2 }, false), true);
    assert.deepEqual(moves.at(-1), [2, { account: 'work' }, false], 'another launch has another turn');
  });

  it('goes to another model of the same account, when only its own model has a limit', () => {
    const moves: unknown[] = [];
    const fallbacks = new Fallbacks({
      agents: { here: [] },
      quotaWith: (_, choice) => ({ profile: 'claude', account: 'claude ~/.claude', model: choice?.model ?? 'opus' }),
      isLimited: ({ model }) => model === 'opus',
      switchTo: (...move) => void moves.push(move),
      returns: true,
      clock: { now: () => 0 },
    });
    const spec = { window: 2, name: 'api', role: 'r', model: 'opus', fallback: [{ model: 'sonnet' }] };
    assert.equal(fallbacks.move({ ...record, model: 'opus', spec: JSON.stringify(spec) }, true), true);
    assert.deepEqual(moves, [[2, { model: 'sonnet' }, true]]);
  });
});
