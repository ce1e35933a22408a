import assert from 'node:assert/strict';
import { MAX_ENVELOPED_BYTES } from '../../../../src/core/base/limits';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { commandSchema } from '../../../../src/core/models';
import type { MonitorEvent } from '../../../../src/core/team/monitorEvent';
import { systemClock } from '../../../../src/environment/systemClock';
import { toEntries } from '../../../../src/redis/client/redisCommands';
import type { RedisCommandConsumer } from '../../../../src/redis/queue/redisQueue';
import { silentLogger } from '../../../support/loggers';
import { newCommand, useTestQueue } from '../../../support/redisQueue';
import { waitUntil } from '../../../support/waitUntil';

describe('the command queue', () => {
  const queue = useTestQueue();

  it('returns commands in the order they were enqueued, with exactly their fields', async () => {
    const sent = [1, 2, 3].map((n) => newCommand({ message: `[USER → AGENT-3]: ${n} ü 🌮 \\ "'` }));
    for (const command of sent) await queue.producer.enqueue(command);
    const got = await queue.consumer.read(10, 0);
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
    const answers = await Promise.all([1, 2, 3].map(() => queue.producer.enqueue(command)));
    assert.deepEqual(answers.map(({ duplicate }) => duplicate).sort(), [false, true, true]);
    await queue.consumer.done(await queue.one(), 'received');
    assert.deepEqual(await queue.producer.enqueue(command), { duplicate: true });
    assert.deepEqual(await queue.consumer.read(10, 0), []);
    assert.equal((await queue.store.snapshot()).counters.enqueued, 1);
  });

  it('wakes a waiting read', async () => {
    const reading = queue.consumer.read(10, 60_000);
    await systemClock.sleep(50);
    const command = newCommand();
    const started = Date.now();
    await queue.producer.enqueue(command);
    assert.deepEqual(
      (await reading).map((pending) => pending.command.id),
      [command.id],
    );
    assert.ok(Date.now() - started < 30_000, 'long before its 60 s were over');
  });

  it('accepts 64 KB with the envelope, and refuses one byte more and the empty message', async () => {
    const largest = newCommand({ message: 'é'.repeat(MAX_ENVELOPED_BYTES / 2) });
    await queue.producer.enqueue(largest);
    assert.equal((await queue.one()).command.message, largest.message);
    await assert.rejects(queue.producer.enqueue(newCommand({ message: `${largest.message}x` })), (e) =>
      isTacoError(e, 'message-too-long'),
    );
    await assert.rejects(queue.producer.enqueue(newCommand({ message: '' })), (e) => isTacoError(e, 'message-empty'));
  });

  it('limits the waiting messages per target and in total, and accepts more once one has ended', async () => {
    for (let i = 0; i < 5; i++) await queue.producer.enqueue(newCommand());
    await assert.rejects(
      queue.producer.enqueue(newCommand()),
      (e) => isTacoError(e, 'quota-exceeded') && e.message.includes('taco-test:3'),
    );
    for (let i = 0; i < 3; i++) await queue.producer.enqueue(newCommand({ target: 'taco-test:4' }));
    await assert.rejects(queue.producer.enqueue(newCommand({ target: 'taco-test:5' })), (e) =>
      isTacoError(e, 'quota-exceeded'),
    );
    await queue.consumer.done(await queue.one(), 'received');
    assert.deepEqual(await queue.producer.enqueue(newCommand()), { duplicate: false });
  });

  it('ends a command successfully: queue, ledger, counters, result stream and both publications', async () => {
    const command = newCommand();
    await queue.producer.enqueue(command);
    const published: string[] = [];
    const events: MonitorEvent[] = [];
    const subscription = queue.redis.subscribe(queue.keys.completed, (id) => published.push(id));
    queue.store.onEvent((event) => events.push(event));
    await waitUntil(
      async () =>
        ((await queue.redis.call('PUBSUB', 'NUMSUB', queue.keys.completed, queue.keys.events)) as unknown[])[3] === 1,
    );
    const pending = await queue.one();
    for (const state of ['typing', 'typed', 'typed', 'entered', 'delivered'] as const)
      await queue.consumer.phase(command.id, state);
    await queue.consumer.done(pending, 'received');
    await queue.consumer.done(pending, 'received');
    await waitUntil(() => published.length > 0 && events.length >= 5);
    assert.deepEqual(published, [command.id]);
    assert.deepEqual(
      events.map((event) => event.kind === 'command' && event.state),
      ['typing', 'typed', 'entered', 'delivered', 'received'],
    );
    const { counters, messages } = await queue.store.snapshot();
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
    assert.equal(await queue.redis.call('XLEN', queue.keys.queue), 0);
    assert.equal(await queue.redis.call('XLEN', queue.keys.completed), 1);
    assert.deepEqual(await queue.redis.call('HGETALL', queue.keys.depth), []);
    assert.ok(Number(await queue.redis.call('TTL', queue.keys.command(command.id))) > 80_000);
    subscription.dispose();
  });

  it('shows a hold with its reason and start time', async () => {
    const command = newCommand();
    await queue.producer.enqueue(command);
    await queue.one();
    await queue.consumer.phase(command.id, 'held', 'dialog');
    const since = (await queue.store.message(command.id))?.since;
    await queue.consumer.phase(command.id, 'held', 'dialog');
    const view = await queue.store.message(command.id);
    assert.deepEqual([view?.state, view?.reason, view?.since], ['held', 'dialog', since]);
    const { counters } = await queue.store.snapshot();
    assert.deepEqual([counters.pending, counters.processing, counters.held], [0, 1, 1]);
  });

  it('keeps when a working agent gets a message, also through a retry by the user', async () => {
    const later = newCommand({ when: 'idle' });
    await queue.producer.enqueue(later);
    const pending = await queue.one();
    assert.equal(pending.command.when, 'idle');
    assert.equal((await queue.store.message(later.id))?.when, 'idle');
    await queue.consumer.uncertain(pending, 'the pane ended');
    await queue.dead.retry(later.id);
    assert.equal((await queue.one()).command.when, 'idle');
  });

  it('completes the words of a receipt, and of no other end', async () => {
    const [read, given] = [newCommand(), newCommand()];
    for (const command of [read, given]) await queue.producer.enqueue(command);
    await queue.consumer.done(await queue.one(), 'received', 'read after `ls` (call 1)');
    await queue.consumer.done(await queue.one(), 'delivered');
    for (const { id } of [read, given]) await queue.consumer.amend(id, 'read before `npm test` (call 2)');
    const { reason, history } = (await queue.store.message(read.id)) ?? {};
    assert.deepEqual([reason, history?.at(-1)?.reason], Array(2).fill('read before `npm test` (call 2)'));
    assert.deepEqual(
      history?.map(({ state }) => state),
      ['queued', 'received'],
    );
    assert.equal((await queue.store.message(given.id))?.reason, '');
  });

  it('creates a lost group again and loses nothing', async () => {
    const sent = [newCommand(), newCommand()];
    for (const command of sent) await queue.producer.enqueue(command);
    await queue.one();
    await queue.redis.call('XGROUP', 'DESTROY', queue.keys.queue, queue.keys.group);
    assert.deepEqual(
      (await queue.consumer.read(10, 0)).map(({ command }) => command.id),
      sent.map(({ id }) => id),
    );
  });

  it('returns the entries of a lost reply again', async () => {
    const command = newCommand();
    await queue.producer.enqueue(command);
    await queue.consumer.read(1, 0).then(() => undefined);
    const other = new (queue.consumer.constructor as typeof RedisCommandConsumer)(
      queue.redis,
      queue.keys,
      () => queue.lease.epoch,
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
    await queue.producer.enqueue(taken);
    await queue.consumer.recover(); // creates the group
    await queue.redis.call('XREADGROUP', 'GROUP', queue.keys.group, 'stranger', 'STREAMS', queue.keys.queue, '>');
    assert.deepEqual(await queue.consumer.read(1, 500), []);
    const started = Date.now();
    assert.deepEqual(await queue.consumer.read(1, 200), []);
    assert.ok(Date.now() - started >= 190, 'it waits');
    const next = newCommand();
    await queue.producer.enqueue(next);
    assert.deepEqual(
      (await queue.consumer.read(1, 500)).map((pending) => pending.command.id),
      [next.id],
    );
  });

  it("adds a message to the user's inbox once, and publishes that", async () => {
    const command = newCommand({ target: 'user', message: '[AGENT-3 → USER]: ready' });
    await queue.producer.enqueue(command);
    const events: MonitorEvent[] = [];
    queue.store.onEvent((event) => events.push(event));
    await waitUntil(
      async () => ((await queue.redis.call('PUBSUB', 'NUMSUB', queue.keys.events)) as unknown[])[1] === 1,
    );
    const pending = await queue.one();
    await queue.consumer.deliverToUser(pending);
    await queue.consumer.deliverToUser(pending);
    await waitUntil(() => events.some((event) => event.kind === 'user' && event.id === command.id));
    const inbox = toEntries(await queue.redis.call('XRANGE', queue.keys.userInbox, '-', '+'));
    assert.deepEqual(
      inbox.map(({ fields }) => [fields?.['id'], fields?.['sender'], fields?.['message']]),
      [[command.id, 'USER', command.message]],
    );
    assert.equal((await queue.store.message(command.id))?.state, 'received');
  });
});
