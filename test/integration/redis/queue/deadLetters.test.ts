import assert from 'node:assert/strict';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { newCommand, useTestQueue } from '../../../support/redisQueue';

describe('the dead letters of the queue', () => {
  const queue = useTestQueue();

  it('retries at most three times, then stores a dead letter with reason and history', async () => {
    const command = newCommand();
    await queue.producer.enqueue(command);
    let pending = await queue.one();
    assert.equal(await queue.consumer.fail(pending, 'no composer', 12_345.6), 'retrying');
    assert.equal(await queue.consumer.fail(pending, 'no composer', 12_345.6), 'retrying', 'a repeat counts nothing');
    [pending] = (await queue.consumer.recover()) as [typeof pending];
    assert.deepEqual(
      [pending.attempts, pending.state, pending.notBefore, pending.command.retry_count],
      [1, 'retrying', 12_346, 1],
    );
    assert.equal(await queue.consumer.fail(pending, 'second', 0), 'retrying');
    [pending] = (await queue.consumer.recover()) as [typeof pending];
    assert.equal(await queue.consumer.fail(pending, 'third', 0), 'dead');
    assert.equal(await queue.consumer.fail(pending, 'third', 0), 'dead');
    assert.deepEqual(await queue.consumer.recover(), []);
    const [letter, ...more] = await queue.dead.list();
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
    const { counters } = await queue.store.snapshot();
    assert.deepEqual([counters.failed, counters.dead, counters.processing, counters.pending], [1, 1, 0, 0]);
  });

  it('retries a dead letter on request, from the start, with its own id', async () => {
    const command = newCommand();
    await queue.producer.enqueue(command);
    const first = await queue.one();
    await queue.consumer.uncertain(first, 'the pane vanished');
    await queue.consumer.uncertain(first, 'the pane vanished');
    await queue.redis.call('HSET', queue.keys.inflight(3), 'id', command.id, 'phase', 'received', 'text', 'x');
    await queue.dead.retry(command.id);
    await queue.dead.retry(command.id);
    const again = await queue.one();
    assert.deepEqual([again.command.id, again.attempts, again.state], [command.id, 0, 'queued']);
    assert.notEqual(again.streamId, first.streamId);
    assert.equal(
      await queue.redis.call('EXISTS', queue.keys.inflight(3)),
      0,
      'an old receipt proves nothing for the new attempt',
    );
    await queue.consumer.done(first, 'received');
    assert.equal(
      (await queue.store.message(command.id))?.state,
      'queued',
      'the end of the old entry is not the end of the new one',
    );
    await queue.consumer.done(again, 'received');
    assert.deepEqual(await queue.dead.list(), []);
    await assert.rejects(queue.dead.retry(command.id), (e) => isTacoError(e, 'unknown-command-id'));
  });

  it('holds a message after Enter only where Enter did not submit it', async () => {
    const command = newCommand();
    await queue.producer.enqueue(command);
    await queue.one();
    for (const state of ['typing', 'typed', 'entered'] as const) await queue.consumer.phase(command.id, state);
    await queue.consumer.phase(command.id, 'held', 'busy');
    assert.equal((await queue.store.message(command.id))?.state, 'entered');
    await queue.consumer.phase(command.id, 'held', 'not-submitting');
    const message = await queue.store.message(command.id);
    assert.deepEqual([message?.state, message?.reason], ['held', 'not-submitting']);
    for (const state of ['typing', 'typed', 'entered', 'delivered'] as const)
      await queue.consumer.phase(command.id, state);
    await queue.consumer.phase(command.id, 'held', 'not-submitting');
    assert.equal((await queue.store.message(command.id))?.state, 'delivered');
    await queue.dead.drop(command.id).catch(() => undefined);
  });

  it('drops a message that waits, and refuses one that is being typed or has arrived', async () => {
    const [waiting, held, typed] = [newCommand(), newCommand(), newCommand()];
    for (const command of [waiting, held, typed]) await queue.producer.enqueue(command);
    const taken = await queue.consumer.read(3, 500);
    assert.equal(await queue.consumer.phase(held.id, 'held', 'dialog'), true);
    assert.equal(await queue.consumer.phase(typed.id, 'typing'), true);
    for (const { id } of [waiting, held, held]) await queue.dead.drop(id);
    await assert.rejects(queue.dead.drop(typed.id), (e) => isTacoError(e, 'message-in-flight'));
    for (const { id } of [waiting, held]) {
      assert.equal((await queue.store.message(id))?.state, 'dropped');
      assert.equal(await queue.consumer.phase(id, 'typing'), false);
    }
    assert.equal((await queue.store.message(typed.id))?.state, 'typing');
    assert.deepEqual(
      (await queue.consumer.recover()).map(({ command }) => command.id),
      [typed.id],
    );
    const last = taken.find(({ command }) => command.id === typed.id);
    assert.ok(last);
    await queue.consumer.done(last, 'received');
    assert.equal(Number((await queue.redis.call('HLEN', queue.keys.depth)) ?? 0), 0);
    await assert.rejects(queue.dead.drop(typed.id), (e) => isTacoError(e, 'message-in-flight'));
  });

  it('drops a dead letter permanently', async () => {
    const command = newCommand();
    await queue.producer.enqueue(command);
    await queue.consumer.uncertain(await queue.one(), 'the pane vanished');
    await queue.dead.drop(command.id);
    await queue.dead.drop(command.id);
    assert.equal((await queue.store.message(command.id))?.state, 'dropped');
    assert.equal((await queue.store.snapshot()).counters.dead, 0);
    await assert.rejects(queue.dead.retry(command.id), (e) => isTacoError(e, 'unknown-command-id'));
    await assert.rejects(queue.dead.drop('cmd_unknown'), (e) => isTacoError(e, 'unknown-command-id'));
  });

  it('moves malformed entries aside and continues with the next ones', async () => {
    await queue.redis.call('XADD', queue.keys.queue, '*', 'nonsense', '1');
    await queue.redis.call(
      'XADD',
      queue.keys.queue,
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
    await queue.producer.enqueue(command);
    await queue.redis.call(
      'XADD',
      queue.keys.queue,
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
    await queue.redis.call('XADD', queue.keys.queue, '*', 'id', command.id, 'target', '');
    const last = newCommand();
    await queue.producer.enqueue(last);
    const got = await queue.consumer.read(10, 0);
    assert.deepEqual(
      got.map((pending) => pending.command.id),
      [command.id, last.id],
    );
    const letters = await queue.dead.list();
    assert.deepEqual(
      letters.map(({ state }) => state),
      Array(4).fill('malformed'),
    );
    assert.match(letters[1]?.reason ?? '', /not enqueued by TACO/);
    assert.match(letters[2]?.reason ?? '', /second entry/);
    assert.match(letters[2]?.payload ?? '', /"message":"twice"/);
    for (const { id } of letters) await queue.dead.drop(id);
    assert.deepEqual(await queue.dead.list(), []);
    for (const pending of got) await queue.consumer.done(pending, 'received');
    assert.equal(await queue.redis.call('XLEN', queue.keys.queue), 0);
  });
});
