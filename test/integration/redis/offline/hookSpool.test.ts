import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HookData, HookReport } from '../../../../src/core/agents/hookData';
import { errors } from '../../../../src/core/errors/errors';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { systemClock } from '../../../../src/environment/systemClock';
import { SpooledHookReplayer } from '../../../../src/orchestrator/agents/spooledHooks';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import type { RedisCaller } from '../../../../src/redis/client/redisCommands';
import { EpochFence } from '../../../../src/redis/leadership/fence';
import { clearHookSpool, HookSpool } from '../../../../src/redis/offline/hookSpool';
import { MAX_HOOK_REPORTS, publishHook } from '../../../../src/redis/queue/hookReports';
import { RedisInflightStore } from '../../../../src/redis/queue/inFlightStore';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';

describe('HookSpool', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  let store: RedisStateStore;
  let dir: string;
  let spool: HookSpool;
  let inflight: RedisInflightStore;
  let calls = 0;
  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(async () => {
    keys = server.newKeys();
    await redis.call('SET', keys.epoch, '1');
    inflight = new RedisInflightStore(redis, keys, new EpochFence(redis, keys, () => 1));
    store = new RedisStateStore(redis, keys, systemClock, silentLogger);
    dir = join(mkdtempSync(join(tmpdir(), 'taco-hooks-')), 'hooks');
    spool = new HookSpool(dir);
  });
  afterEach(() => {
    store.dispose();
    rmSync(join(dir, '..'), { recursive: true, force: true });
  });

  const said = (event: string, data: HookData = {}): HookReport => ({
    id: `call-${++calls}`,
    event,
    data,
    profile: 'claude',
    at: 1000 + calls,
  });
  const drain = (caller: RedisCaller = redis) => new SpooledHookReplayer(caller, keys, dir, silentLogger).drain();
  const published = async (window = 3) =>
    (await store.hooksAfter()).filter((report) => report.window === window).map(({ event }) => event);

  it('spools privately, publishes in order with the original times, and leaves no files', async () => {
    const all = ['UserPromptSubmit', 'Notification', 'Stop'].map((event) => said(event));
    for (const each of all) await spool.put(3, each);
    await spool.put(2, said('SessionStart'));
    assert.equal(statSync(join(dir, '3')).mode & 0o777, 0o700);
    await drain();
    assert.deepEqual(
      (await store.hooksAfter()).filter(({ window }) => window === 3).map(({ event, at }) => ({ event, at })),
      all.map(({ event, at }) => ({ event, at })),
    );
    assert.deepEqual(await published(2), ['SessionStart']);
    assert.deepEqual(
      [await spool.holds(3), existsSync(join(dir, '3')), existsSync(join(dir, '2'))],
      [false, false, false],
    );
  });

  it('publishes a report once, whichever process drains, even if it was published before', async () => {
    const all = Array.from({ length: 20 }, (_, i) => said(`Event${i}`));
    for (const each of all) await spool.put(3, each);
    const [first] = all;
    assert.ok(first);
    await publishHook(redis, keys, 3, first);
    await Promise.all([drain(), drain(), drain()]);
    assert.deepEqual(
      await published(),
      all.map(({ event }) => event),
    );
  });

  it('confirms the message in flight, because its prompt is compared when the report is published', async () => {
    await inflight.set(3, 'cmd_000001', 'entered', 'the API is ready');
    await spool.put(3, said('UserPromptSubmit', { prompt: 'the API is ready' }));
    await drain();
    assert.equal(await inflight.receipt(3, 'cmd_000001'), 'received');
    assert.equal((await store.hooksAfter())[0]?.data.commandId, 'cmd_000001');
  });

  it('publishes before the receipt of the message in flight is read, and delays no other window', async () => {
    const replayer = new SpooledHookReplayer(redis, keys, dir, silentLogger);
    const asking = new RedisInflightStore(redis, keys, new EpochFence(redis, keys, () => 1), (window) =>
      replayer.drainOf(window),
    );
    await inflight.set(3, 'cmd_000001', 'entered', 'the API is ready');
    await spool.put(3, said('UserPromptSubmit', { prompt: 'the API is ready' }));
    await spool.put(2, said('Stop'));
    assert.equal(await asking.receipt(3, 'cmd_000001'), 'received');
    assert.deepEqual([await spool.holds(3), await spool.holds(2)], [false, true]);
    assert.equal(await asking.receipt(4, 'cmd_000001'), null);
  });

  it('continues after a report that Redis refuses permanently', async () => {
    await spool.put(3, said('Refused'));
    await spool.put(3, said('Stop'));
    const refusing: RedisCaller = {
      call: (command, ...args) =>
        args.some((each) => String(each).includes('Refused'))
          ? Promise.reject(errors.redisFailed('run', 'ERR no'))
          : redis.call(command, ...args),
    };
    await drain(refusing);
    assert.deepEqual([await published(), await spool.holds(3)], [['Stop'], false]);
  });

  it('publishes a damaged text without refusing it, because the model has it already', async () => {
    await inflight.set(
      3,
      'cmd_000001',
      'entered',
      '[USER → AGENT-3]: the API is ready, its specification is in docs/api.md',
    );
    await spool.put(3, said('UserPromptSubmit', { prompt: '[USER → AGENT-3]: the API is ready, its spec' }));
    await drain();
    assert.equal(await inflight.receipt(3, 'cmd_000001'), null);
    assert.deepEqual((await store.hooksAfter())[0]?.data, { prompt: '[USER → AGENT-3]: the API is ready, its spec' });
  });

  it('stops when Redis is unreachable again, and later continues from there', async () => {
    for (const event of ['One', 'Two', 'Three']) await spool.put(3, said(event));
    let left = 1;
    const failing: RedisCaller = {
      call: (command, ...args) =>
        left-- > 0 ? redis.call(command, ...args) : Promise.reject(errors.redisUnreachable('nowhere')),
    };
    await publishHook(redis, keys, 2, said('Zero')); // Redis knows its script
    await assert.rejects(drain(failing), (error) => isTacoError(error, 'redis-unreachable'));
    assert.equal(await spool.holds(3), true);
    await drain();
    assert.deepEqual(await published(), ['One', 'Two', 'Three']);
  });

  it('keeps at most as many reports as Redis, and skips unreadable ones', async () => {
    for (let i = 0; i < MAX_HOOK_REPORTS + 5; i++) await spool.put(3, said(`Event${i}`));
    await writeFile(join(dir, '3', '000000000000000-torn.json'), '{"id":');
    await writeFile(
      join(dir, '3', '000000000000001-evil.json'),
      JSON.stringify({ ...said('Stop'), data: { prompt: 7 } }),
    );
    await drain();
    const all = await published();
    assert.deepEqual([all.length, all[0], await spool.holds(3)], [MAX_HOOK_REPORTS, 'Event5', false]);
  });

  it("publishes nothing from an agent's previous launch", async () => {
    await spool.put(3, said('Stop'));
    await spool.put(2, said('Stop'));
    await clearHookSpool(dir, 3);
    await drain();
    assert.deepEqual([await published(3), await published(2)], [[], ['Stop']]);
  });
});
