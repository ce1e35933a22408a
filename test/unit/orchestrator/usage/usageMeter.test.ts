import assert from 'node:assert/strict';
import { errors } from '../../../../src/core/errors/errors';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import type { SessionState } from '../../../../src/core/team/session';
import { UsageMeter } from '../../../../src/orchestrator/usage/usageMeter';
import type { RedisStateStore } from '../../../../src/redis/state/stateStore';
import type { Team } from '../../../../src/team/team';
import { silentLogger } from '../../../support/loggers';

describe('the budget of a team whose Redis fails for a moment', () => {
  let session: Partial<SessionState>;
  let cost: number;
  let away: boolean | 'once spent';
  let notices: string[];
  let meter: UsageMeter;

  beforeEach(() => {
    session = { budget: '3' };
    cost = 1;
    away = false;
    notices = [];
    const store = {
      session: async () => session,
      setSession: async (patch: Partial<SessionState>) => {
        if (away === true || (away === 'once spent' && patch.spent === 'true'))
          throw errors.redisUnreachable('there', new Error('cut'));
        session = { ...session, ...patch };
      },
      note: async () => undefined,
      usage: { team: async () => ({ cost }) },
    } as unknown as RedisStateStore;
    const send = async ({ text }: { text: string }) => void notices.push(text);
    meter = new UsageMeter({
      team: { store, send } as unknown as Team,
      epoch: 1,
      log: silentLogger,
      agents: { all: [], stopWork: async () => [] },
      wake: () => undefined,
    });
  });
  afterEach(() => meter.dispose());

  it('reports the failure to the caller and keeps the old value', async () => {
    away = true;
    await assert.rejects(meter.setBudget(10), (error) => isTacoError(error, 'redis-unreachable'));
    assert.equal(session.budget, '3');
    away = false;
    await meter.setBudget(10);
    assert.equal(session.budget, '10');
  });

  it('is reported as spent as soon as Redis accepts it, and nothing is typed until then', async () => {
    cost = 5;
    away = 'once spent';
    await assert.rejects(meter.setBudget(4));
    assert.deepEqual([meter.isSpent, session.spent, notices], [true, undefined, []]);
    away = false;
    await meter.setBudget(4);
    assert.deepEqual([meter.isSpent, session.spent, notices.length], [true, 'true', 1]);
  });

  it('frees the team after a raise only once Redis has stored it', async () => {
    cost = 5;
    await meter.setBudget(4);
    away = true;
    await assert.rejects(meter.setBudget(10));
    assert.equal(meter.isSpent, true);
    away = false;
    await meter.setBudget(10);
    assert.deepEqual([meter.isSpent, session.spent], [false, '']);
  });
});
