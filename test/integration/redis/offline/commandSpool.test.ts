import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_ENVELOPED_BYTES } from '../../../../src/core/base/limits';
import { errors } from '../../../../src/core/errors/errors';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import type { CommandProducer } from '../../../../src/core/team/ports';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { isTransient } from '../../../../src/redis/client/redisCommands';
import { enqueueOrSpool, CommandSpool } from '../../../../src/redis/offline/commandSpool';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { leadingConsumer, newCommand } from '../../../support/redisQueue';

describe('CommandSpool', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  let dir: string;
  let spool: CommandSpool;
  let producer: RedisCommandProducer;
  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(async () => {
    keys = server.newKeys();
    dir = join(await mkdtemp(join(tmpdir(), 'taco-spool-')), 'spool');
    spool = new CommandSpool(dir);
    producer = new RedisCommandProducer(redis, keys, { perTarget: 3, total: 100 });
  });
  afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }));

  const away: CommandProducer = { enqueue: () => Promise.reject(errors.redisUnreachable('nowhere')) };
  const queued = async (): Promise<string[]> => {
    const { consumer, lease } = await leadingConsumer(redis, keys);
    const got = await consumer.read(100, 0);
    lease.dispose();
    return got.map(({ command }) => command.id);
  };

  it('spools privately while Redis is unreachable, and enqueues in order', async () => {
    const commands = [newCommand(), newCommand(), newCommand()];
    for (const [i, command] of commands.entries()) {
      assert.deepEqual(await enqueueOrSpool(i === 1 ? null : away, spool, command), {
        duplicate: false,
        spooled: true,
      });
    }
    assert.equal((await stat(dir)).mode & 0o777, 0o700);
    for (const file of await readdir(dir)) assert.equal((await stat(join(dir, file))).mode & 0o777, 0o600);
    const { sent, refused } = await spool.drain(producer);
    assert.deepEqual([sent, refused, await spool.list()], [3, 0, []]);
    assert.deepEqual(
      await queued(),
      commands.map(({ id }) => id),
    );
  });

  it('enqueues spooled commands before a new one', async () => {
    const [old, young] = [newCommand(), newCommand()];
    await enqueueOrSpool(null, spool, old);
    assert.equal((await enqueueOrSpool(producer, spool, young)).spooled, false);
    assert.deepEqual(await queued(), [old.id, young.id]);
  });

  it('enqueues once a command that is in the queue and in the spool', async () => {
    const command = newCommand();
    await producer.enqueue(command);
    await spool.put(command);
    await Promise.all([spool.drain(producer), spool.drain(producer), new CommandSpool(dir).drain(producer)]);
    assert.deepEqual([await spool.list(), await queued()], [[], [command.id]]);
  });

  it('preserves the order and enqueues each command once when several processes drain at once', async () => {
    const commands = Array.from({ length: 40 }, (_, i) => newCommand({ target: `taco-test:${2 + (i % 20)}` }));
    for (const command of commands) await spool.put(command);
    await Promise.all([1, 2, 3, 4].map(() => new CommandSpool(dir).drain(producer)));
    assert.deepEqual(
      await queued(),
      commands.map(({ id }) => id),
    );
  });

  it('stops when Redis is unreachable again, and loses nothing', async () => {
    const commands = [newCommand(), newCommand()];
    for (const command of commands) await spool.put(command);
    let calls = 0;
    const failing: CommandProducer = {
      enqueue: (command) => (calls++ === 0 ? producer.enqueue(command) : away.enqueue(command)),
    };
    await assert.rejects(spool.drain(failing), isTransient);
    assert.equal((await spool.list()).length, 1);
    await spool.drain(producer);
    assert.deepEqual(
      await queued(),
      commands.map(({ id }) => id),
    );
  });

  it('lets a full target wait without delaying the others, and preserves its order', async () => {
    for (let i = 0; i < 3; i++) await producer.enqueue(newCommand());
    const waiting = newCommand();
    const other = newCommand({ target: 'taco-test:9' });
    await spool.put(waiting);
    await spool.put(other);
    const behind = newCommand();
    assert.equal((await enqueueOrSpool(producer, spool, behind)).spooled, true);
    assert.equal((await enqueueOrSpool(producer, spool, newCommand({ target: 'taco-test:9' }))).spooled, false);
    const { consumer, lease } = await leadingConsumer(redis, keys);
    for (const pending of await consumer.read(10, 0)) await consumer.done(pending, 'received');
    lease.dispose();
    await spool.drain(producer);
    const entries = (await redis.call('XRANGE', keys.queue, '-', '+')) as [string, string[]][];
    assert.deepEqual(
      entries.map(([, fields]) => fields[1]),
      [waiting.id, behind.id],
    );
  });

  it('sets aside commands that are refused or cannot be read, and continues', async () => {
    await spool.put(newCommand({ sender: 'AGENT-4', secret: 'wrong' }));
    await writeFile(join(dir, '000-torn.json'), '{"id":"cmd_');
    const good = newCommand();
    await spool.put(good);
    const refusals: unknown[] = [];
    const { sent, refused } = await spool.drain(producer, (_file, error) => refusals.push(error));
    assert.deepEqual([sent, refused], [1, 2]);
    assert.ok(refusals.some((error) => isTacoError(error, 'sender-refused')));
    assert.deepEqual(await spool.list(), []);
    assert.equal((await readdir(dir)).filter((name) => name.endsWith('.refused')).length, 2);
  });

  it('refuses at once a command that the queue would refuse anyway', async () => {
    await assert.rejects(
      enqueueOrSpool(null, spool, newCommand({ message: 'x'.repeat(MAX_ENVELOPED_BYTES + 1) })),
      (e) => isTacoError(e, 'message-too-long'),
    );
    assert.deepEqual(await spool.list(), []);
  });
});
