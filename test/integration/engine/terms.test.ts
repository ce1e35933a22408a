import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { isTacoError } from '../../../src/core/errors';
import { Engine } from '../../../src/orchestrator/engine';
import type { Post, TermOptions } from '../../../src/orchestrator/post';
import { defaultSettings } from '../../../src/orchestrator/settings';
import type { Team } from '../../../src/orchestrator/teamClient';
import { Fence } from '../../../src/redis/fence';
import { scripts } from '../../../src/redis/scripts';
import { until } from '../../support/redis';
import { TestTeam } from '../../support/team';

describe('terms of leadership', function () {
  this.timeout(30_000);
  let bed: TestTeam;
  let team: Team;
  let engine: Engine;
  /** What each term was given, the first one first, and whether it is over. */
  let terms: (TermOptions & { over: boolean })[];
  let begin: () => Promise<void>;

  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
    terms = [];
    begin = () => Promise.resolve();
    const post: Post = {
      keys: team.keys,
      make: (options) => {
        const term = { ...options, over: false };
        terms.push(term);
        return { begin: () => begin(), dispose: () => void (term.over = true) };
      },
    };
    engine = new Engine(team, { ...defaultSettings, tmuxSocket: bed.socket, tacoCommand: [process.execPath, resolve('dist/taco.js')] }, bed.log, post);
  });
  afterEach(async () => {
    await engine.shutdown();
    await bed.dispose();
  });

  const term = (n: number) => terms[n] ?? assert.fail(`no term ${n + 1}`);
  const next = async (n: number): Promise<void> => {
    await until(() => terms.length > n);
    await until(() => engine.leading);
  };
  const write = (n: number) => new Fence(team.redis, team.keys, () => term(n).currentEpoch()).run(scripts.inflight, [team.keys.inflight(2)], ['cmd_000001', 'typing', 'text']);

  it('have an epoch each, also when the same process leads again', async () => {
    await engine.start();
    term(0).onStale();
    await next(1);
    assert.deepEqual([term(0).over, term(1).epoch > term(0).epoch, term(1).currentEpoch()], [true, true, term(1).epoch]);
  });

  it('that are over write nothing by the epoch of the one that goes on', async () => {
    await engine.start();
    await write(0);
    term(0).onStale();
    await next(1);
    assert.equal(term(0).currentEpoch(), null);
    await assert.rejects(write(0), (error) => isTacoError(error, 'not-leader'));
    await write(1);
  });

  it('are not ended by what is left of an earlier one', async () => {
    await engine.start();
    term(0).onStale();
    await next(1);
    term(0).onStale();
    assert.deepEqual([engine.leading, term(1).over], [true, false]);
  });

  it('that cannot begin leave the lease to whoever else can', async () => {
    begin = () => Promise.reject(new Error('its tmux is broken'));
    await engine.start();
    assert.equal(term(0).over, true);
    await until(async () => (await team.redis.call('EXISTS', team.keys.lease)) === 0);
    begin = () => Promise.resolve();
    await next(1);
    assert.ok(term(1).epoch > term(0).epoch);
  });
});
