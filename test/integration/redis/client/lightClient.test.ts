import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { HookData, HookReport } from '../../../../src/core/agents/hookData';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { systemClock } from '../../../../src/environment/systemClock';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import { parseEndpoint, socketEndpoint } from '../../../../src/redis/client/endpoint';
import type { Keys } from '../../../../src/redis/client/keys';
import { LightClient } from '../../../../src/redis/client/lightClient';
import { EpochFence } from '../../../../src/redis/leadership/fence';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { publishHook, readInflight } from '../../../../src/redis/queue/hookReports';
import { RedisInflightStore } from '../../../../src/redis/queue/inFlightStore';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { leadingConsumer, newCommand } from '../../../support/redisQueue';
import { SLOW_MACHINE_FACTOR } from '../../../support/slowMachine';

/** Time limits for a Redis that answers, also a starved one, and for one that does not. */
const TIMEOUTS = { connectTimeoutMs: 30_000, commandTimeoutMs: 30_000 };
const SHORT = { connectTimeoutMs: 300, commandTimeoutMs: 300 };

describe('LightClient', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  let light: LightClient;
  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(async () => {
    keys = server.newKeys();
    light = await LightClient.connect(server.endpoint, TIMEOUTS);
  });
  afterEach(() => light.dispose());

  const unreachable = (e: unknown): boolean => isTacoError(e, 'redis-unreachable');

  it('returns the replies of many simultaneous calls in their order, also long ones', async () => {
    const long = 'ü🌮'.repeat(50_000);
    const answers = await Promise.all([
      light.call('SET', keys.plan, long),
      light.call('GET', keys.plan),
      light.call('DEL', keys.plan),
      light.call('PING'),
    ]);
    assert.deepEqual(answers, ['OK', long, 1, 'PONG']);
    await assert.rejects(light.call('NONSENSE'), (e) => isTacoError(e, 'redis-failed'));
    assert.equal(await light.call('PING'), 'PONG');
  });

  it('enqueues like any other client', async () => {
    const command = newCommand();
    assert.deepEqual(await new RedisCommandProducer(light, keys).enqueue(command), { duplicate: false });
    const { consumer, lease } = await leadingConsumer(redis, keys);
    assert.deepEqual(
      (await consumer.read(1, 0)).map((pending) => pending.command.id),
      [command.id],
    );
    lease.dispose();
  });

  it('logs in and selects a database', async () => {
    await redis.call('ACL', 'SETUSER', 'agent', 'on', '>pass word', '~*', '&*', '+@all');
    const endpoint = parseEndpoint(`unix://agent:pass%20word@${server.paths.redisSocket}`);
    const client = await LightClient.connect({ ...endpoint, db: 3 }, TIMEOUTS);
    assert.match(String(await client.call('CLIENT', 'INFO')), / db=3 .*user=agent/);
    client.dispose();
  });

  it('fails in time when Redis is missing, sends no RESP2, or never answers', async () => {
    const started = Date.now();
    await assert.rejects(LightClient.connect(socketEndpoint(join(server.paths.home, 'none.sock')), SHORT), unreachable);
    await assert.rejects(LightClient.connect(parseEndpoint('redis://127.0.0.1:1'), SHORT), unreachable);
    const silent = await listen(createServer());
    await assert.rejects(async () => (await LightClient.connect(silent.endpoint, SHORT)).call('PING'), unreachable);
    const http = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    await assert.rejects(async () => (await LightClient.connect(http.endpoint, SHORT)).call('PING'), unreachable);
    assert.ok(Date.now() - started < 1500 * SLOW_MACHINE_FACTOR);
    silent.close();
    http.close();
  });

  it('takes a reply that has arrived when its process was starved beyond the time limit', async () => {
    const starved = await LightClient.connect(server.endpoint, { ...TIMEOUTS, commandTimeoutMs: 200 });
    const reply = starved.call('PING');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    assert.equal(await reply, 'PONG');
    starved.dispose();
  });

  describe('hook reports', () => {
    let inflight: RedisInflightStore;
    let store: RedisStateStore;
    beforeEach(async () => {
      await redis.call('SET', keys.epoch, '1');
      inflight = new RedisInflightStore(redis, keys, new EpochFence(redis, keys, () => 1));
      store = new RedisStateStore(redis, keys, systemClock, silentLogger);
    });
    afterEach(() => store.dispose());

    it('read the text in flight, and null when there is none', async () => {
      assert.equal(await readInflight(light, keys, 3), null);
      await inflight.set(3, 'cmd_000001', 'typing', 'text');
      await inflight.set(3, 'cmd_000001', 'entered', 'text', 0, 'another text');
      assert.deepEqual(await readInflight(light, keys, 3), {
        id: 'cmd_000001',
        text: 'text',
        phase: 'entered',
        promptAt: 0,
        typedAt: 0,
        queued: 'another text',
        transcript: '',
      });
      await inflight.clear(3, 'cmd_other0');
      assert.ok(await readInflight(light, keys, 3));
      await inflight.clear(3, 'cmd_000001');
      assert.equal(await readInflight(light, keys, 3), null);
    });

    it('write a receipt that the executor cannot miss or overwrite', async () => {
      await inflight.set(3, 'cmd_000001', 'typed', 'text');
      assert.equal(await inflight.receipt(3, 'cmd_000001'), null);
      assert.equal(
        await publishHook(light, keys, 3, said('UserPromptSubmit', { prompt: 'text', commandId: 'cmd_000001' }, 77)),
        true,
      );
      await inflight.set(3, 'cmd_000001', 'entered', 'text');
      assert.equal(await inflight.receipt(3, 'cmd_000001'), 'received');
      assert.equal((await readInflight(light, keys, 3))?.promptAt, 77);
      assert.equal(await inflight.receipt(3, 'cmd_000002'), null);
      await inflight.set(3, 'cmd_000002', 'typing', 'next');
      assert.equal(await inflight.receipt(3, 'cmd_000001'), null);
    });

    it('write a refusal too, which lasts until the text is typed again', async () => {
      await inflight.set(3, 'cmd_000001', 'entered', 'text');
      assert.equal(
        await publishHook(light, keys, 3, said('UserPromptSubmit', { prompt: 'txt', blockedId: 'cmd_000001' })),
        true,
      );
      assert.equal(await inflight.receipt(3, 'cmd_000001'), 'refused');
      await inflight.clear(3, 'cmd_000001');
      await inflight.set(3, 'cmd_000001', 'typing', 'text');
      assert.equal(await inflight.receipt(3, 'cmd_000001'), null);
    });

    it('write no receipt for a text that is not in flight', async () => {
      assert.equal(await publishHook(light, keys, 3, said('UserPromptSubmit', { commandId: 'cmd_000009' })), false);
      assert.equal(await inflight.receipt(3, 'cmd_000009'), null);
    });

    it('are stored for a leader that missed the event', async () => {
      await publishHook(light, keys, 0, said('Stop', { lastMessage: 'the plan\n"quoted"', sessionId: 's' }, 5));
      await publishHook(light, keys, 3, said('SessionEnd', {}, 6));
      const [stop, end] = await store.hooksAfter();
      assert.deepEqual(
        { ...stop, id: '' },
        { id: '', window: 0, event: 'Stop', data: { lastMessage: 'the plan\n"quoted"', sessionId: 's' }, at: 5 },
      );
      assert.deepEqual(await store.hooksAfter(stop?.id), [end]);
    });

    it('are published once, even if a report may have been published already', async () => {
      const stop = said('Stop', { lastMessage: 'bye' });
      await publishHook(light, keys, 3, stop);
      await publishHook(light, keys, 3, stop, true);
      await publishHook(light, keys, 3, said('Stop', { lastMessage: 'bye' }), true);
      assert.equal((await store.hooksAfter()).length, 2, 'the same words of another call are another report');
    });
  });
});

let calls = 0;
function said(event: string, data: HookData, at = 1): HookReport {
  return { id: `call-${++calls}`, event, data, profile: 'claude', at };
}

async function listen(server: Server): Promise<{ endpoint: ReturnType<typeof parseEndpoint>; close: () => void }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { endpoint: parseEndpoint(`redis://127.0.0.1:${port}`), close: () => server.close() };
}
