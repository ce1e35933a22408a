import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../src/environment/systemClock';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { isTransient } from '../../../../src/redis/client/redisCommands';
import { enqueueOrSpool, CommandSpool } from '../../../../src/redis/offline/commandSpool';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { startProcess, type TestProcess } from '../../../support/processes/startProcess';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { newCommand } from '../../../support/redisQueue';
import { waitUntil } from '../../../support/waitUntil';

describe('deliveries across crashes', function () {
  this.timeout(60_000);
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  let dir: string;
  let consumers: TestProcess[];

  before(async () => {
    server = await startTestRedis();
    redis = await server.connect({ restart: true });
  });
  after(() => server.close());
  beforeEach(async () => {
    keys = server.newKeys();
    dir = await mkdtemp(join(tmpdir(), 'taco-crash-'));
    consumers = [];
  });
  afterEach(async () => {
    for (const consumer of consumers) consumer.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });

  const pane = (): string => join(dir, 'pane');
  const allDone = async (count: number): Promise<boolean> => {
    const [executed, left] = await redis
      .pipeline([
        ['GET', keys.executedTotal],
        ['XLEN', keys.queue],
      ])
      .catch(() => [0, 1]);
    return Number(executed) >= count && left === 0;
  };

  /**
   * Checks that each message was typed once and entered once, in the order of the queue, and that ledgers and counters
   * agree.
   */
  async function checkPane(ids: readonly string[]): Promise<void> {
    const lines = (await readFile(pane(), 'utf8')).trim().split('\n');
    for (const step of ['typed', 'entered']) {
      assert.deepEqual(
        lines.filter((line) => line.startsWith(step)),
        ids.map((id) => `${step} ${id}`),
      );
    }
    const { counters } = await new RedisStateStore(redis, keys, systemClock, silentLogger).snapshot();
    assert.deepEqual(
      { ...counters },
      {
        pending: 0,
        processing: 0,
        held: 0,
        dead: 0,
        enqueued: ids.length,
        executed: ids.length,
        failed: 0,
        activeAgents: 0,
      },
    );
    assert.deepEqual(await redis.call('HGETALL', keys.depth), []);
    const pendingEntries = (await redis.call('XPENDING', keys.queue, keys.group)) as unknown[];
    assert.equal(pendingEntries[0], 0);
  }

  it('loses and duplicates nothing when the consumer is killed between any two steps', async () => {
    const producer = new RedisCommandProducer(redis, keys);
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) {
      const command = newCommand({ message: `[USER → AGENT-3]: ${i}${i % 5 === 0 ? '!' : ''}` });
      await producer.enqueue(command);
      ids.push(command.id);
    }
    let deaths = 0;
    let running = true;
    const reincarnate = async (): Promise<void> => {
      while (running) {
        const consumer = startProcess('consumer', [
          server.paths.redisSocket,
          keys.projectId,
          pane(),
          deaths < 15 ? '0.04' : '0',
        ]);
        consumers.push(consumer);
        await consumer.ended;
        deaths++;
      }
    };
    const consumer = reincarnate();
    await waitUntil(() => allDone(ids.length), 50_000, 'the end of the queue');
    running = false;
    consumers.at(-1)?.kill('SIGKILL');
    await consumer;
    assert.ok(deaths > 3, `only ${deaths} deaths`);
    await checkPane(ids);
  });

  it('loses and duplicates no acknowledged message when redis-server is killed under load', async () => {
    const consumer = startProcess('consumer', [server.paths.redisSocket, keys.projectId, pane(), '0']);
    consumers.push(consumer);
    const producer = new RedisCommandProducer(redis, keys);
    const spool = new CommandSpool(join(dir, 'spool'));
    const ids: string[] = [];
    let spooled = 0;
    const sending = (async () => {
      for (let i = 0; i < 400; i++) {
        const command = newCommand({ message: `[USER → AGENT-3]: ${i}` });
        const answer = await enqueueOrSpool(producer, spool, command);
        ids.push(command.id);
        if (answer.spooled) spooled++;
        await systemClock.sleep(3);
      }
    })();
    for (let i = 0; i < 3; i++) {
      await waitUntil(() => redis.isUp, 15_000, 'the return of Redis'); // the connection itself starts it again
      await systemClock.sleep(200);
      await server.kill();
    }
    await sending;
    await waitUntil(() => redis.isUp, 15_000, 'the return of Redis');
    await waitUntil(
      async () => {
        await spool.drain(producer).catch((error: unknown) => assert.ok(isTransient(error)));
        return (await spool.list()).length === 0;
      },
      10_000,
      'an empty spool',
    );
    await waitUntil(() => allDone(ids.length), 20_000, 'the end of the queue');
    await checkPane(ids);
    assert.ok(spooled < ids.length);
  });
});
