import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { NewCommand } from '../../src/core/messages/newCommand';
import type { PendingCommand } from '../../src/core/team/ports';
import { systemClock } from '../../src/environment/systemClock';
import type { RedisConnection } from '../../src/redis/client/connection';
import type { Keys } from '../../src/redis/client/keys';
import { RedisLease } from '../../src/redis/leadership/lease';
import { RedisCommandProducer } from '../../src/redis/queue/commandProducer';
import { DeadLetters } from '../../src/redis/queue/deadLetters';
import { RedisCommandConsumer } from '../../src/redis/queue/redisQueue';
import { RedisStateStore } from '../../src/redis/state/stateStore';
import { silentLogger } from './loggers';
import { startTestRedis, type TestRedis } from './redis';

let made = 0;

export function newCommand(patch: Partial<NewCommand> = {}): NewCommand {
  return {
    id: `cmd_${randomBytes(5).toString('hex')}_${made++}`,
    type: 'tmux_message',
    target: 'taco-test:3',
    message: '[USER → AGENT-3]: hello',
    priority: 'normal',
    timestamp: new Date().toISOString(),
    sender: 'USER',
    secret: null,
    ...patch,
  };
}

/** Returns a consumer that leads. */
export async function leadingConsumer(
  redis: RedisConnection,
  keys: Keys,
): Promise<{ consumer: RedisCommandConsumer; lease: RedisLease }> {
  const lease = new RedisLease(redis, keys, systemClock, silentLogger);
  const epoch = await lease.acquire();
  if (epoch === null) throw new Error('Another process leads.');
  const consumer = new RedisCommandConsumer(redis, keys, () => lease.epoch, systemClock, silentLogger);
  return { consumer, lease };
}

/** One queue of a suite; each test gets its own keys. */
export class TestQueue {
  private server!: TestRedis;
  redis!: RedisConnection;
  keys!: Keys;
  producer!: RedisCommandProducer;
  consumer!: RedisCommandConsumer;
  lease!: RedisLease;
  store!: RedisStateStore;
  dead!: DeadLetters;

  async start(): Promise<void> {
    this.server = await startTestRedis();
    this.redis = await this.server.connect();
  }

  async begin(): Promise<void> {
    const { redis } = this;
    this.keys = this.server.newKeys();
    this.producer = new RedisCommandProducer(redis, this.keys, { perTarget: 5, total: 8 });
    ({ consumer: this.consumer, lease: this.lease } = await leadingConsumer(redis, this.keys));
    this.store = new RedisStateStore(redis, this.keys, systemClock, silentLogger);
    this.dead = new DeadLetters(redis, this.keys, systemClock);
  }

  /** Reads the next command. */
  async one(): Promise<PendingCommand> {
    const [pending] = await this.consumer.read(1, 1000);
    assert.ok(pending, 'a command is there');
    return pending;
  }

  end(): void {
    this.lease.dispose();
    this.store.dispose();
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** Adds the hooks of a suite whose tests use a queue. */
export function useTestQueue(): TestQueue {
  const queue = new TestQueue();
  before(() => queue.start());
  beforeEach(() => queue.begin());
  afterEach(() => queue.end());
  after(() => queue.close());
  return queue;
}
