import assert from 'node:assert/strict';
import { systemClock } from '../../../../src/environment/systemClock';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { HistoryReader, readMessages } from '../../../../src/redis/queue/historyReader';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { leadingConsumer, newCommand } from '../../../support/redisQueue';

describe('HistoryReader', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  let store: RedisStateStore;
  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(() => {
    keys = server.newKeys();
    store = new RedisStateStore(redis, keys, systemClock, silentLogger);
  });
  afterEach(() => store.dispose());

  it('returns an empty history at first', async () => {
    assert.deepEqual(await new HistoryReader(redis, keys).next(), { finished: [], steps: [] });
    assert.deepEqual(await readMessages(redis, keys, []), []);
  });

  it("returns each change of an agent's state once, and no entry without a change", async () => {
    const reader = new HistoryReader(redis, keys);
    await store.setAgent(3, { name: 'a', role: 'r', status: 'starting', workspace: '/w', profile: 'claude' });
    await store.setAgent(3, { activity: 'thinks' });
    await store.setAgent(3, { status: 'starting' });
    await store.setAgent(3, { status: 'busy' });
    assert.deepEqual(
      (await reader.next()).steps.map(({ window, status }) => [window, status]),
      [
        [3, 'starting'],
        [3, 'busy'],
      ],
    );
    assert.deepEqual((await reader.next()).steps, []);
    await store.setAgent(3, { status: 'idle' });
    await store.removeAgent(3);
    const { steps } = await reader.next();
    assert.deepEqual(
      steps.map(({ status }) => status),
      ['idle'],
    );
    assert.ok(Math.abs((steps[0]?.at ?? 0) - Date.now()) < 60_000);
  });

  it('returns how each message ended and when it was sent, and finds its ledger again', async () => {
    const reader = new HistoryReader(redis, keys);
    const producer = new RedisCommandProducer(redis, keys);
    const { consumer, lease } = await leadingConsumer(redis, keys);
    const command = newCommand();
    await producer.enqueue(command);
    const [pending] = await consumer.read(10, 0);
    assert.ok(pending);
    assert.deepEqual((await reader.next()).finished, []);
    await consumer.done(pending, 'received');
    const { finished } = await reader.next();
    assert.deepEqual(
      finished.map(({ id, state, sender, target }) => ({ id, state, sender, target })),
      [{ id: command.id, state: 'received', sender: command.sender, target: command.target }],
    );
    assert.ok((finished[0]?.at ?? 0) >= (finished[0]?.enqueuedAt ?? Infinity));
    const [message] = await readMessages(redis, keys, ['cmd_never-was', command.id]);
    assert.equal(message?.message, command.message);
    assert.deepEqual(
      message?.history.map(({ state }) => state),
      ['queued', 'received'],
    );
    await lease.release();
  });
});
