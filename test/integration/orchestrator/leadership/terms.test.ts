import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import type { ServiceRecord } from '../../../../src/core/services/serviceRecord';
import { Engine } from '../../../../src/orchestrator/engine';
import type { LeaderRole, LeaderTerm } from '../../../../src/orchestrator/leadership/leaderTerm';
import { EpochFence } from '../../../../src/redis/leadership/fence';
import { scripts } from '../../../../src/redis/scripts/scripts';
import { defaultSettings } from '../../../../src/team/engineSettings';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';
import { waitUntil } from '../../../support/waitUntil';

describe('leader terms', function () {
  this.timeout(30_000);
  let bed: TestTeam;
  let team: Team;
  let engine: Engine;
  /** The parameters of each term, the first one first, and whether it has ended. */
  let terms: (LeaderTerm & { over: boolean })[];
  let begin: () => Promise<void>;

  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
    terms = [];
    begin = () => Promise.resolve();
    const post: LeaderRole = {
      keys: team.keys,
      createExecutor: (options) => {
        const term = { ...options, over: false };
        terms.push(term);
        return { begin: () => begin(), dispose: () => void (term.over = true) };
      },
    };
    engine = new Engine(
      team,
      { ...defaultSettings, tmuxSocket: bed.socket, tacoCommand: [process.execPath, resolve('dist/taco.js')] },
      bed.log,
      post,
    );
  });
  afterEach(async () => {
    await engine.shutdown();
    await bed.dispose();
  });

  const term = (n: number) => terms[n] ?? assert.fail(`no term ${n + 1}`);
  const next = async (n: number): Promise<void> => {
    await waitUntil(() => terms.length > n);
    await waitUntil(() => engine.leading);
  };
  const write = (n: number) =>
    new EpochFence(team.redis, team.keys, () => term(n).currentEpoch()).run(
      scripts.inflight,
      [team.keys.inflight(2)],
      ['cmd_000001', 'typing', 'text'],
    );

  it('have an epoch each, also when the same process leads again', async () => {
    await engine.start();
    term(0).onLeadershipLost();
    await next(1);
    assert.deepEqual(
      [term(0).over, term(1).epoch > term(0).epoch, term(1).currentEpoch()],
      [true, true, term(1).epoch],
    );
  });

  it('write nothing with the epoch of a later term after their end', async () => {
    await engine.start();
    await write(0);
    term(0).onLeadershipLost();
    await next(1);
    assert.equal(term(0).currentEpoch(), null);
    await assert.rejects(write(0), (error) => isTacoError(error, 'not-leader'));
    await write(1);
  });

  it('change nothing in the state after their end: session, plan, agents, secrets or services', async () => {
    await engine.start();
    const agent: AgentRecord = {
      window: 2,
      name: 'two',
      role: '',
      status: 'idle',
      workspace: '/',
      profile: 'scripted',
      pane: '%1',
      sessionId: '',
      activity: '',
      done: false,
      spec: '',
      model: '',
      permissionMode: '',
      startedAt: 1,
      changedAt: 1,
      exitCode: '',
      host: '',
    };
    const service: ServiceRecord = {
      name: 'web',
      port: 8080,
      url: '',
      owner: 'AGENT-2',
      check: 'tcp',
      health: 'healthy',
      checkedAt: 1,
    };
    const mine = term(0).team.store;
    await mine.setSession({
      project_dir: '/',
      started_at: 'now',
      goal: 'first',
      tmux_session: 'one',
      phase: 'running',
      detail: '',
      agent_count: 1,
    });
    await mine.setAgent(2, agent);
    await mine.registerSender('AGENT-2', 'secret');
    term(0).onLeadershipLost();
    await next(1);
    const writes: [string, () => Promise<unknown>][] = [
      ['setSession', () => mine.setSession({ phase: 'lost' })],
      ['failSession', () => mine.failSession('cut short', 10)],
      ['setAgent', () => mine.setAgent(2, { status: 'exited' })],
      ['a whole record', () => mine.setAgent(3, { ...agent, window: 3 })],
      ['removeAgent', () => mine.removeAgent(2)],
      ['setPlan', () => mine.setPlan(null)],
      ['registerSender', () => mine.registerSender('AGENT-2', 'another')],
      ['revokeSender', () => mine.revokeSender('AGENT-2')],
      ['setService', () => mine.setService(service)],
      ['removeService', () => mine.removeService('web')],
      ['clear', () => mine.clear()],
      ['end', () => term(0).team.end()],
    ];
    const before = await team.snapshot();
    for (const [what, write] of writes)
      await assert.rejects(write(), (error) => isTacoError(error, 'not-leader'), what);
    assert.deepEqual({ ...(await team.snapshot()), at: 0 }, { ...before, at: 0 });
    assert.equal(await team.store.isSender('AGENT-2', 'secret'), true);
    assert.equal(await team.redis.call('PTTL', team.keys.session), -1);
    await term(1).team.store.setAgent(2, { status: 'busy' });
    await term(1).team.store.clear();
    assert.equal(await team.store.session(), null);
  });

  it('change nothing in the state when they have ended in Redis without their knowledge', async () => {
    await engine.start();
    // The process slept: it leads by its own clock, but not by that of Redis.
    await team.redis.call('INCR', team.keys.epoch);
    await assert.rejects(term(0).team.store.clear(), (error) => isTacoError(error, 'not-leader'));
    await assert.rejects(term(0).team.store.setAgent(2, { status: 'exited' }), (error) =>
      isTacoError(error, 'not-leader'),
    );
  });

  it('are not ended by leftovers of an earlier one', async () => {
    await engine.start();
    term(0).onLeadershipLost();
    await next(1);
    term(0).onLeadershipLost();
    assert.deepEqual([engine.leading, term(1).over], [true, false]);
  });

  it('release the lease to other processes when they cannot begin', async () => {
    begin = () => Promise.reject(new Error('its tmux is broken'));
    await engine.start();
    assert.equal(term(0).over, true);
    await waitUntil(async () => (await team.redis.call('EXISTS', team.keys.lease)) === 0);
    begin = () => Promise.resolve();
    await next(1);
    assert.ok(term(1).epoch > term(0).epoch);
  });
});
