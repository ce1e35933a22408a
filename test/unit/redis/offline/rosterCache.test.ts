import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errors } from '../../../../src/core/errors/errors';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { RosterCache } from '../../../../src/redis/offline/rosterCache';

describe('RosterCache', () => {
  const roster = { tmuxSession: 'taco-x', agents: [{ window: 2, name: 'backend' }] };
  const away = () => Promise.reject(errors.redisUnreachable('127.0.0.1:1', new Error('refused')));
  let dir: string;
  let cache: RosterCache;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'taco-roster-'));
    cache = new RosterCache(dir);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('returns the cached roster while Redis is unreachable, also in another process', async () => {
    assert.deepEqual(await cache.getOrCached(() => Promise.resolve(roster)), roster);
    assert.deepEqual(await cache.getOrCached(away), roster);
    assert.deepEqual(await new RosterCache(dir).getOrCached(away), roster);
  });

  it('returns no roster when none was ever read', () =>
    assert.rejects(cache.getOrCached(away), (error) => isTacoError(error, 'redis-unreachable')));

  it('forgets the roster once there is no session, or its session was stopped', async () => {
    for (const end of [
      () => cache.getOrCached(() => Promise.reject(errors.noSession(dir))).catch(() => undefined),
      () => cache.clear(),
    ]) {
      await cache.getOrCached(() => Promise.resolve(roster));
      await end();
      await assert.rejects(cache.getOrCached(away), (error) => isTacoError(error, 'redis-unreachable'));
    }
  });

  it('rethrows an error that is not temporary', async () => {
    await cache.getOrCached(() => Promise.resolve(roster));
    await assert.rejects(
      cache.getOrCached(() => Promise.reject(errors.redisFailed('run GET', 'WRONGPASS', null))),
      (error) => isTacoError(error, 'redis-failed'),
    );
  });
});
