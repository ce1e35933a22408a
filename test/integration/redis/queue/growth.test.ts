import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import type { HistoryLimits } from '../../../../src/core/team/history';
import { systemClock } from '../../../../src/environment/systemClock';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { RedisLease } from '../../../../src/redis/leadership/lease';
import { CommandSpool } from '../../../../src/redis/offline/commandSpool';
import { DEFAULT_QUOTAS, RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { DeadLetters } from '../../../../src/redis/queue/deadLetters';
import { RedisCommandConsumer } from '../../../../src/redis/queue/redisQueue';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { newCommand } from '../../../support/redisQueue';

const HOUR_MS = 60 * 60_000;

describe('what Redis holds of messages that have ended', function () {
  this.timeout(60_000);
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  let lease: RedisLease;
  let now = 0;
  const clock = { now: () => now };

  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(async () => {
    keys = server.newKeys();
    now = Date.now();
    lease = new RedisLease(redis, keys, systemClock, silentLogger);
    await lease.acquire();
  });
  afterEach(() => lease.dispose());

  const producerOf = (idsKnown?: number): RedisCommandProducer =>
    new RedisCommandProducer(redis, keys, DEFAULT_QUOTAS, () => now, idsKnown);
  const consumerOf = (history: HistoryLimits): RedisCommandConsumer =>
    new RedisCommandConsumer(redis, keys, () => lease.epoch, clock, silentLogger, history);

  async function keysOf(kind: string): Promise<string[]> {
    const found: string[] = [];
    let cursor = '0';
    do {
      const [next, page] = (await redis.call('SCAN', cursor, 'MATCH', keys.pattern, 'COUNT', 1000)) as [
        string,
        string[],
      ];
      found.push(...page);
      cursor = next;
    } while (cursor !== '0');
    return [...new Set(found)].filter((key) => key.includes(kind));
  }

  async function carry(producer: RedisCommandProducer, consumer: RedisCommandConsumer, count: number): Promise<void> {
    for (let n = 0; n < count; n++) await producer.enqueue(newCommand());
    for (let ended = 0; ended < count;) {
      const all = await consumer.read(100, 0);
      for (const pending of all) await consumer.done(pending, 'received');
      ended += all.length;
    }
  }

  it('is the newest of them, with their ledgers; of the others nothing is left', async () => {
    const consumer = consumerOf({ maxMessages: 50, maxAgeMs: HOUR_MS });
    const producer = producerOf(40);
    await carry(producer, consumer, 150);
    const before = await keysOf('');
    await carry(producer, consumer, 300);
    assert.equal((await keysOf('')).length, before.length, 'there are as many keys as before');
    assert.equal((await keysOf('cmd:')).length, 50);
    assert.equal(await redis.call('XLEN', keys.completed), 50);
    assert.equal(await redis.call('XLEN', keys.queue), 0);
    const ids = [await redis.call('SCARD', keys.ids), await redis.call('SCARD', keys.earlierIds)] as number[];
    assert.ok(
      ids.every((size) => size <= 40),
      String(ids),
    );
    assert.deepEqual(await redis.call('HGETALL', keys.states), [], 'no state counts what has ended');
    assert.deepEqual(await redis.call('HGETALL', keys.depth), []);
  });

  it('goes when it is too old, also while nothing ends', async () => {
    const consumer = consumerOf({ maxMessages: 1000, maxAgeMs: HOUR_MS });
    await carry(producerOf(), consumer, 10);
    now += HOUR_MS / 2;
    await carry(producerOf(), consumer, 7);
    await consumer.forgetEnded();
    assert.equal(await redis.call('XLEN', keys.completed), 17);
    now += HOUR_MS / 2 + 1;
    await consumer.forgetEnded();
    assert.equal(await redis.call('XLEN', keys.completed), 7);
    assert.equal((await keysOf('cmd:')).length, 7);
  });

  it('is not what waits for the user: a dead letter outlives its end in the history and can be tried again', async () => {
    const consumer = consumerOf({ maxMessages: 5, maxAgeMs: HOUR_MS });
    const command = newCommand();
    await producerOf().enqueue(command);
    const [pending] = await consumer.read(10, 0);
    assert.ok(pending);
    await consumer.fail(pending, 'no composer', 0, true);
    await carry(producerOf(), consumer, 20);
    const dead = new DeadLetters(redis, keys, clock);
    assert.deepEqual(
      (await dead.list()).map(({ id }) => id),
      [command.id],
    );
    await dead.retry(command.id);
    const [again] = await consumer.read(10, 0);
    assert.equal(again?.command.id, command.id);
    await carry(producerOf(), consumer, 0);
    if (again) await consumer.done(again, 'received');
    const ledger = await redis.call('HGET', keys.command(command.id), 'state');
    assert.equal(ledger, 'received', 'its last end is the newest');
  });

  it('keeps a thousand dead letters; of more the oldest goes, which the activity says', async () => {
    const consumer = consumerOf({ maxMessages: 100, maxAgeMs: HOUR_MS });
    for (let n = 0; n < 1010; n++) {
      await producerOf().enqueue(newCommand({ target: `taco-test:${2 + (n % 9)}` }));
      const [pending] = await consumer.read(10, 0);
      if (pending) await consumer.fail(pending, 'no composer', 0, true);
    }
    assert.equal(await redis.call('XLEN', keys.dead), 1000);
    assert.equal((await keysOf('cmd:')).length, 1000);
    assert.equal(await redis.call('HGET', keys.states, 'dead'), '1000');
    const [[, fields]] = (await redis.call('XREVRANGE', keys.activity, '+', '-', 'COUNT', 1)) as [[string, string[]]];
    assert.match(
      fields.join(' '),
      /dropped, the oldest of 1000 undelivered messages: USER → taco-test:\d+ \(no composer\)/,
    );
  });

  it('knows an id until as many later ones were sent as a set holds, and then refuses what may be a repeat', async () => {
    const consumer = consumerOf({ maxMessages: 1, maxAgeMs: HOUR_MS });
    const producer = producerOf(30);
    const first = newCommand({ timestamp: new Date(now).toISOString() });
    await producer.enqueue(first);
    await carry(producer, consumer, 30);
    assert.deepEqual(await producer.enqueue({ ...first, unsure: true }), { duplicate: true });
    now += 5 * 60_000;
    await carry(producer, consumer, 60);
    now += 5 * 60_000;
    const late = newCommand({ timestamp: new Date(now).toISOString() });
    await assert.rejects(producer.enqueue({ ...first, unsure: true }), (error) => isTacoError(error, 'fate-unknown'));
    // A message that was surely never taken is sent however old it is, and so is a repeat that would have left a trace.
    const waited = newCommand({ timestamp: first.timestamp });
    assert.deepEqual(await producer.enqueue(waited), { duplicate: false });
    now += 5 * 60_000;
    assert.deepEqual(await producer.enqueue({ ...late, unsure: true }), { duplicate: false });
    const [[, fields]] = (await redis.call('XREVRANGE', keys.activity, '+', '-', 'COUNT', 1)) as [[string, string[]]];
    assert.match(fields.join(' '), /refused: USER → taco-test:3: it was not sent again, since nobody can tell/);
  });

  it('sets a spooled message aside for the user when it is unknown whether it arrived', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'taco-spool-'));
    try {
      const spool = new CommandSpool(dir);
      const consumer = consumerOf({ maxMessages: 1, maxAgeMs: HOUR_MS });
      const producer = producerOf(10);
      const [unsure, sure] = [0, 1].map(() => newCommand({ timestamp: new Date(now).toISOString() }));
      assert.ok(unsure && sure);
      await producer.enqueue(unsure);
      await spool.put({ ...unsure, unsure: true });
      await spool.put(sure);
      now += 5 * 60_000;
      await carry(producer, consumer, 40);
      const refused: string[] = [];
      const drained = await spool.drain(producer, (_, error) => void refused.push((error as Error).message));
      assert.deepEqual([drained.sent, drained.refused], [1, 1]);
      assert.match(refused.join(), new RegExp(`Cannot send message ${unsure.id} again`));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('forgets the ids of a session with the session, and refuses what may be a repeat from before', async () => {
    const old = newCommand({ timestamp: new Date(now).toISOString() });
    await producerOf().enqueue(old);
    now += 10 * 60_000;
    await new RedisStateStore(redis, keys, clock, silentLogger).clear();
    await assert.rejects(producerOf().enqueue({ ...old, unsure: true }), (error) => isTacoError(error, 'fate-unknown'));
    const fresh = newCommand({ timestamp: new Date(now).toISOString() });
    assert.deepEqual(await producerOf().enqueue({ ...fresh, unsure: true }), { duplicate: false });
  });
});
