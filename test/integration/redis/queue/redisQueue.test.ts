import assert from 'node:assert/strict';
import { MAX_ENVELOPED_BYTES } from '../../../../src/core/base/limits';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { commandSchema } from '../../../../src/core/models';
import type { MonitorEvent } from '../../../../src/core/team/monitorEvent';
import { systemClock } from '../../../../src/environment/systemClock';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { toEntries } from '../../../../src/redis/client/redisCommands';
import type { RedisLease } from '../../../../src/redis/leadership/lease';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { DeadLetters } from '../../../../src/redis/queue/deadLetters';
import type { RedisCommandConsumer } from '../../../../src/redis/queue/redisQueue';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { leadingConsumer, newCommand } from '../../../support/redisQueue';
import { waitUntil } from '../../../support/waitUntil';

describe('the command queue', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  let producer: RedisCommandProducer;
  let consumer: RedisCommandConsumer;
  let lease: RedisLease;
  let store: RedisStateStore;
  let dead: DeadLetters;

  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(async () => {
    keys = server.newKeys();
    producer = new RedisCommandProducer(redis, keys, { perTarget: 5, total: 8 });
    ({ consumer, lease } = await leadingConsumer(redis, keys));
    store = new RedisStateStore(redis, keys, systemClock, silentLogger);
    dead = new DeadLetters(redis, keys, systemClock);
  });
  afterEach(() => {
    lease.dispose();
    store.dispose();
  });

  const one = async () => {
    const [pending] = await consumer.read(1, 1000);
    assert.ok(pending, 'a command is there');
    return pending;
  };

  it('returns commands in the order they were enqueued, with exactly their fields', async () => {
    const sent = [1, 2, 3].map((n) => newCommand({ message: `[USER → AGENT-3]: ${n} ü 🌮 \\ "'` }));
    for (const command of sent) await producer.enqueue(command);
    const got = await consumer.read(10, 0);
    assert.deepEqual(
      got.map(({ command }) => command),
      sent.map((command) => commandSchema.parse(command)),
    );
    assert.deepEqual(
      got.map(({ state, attempts, notBefore }) => ({ state, attempts, notBefore })),
      Array(3).fill({ state: 'queued', attempts: 0, notBefore: 0 }),
    );
  });

  it('stores a command once, however often it is enqueued, also after its end', async () => {
    const command = newCommand();
    const answers = await Promise.all([1, 2, 3].map(() => producer.enqueue(command)));
    assert.deepEqual(answers.map(({ duplicate }) => duplicate).sort(), [false, true, true]);
    await consumer.done(await one(), 'received');
    assert.deepEqual(await producer.enqueue(command), { duplicate: true });
    assert.deepEqual(await consumer.read(10, 0), []);
    assert.equal((await store.snapshot()).counters.enqueued, 1);
  });

  it('wakes a waiting read', async () => {
    const reading = consumer.read(10, 2000);
    await systemClock.sleep(50);
    const command = newCommand();
    const started = Date.now();
    await producer.enqueue(command);
    assert.deepEqual(
      (await reading).map((pending) => pending.command.id),
      [command.id],
    );
    assert.ok(Date.now() - started < 1500, 'long before its 2 s were over');
  });

  it('accepts 64 KB with the envelope, and refuses one byte more and the empty message', async () => {
    const largest = newCommand({ message: 'é'.repeat(MAX_ENVELOPED_BYTES / 2) });
    await producer.enqueue(largest);
    assert.equal((await one()).command.message, largest.message);
    await assert.rejects(producer.enqueue(newCommand({ message: `${largest.message}x` })), (e) =>
      isTacoError(e, 'message-too-long'),
    );
    await assert.rejects(producer.enqueue(newCommand({ message: '' })), (e) => isTacoError(e, 'message-empty'));
  });

  it('limits the waiting messages per target and in total, and accepts more once one has ended', async () => {
    for (let i = 0; i < 5; i++) await producer.enqueue(newCommand());
    await assert.rejects(
      producer.enqueue(newCommand()),
      (e) => isTacoError(e, 'quota-exceeded') && e.message.includes('taco-test:3'),
    );
    for (let i = 0; i < 3; i++) await producer.enqueue(newCommand({ target: 'taco-test:4' }));
    await assert.rejects(producer.enqueue(newCommand({ target: 'taco-test:5' })), (e) =>
      isTacoError(e, 'quota-exceeded'),
    );
    await consumer.done(await one(), 'received');
    assert.deepEqual(await producer.enqueue(newCommand()), { duplicate: false });
  });

  it('ends a command successfully: queue, ledger, counters, result stream and both publications', async () => {
    const command = newCommand();
    await producer.enqueue(command);
    const published: string[] = [];
    const events: MonitorEvent[] = [];
    const subscription = redis.subscribe(keys.completed, (id) => published.push(id));
    store.onEvent((event) => events.push(event));
    await waitUntil(
      async () => ((await redis.call('PUBSUB', 'NUMSUB', keys.completed, keys.events)) as unknown[])[3] === 1,
    );
    const pending = await one();
    for (const state of ['typing', 'typed', 'typed', 'entered', 'delivered'] as const)
      await consumer.phase(command.id, state);
    await consumer.done(pending, 'received');
    await consumer.done(pending, 'received');
    await waitUntil(() => published.length > 0 && events.length >= 5);
    assert.deepEqual(published, [command.id]);
    assert.deepEqual(
      events.map((event) => event.kind === 'command' && event.state),
      ['typing', 'typed', 'entered', 'delivered', 'received'],
    );
    const { counters, messages } = await store.snapshot();
    assert.deepEqual(counters, {
      pending: 0,
      processing: 0,
      held: 0,
      dead: 0,
      enqueued: 1,
      executed: 1,
      failed: 0,
      activeAgents: 0,
    });
    assert.deepEqual(
      messages[0]?.history.map(({ state }) => state),
      ['queued', 'typing', 'typed', 'entered', 'delivered', 'received'],
    );
    assert.equal(await redis.call('XLEN', keys.queue), 0);
    assert.equal(await redis.call('XLEN', keys.completed), 1);
    assert.deepEqual(await redis.call('HGETALL', keys.depth), []);
    assert.ok(Number(await redis.call('TTL', keys.command(command.id))) > 80_000);
    subscription.dispose();
  });

  it('shows a hold with its reason and start time', async () => {
    const command = newCommand();
    await producer.enqueue(command);
    await one();
    await consumer.phase(command.id, 'held', 'dialog');
    const since = (await store.message(command.id))?.since;
    await consumer.phase(command.id, 'held', 'dialog');
    const view = await store.message(command.id);
    assert.deepEqual([view?.state, view?.reason, view?.since], ['held', 'dialog', since]);
    const { counters } = await store.snapshot();
    assert.deepEqual([counters.pending, counters.processing, counters.held], [0, 1, 1]);
  });

  it('keeps when a working agent gets a message, also through a retry by the user', async () => {
    const later = newCommand({ when: 'idle' });
    await producer.enqueue(later);
    const pending = await one();
    assert.equal(pending.command.when, 'idle');
    assert.equal((await store.message(later.id))?.when, 'idle');
    await consumer.uncertain(pending, 'the pane ended');
    await dead.retry(later.id);
    assert.equal((await one()).command.when, 'idle');
  });

  it('completes the words of a receipt, and of no other end', async () => {
    const [read, given] = [newCommand(), newCommand()];
    for (const command of [read, given]) await producer.enqueue(command);
    await consumer.done(await one(), 'received', 'read after `ls` (call 1)');
    await consumer.done(await one(), 'delivered');
    for (const { id } of [read, given]) await consumer.amend(id, 'read before `npm test` (call 2)');
    const { reason, history } = (await store.message(read.id)) ?? {};
    assert.deepEqual([reason, history?.at(-1)?.reason], Array(2).fill('read before `npm test` (call 2)'));
    assert.deepEqual(
      history?.map(({ state }) => state),
      ['queued', 'received'],
    );
    assert.equal((await store.message(given.id))?.reason, '');
  });

  it('retries at most three times, then stores a dead letter with reason and history', async () => {
    const command = newCommand();
    await producer.enqueue(command);
    let pending = await one();
    assert.equal(await consumer.fail(pending, 'no composer', 12_345.6), 'retrying');
    assert.equal(await consumer.fail(pending, 'no composer', 12_345.6), 'retrying', 'a repeat counts nothing');
    [pending] = (await consumer.recover()) as [typeof pending];
    assert.deepEqual(
      [pending.attempts, pending.state, pending.notBefore, pending.command.retry_count],
      [1, 'retrying', 12_346, 1],
    );
    assert.equal(await consumer.fail(pending, 'second', 0), 'retrying');
    [pending] = (await consumer.recover()) as [typeof pending];
    assert.equal(await consumer.fail(pending, 'third', 0), 'dead');
    assert.equal(await consumer.fail(pending, 'third', 0), 'dead');
    assert.deepEqual(await consumer.recover(), []);
    const [letter, ...more] = await dead.list();
    assert.deepEqual(more, []);
    assert.deepEqual(
      [letter?.id, letter?.state, letter?.reason, letter?.attempts, letter?.command?.message],
      [command.id, 'dead', 'third', 3, command.message],
    );
    assert.deepEqual(
      letter?.history.map(({ state, reason }) => [state, reason]),
      [
        ['queued', ''],
        ['retrying', 'no composer'],
        ['retrying', 'second'],
        ['dead', 'third'],
      ],
    );
    const { counters } = await store.snapshot();
    assert.deepEqual([counters.failed, counters.dead, counters.processing, counters.pending], [1, 1, 0, 0]);
  });

  it('retries a dead letter on request, from the start, with its own id', async () => {
    const command = newCommand();
    await producer.enqueue(command);
    const first = await one();
    await consumer.uncertain(first, 'the pane vanished');
    await consumer.uncertain(first, 'the pane vanished');
    await redis.call('HSET', keys.inflight(3), 'id', command.id, 'phase', 'received', 'text', 'x');
    await dead.retry(command.id);
    await dead.retry(command.id);
    const again = await one();
    assert.deepEqual([again.command.id, again.attempts, again.state], [command.id, 0, 'queued']);
    assert.notEqual(again.streamId, first.streamId);
    assert.equal(await redis.call('EXISTS', keys.inflight(3)), 0, 'an old receipt proves nothing for the new attempt');
    await consumer.done(first, 'received');
    assert.equal(
      (await store.message(command.id))?.state,
      'queued',
      'the end of the old entry is not the end of the new one',
    );
    await consumer.done(again, 'received');
    assert.deepEqual(await dead.list(), []);
    await assert.rejects(dead.retry(command.id), (e) => isTacoError(e, 'unknown-command-id'));
  });

  it('holds a message after Enter only where Enter did not submit it', async () => {
    const command = newCommand();
    await producer.enqueue(command);
    await one();
    for (const state of ['typing', 'typed', 'entered'] as const) await consumer.phase(command.id, state);
    await consumer.phase(command.id, 'held', 'busy');
    assert.equal((await store.message(command.id))?.state, 'entered');
    await consumer.phase(command.id, 'held', 'not-submitting');
    const message = await store.message(command.id);
    assert.deepEqual([message?.state, message?.reason], ['held', 'not-submitting']);
    for (const state of ['typing', 'typed', 'entered', 'delivered'] as const) await consumer.phase(command.id, state);
    await consumer.phase(command.id, 'held', 'not-submitting');
    assert.equal((await store.message(command.id))?.state, 'delivered');
    await dead.drop(command.id).catch(() => undefined);
  });

  it('drops a message that waits, and refuses one that is being typed or has arrived', async () => {
    const [waiting, held, typed] = [newCommand(), newCommand(), newCommand()];
    for (const command of [waiting, held, typed]) await producer.enqueue(command);
    const taken = await consumer.read(3, 500);
    assert.equal(await consumer.phase(held.id, 'held', 'dialog'), true);
    assert.equal(await consumer.phase(typed.id, 'typing'), true);
    for (const { id } of [waiting, held, held]) await dead.drop(id);
    await assert.rejects(dead.drop(typed.id), (e) => isTacoError(e, 'message-in-flight'));
    for (const { id } of [waiting, held]) {
      assert.equal((await store.message(id))?.state, 'dropped');
      assert.equal(await consumer.phase(id, 'typing'), false);
    }
    assert.equal((await store.message(typed.id))?.state, 'typing');
    assert.deepEqual(
      (await consumer.recover()).map(({ command }) => command.id),
      [typed.id],
    );
    const last = taken.find(({ command }) => command.id === typed.id);
    assert.ok(last);
    await consumer.done(last, 'received');
    assert.equal(Number((await redis.call('HLEN', keys.depth)) ?? 0), 0);
    await assert.rejects(dead.drop(typed.id), (e) => isTacoError(e, 'message-in-flight'));
  });

  it('drops a dead letter permanently', async () => {
    const command = newCommand();
    await producer.enqueue(command);
    await consumer.uncertain(await one(), 'the pane vanished');
    await dead.drop(command.id);
    await dead.drop(command.id);
    assert.equal((await store.message(command.id))?.state, 'dropped');
    assert.equal((await store.snapshot()).counters.dead, 0);
    await assert.rejects(dead.retry(command.id), (e) => isTacoError(e, 'unknown-command-id'));
    await assert.rejects(dead.drop('cmd_unknown'), (e) => isTacoError(e, 'unknown-command-id'));
  });

  it('moves malformed entries aside and continues with the next ones', async () => {
    await redis.call('XADD', keys.queue, '*', 'nonsense', '1');
    await redis.call(
      'XADD',
      keys.queue,
      '*',
      'id',
      'cmd_forged01',
      'type',
      'slash',
      'target',
      'taco-test:3',
      'message',
      '/exit',
      'priority',
      'normal',
      'timestamp',
      'now',
      'retry_count',
      '0',
      'sender',
      'USER',
    );
    const command = newCommand();
    await producer.enqueue(command);
    await redis.call(
      'XADD',
      keys.queue,
      '*',
      'id',
      command.id,
      'type',
      'tmux_message',
      'target',
      'taco-test:3',
      'message',
      'twice',
      'priority',
      'normal',
      'timestamp',
      'now',
      'retry_count',
      '0',
      'sender',
      'USER',
    );
    await redis.call('XADD', keys.queue, '*', 'id', command.id, 'target', '');
    const last = newCommand();
    await producer.enqueue(last);
    const got = await consumer.read(10, 0);
    assert.deepEqual(
      got.map((pending) => pending.command.id),
      [command.id, last.id],
    );
    const letters = await dead.list();
    assert.deepEqual(
      letters.map(({ state }) => state),
      Array(4).fill('malformed'),
    );
    assert.match(letters[1]?.reason ?? '', /not enqueued by TACO/);
    assert.match(letters[2]?.reason ?? '', /second entry/);
    assert.match(letters[2]?.payload ?? '', /"message":"twice"/);
    for (const { id } of letters) await dead.drop(id);
    assert.deepEqual(await dead.list(), []);
    for (const pending of got) await consumer.done(pending, 'received');
    assert.equal(await redis.call('XLEN', keys.queue), 0);
  });

  it('creates a lost group again and loses nothing', async () => {
    const sent = [newCommand(), newCommand()];
    for (const command of sent) await producer.enqueue(command);
    await one();
    await redis.call('XGROUP', 'DESTROY', keys.queue, keys.group);
    assert.deepEqual(
      (await consumer.read(10, 0)).map(({ command }) => command.id),
      sent.map(({ id }) => id),
    );
  });

  it('returns the entries of a lost reply again', async () => {
    const command = newCommand();
    await producer.enqueue(command);
    await consumer.read(1, 0).then(() => undefined);
    const other = new (consumer.constructor as typeof RedisCommandConsumer)(
      redis,
      keys,
      () => lease.epoch,
      systemClock,
      silentLogger,
    );
    assert.deepEqual(
      (await other.read(10, 0)).map((pending) => pending.command.id),
      [command.id],
    );
    assert.deepEqual(await other.read(10, 0), []);
  });

  it('does not spin when another consumer took an entry out of the group', async () => {
    const taken = newCommand();
    await producer.enqueue(taken);
    await consumer.recover(); // creates the group
    await redis.call('XREADGROUP', 'GROUP', keys.group, 'stranger', 'STREAMS', keys.queue, '>');
    assert.deepEqual(await consumer.read(1, 500), []);
    const started = Date.now();
    assert.deepEqual(await consumer.read(1, 200), []);
    assert.ok(Date.now() - started >= 190, 'it waits');
    const next = newCommand();
    await producer.enqueue(next);
    assert.deepEqual(
      (await consumer.read(1, 500)).map((pending) => pending.command.id),
      [next.id],
    );
  });

  it("adds a message to the user's inbox once, and publishes that", async () => {
    const command = newCommand({ target: 'user', message: '[AGENT-3 → USER]: ready' });
    await producer.enqueue(command);
    const events: MonitorEvent[] = [];
    store.onEvent((event) => events.push(event));
    await waitUntil(async () => ((await redis.call('PUBSUB', 'NUMSUB', keys.events)) as unknown[])[1] === 1);
    const pending = await one();
    await consumer.deliverToUser(pending);
    await consumer.deliverToUser(pending);
    await waitUntil(() => events.some((event) => event.kind === 'user' && event.id === command.id));
    const inbox = toEntries(await redis.call('XRANGE', keys.userInbox, '-', '+'));
    assert.deepEqual(
      inbox.map(({ fields }) => [fields?.['id'], fields?.['sender'], fields?.['message']]),
      [[command.id, 'USER', command.message]],
    );
    assert.equal((await store.message(command.id))?.state, 'received');
  });
});
