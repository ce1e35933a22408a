import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { systemClock } from '../../../../src/environment/systemClock';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { ResilientClient } from '../../../../src/redis/client/resilientClient';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { READY_MS, startTestRedis, type TestRedis } from '../../../support/redis';
import { leadingConsumer, newCommand } from '../../../support/redisQueue';
import { SLOW_MACHINE_FACTOR } from '../../../support/slowMachine';
import { waitUntil } from '../../../support/waitUntil';

describe('RedisConnection', function () {
  this.timeout(30_000);
  let server: TestRedis;
  beforeEach(async () => {
    server = await startTestRedis();
  });
  afterEach(() => server.close());

  /** Returns the inner ioredis client, for tests that break it. */
  const inside = (redis: RedisConnection): Redis =>
    (redis as unknown as { control: ResilientClient }).control.client as Redis;

  it('reports when Redis disconnects and reconnects, and continues afterwards', async () => {
    const redis = await server.connect();
    const seen: string[] = [];
    redis.onUp(() => seen.push('up'));
    redis.onDown(() => seen.push('down'));
    const heard: string[] = [];
    redis.subscribe('channel', (message) => heard.push(message));
    await redis.call('SET', 'kept', '1');
    await server.kill();
    await waitUntil(() => !redis.isUp);
    await server.restart();
    await redis.ready(READY_MS);
    assert.equal(await redis.call('GET', 'kept'), '1');
    assert.deepEqual(seen, ['down', 'up']);
    await waitUntil(async () => Number(await redis.call('PUBLISH', 'channel', 'again')) > 0, 5000, 'the subscription');
    await waitUntil(() => heard.includes('again'));
  });

  it("restarts TACO's own Redis when it may", async () => {
    const redis = await server.connect({ restart: true });
    await server.kill();
    await waitUntil(() => !redis.isUp);
    await waitUntil(() => redis.isUp, 10_000);
  });

  it('waits through a short outage and reports a long one', async () => {
    const [redis, admin] = [await server.connect(), await server.connect()];
    // Redis itself runs on, so that the outage is short on any machine.
    const { redisSocket } = server.paths;
    await rename(redisSocket, `${redisSocket}.away`);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal');
    await waitUntil(() => !redis.isUp);
    const answer = redis.call('PING');
    await systemClock.sleep(200);
    await rename(`${redisSocket}.away`, redisSocket);
    assert.equal(await answer, 'PONG');
    await server.kill();
    await waitUntil(() => !redis.isUp);
    const started = Date.now();
    await assert.rejects(redis.call('PING'), (e) => isTacoError(e, 'redis-unreachable'));
    const took = Date.now() - started;
    assert.ok(took >= 1400 && took < 2500 * SLOW_MACHINE_FACTOR, `${took} ms`);
  });

  it('warns of nothing while many calls wait for the connection', async () => {
    const redis = await server.connect();
    await server.kill();
    await waitUntil(() => !redis.isUp);
    const warnings: string[] = [];
    const warn = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', warn);
    try {
      const calls = Array.from({ length: 30 }, () => redis.call('PING').catch(() => undefined));
      await Promise.all(calls);
    } finally {
      process.off('warning', warn);
    }
    assert.deepEqual(warnings, []);
  });

  it('replaces a client that hangs', async () => {
    const redis = await server.connect();
    const first = inside(redis);
    first.disconnect(false); // it never reconnects by itself
    await waitUntil(() => inside(redis) !== first, 15_000, 'another client');
    await redis.ready(READY_MS);
    assert.equal(await redis.call('PING'), 'PONG');
  });

  it('does not hang on a stopped Redis, and continues when Redis does', async () => {
    const redis = await server.connect();
    const keys = server.newKeys();
    const { consumer, lease } = await leadingConsumer(redis, keys);
    await server.signal('SIGSTOP');
    try {
      await assert.rejects(redis.call('PING'), (e) => isTacoError(e, 'redis-unreachable'));
      await assert.rejects(consumer.read(1, 2000), (e) => isTacoError(e));
      await waitUntil(() => !redis.isUp, 10_000, 'the end of patience');
    } finally {
      await server.signal('SIGCONT');
    }
    await redis.ready(READY_MS);
    assert.equal(await redis.call('PING'), 'PONG');
    lease.dispose();
  });

  it('enqueues one message when the reply to the first attempt was lost', async () => {
    const redis = await server.connect();
    const keys = server.newKeys();
    const producer = new RedisCommandProducer(redis, keys);
    await producer.enqueue(newCommand()); // Redis knows the script now
    const command = newCommand();
    await server.signal('SIGSTOP');
    const first = producer.enqueue(command).then(
      () => 'kept',
      (e: unknown) => (isTacoError(e, 'redis-unreachable') ? 'unknown' : e),
    );
    await systemClock.sleep(50);
    inside(redis).disconnect(true); // reconnects: the client sends unanswered commands again
    await server.signal('SIGCONT');
    await first;
    await redis.ready(READY_MS);
    assert.deepEqual(await producer.enqueue(command), { duplicate: true });
    assert.equal(await redis.call('XLEN', keys.queue), 2);
  });

  it('distinguishes an error reply from an unreachable Redis', async () => {
    const redis = await server.connect();
    await redis.call('SET', 'text', 'x');
    await assert.rejects(
      redis.call('HGETALL', 'text'),
      (e) => isTacoError(e, 'redis-failed') && /WRONGTYPE/.test(e.message),
    );
    await assert.rejects(
      redis.pipeline([
        ['GET', 'text'],
        ['HGETALL', 'text'],
      ]),
      (e) => isTacoError(e, 'redis-failed'),
    );
  });

  it('rejects all waiting calls on disposal', async () => {
    const redis = await server.connect();
    const waiting = redis.blockingCall(2000, 'XREAD', 'BLOCK', 2000, 'STREAMS', 'nothing', '$');
    await systemClock.sleep(100);
    redis.dispose();
    await assert.rejects(waiting, (e) => isTacoError(e, 'redis-unreachable'));
    await assert.rejects(redis.call('PING'), (e) => isTacoError(e, 'redis-unreachable'));
  });
});
