import assert from 'node:assert/strict';
import { NO_USAGE } from '../../../../src/core/agents/usage';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { systemClock } from '../../../../src/environment/systemClock';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { InputRequestStore } from '../../../../src/redis/state/inputRequestStore';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';

describe('what a team stores in Redis beside its messages', function () {
  this.timeout(30_000);
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

  it('is the usage of at most 500 conversations, whose sum never shrinks', async () => {
    for (let n = 0; n < 700; n++)
      await store.usage.set(`c${n}`, {
        window: 2 + (n % 2),
        name: `a${n % 2}`,
        usage: { ...NO_USAGE, output: 1, cost: 2 },
      });
    const { output, cost } = await store.usage.team();
    assert.deepEqual([output, cost], [700, 1400]);
    assert.ok(Number(await redis.call('HLEN', keys.usage)) <= 502);
    await store.usage.set('c699', { window: 3, name: 'a1', usage: { ...NO_USAGE, output: 5, cost: 2, guessed: true } });
    assert.deepEqual(await store.usage.team(), { ...NO_USAGE, output: 704, cost: 1400, guessed: true });
  });

  it('is at most 1,000 requests that no leader acts on; the next is refused', async () => {
    for (let n = 0; n < 1000; n++) await store.postRequest({ kind: 'stop' });
    await assert.rejects(store.postRequest({ kind: 'stop' }), (error) => isTacoError(error, 'quota-exceeded'));
    const [first] = await store.requests.read();
    await store.requests.acknowledge(first?.id ?? '');
    await store.postRequest({ kind: 'stop' });
    assert.equal(await redis.call('XLEN', keys.requests), 1000);
  });

  it('is at most 500 open input requests; a further one is asked in the terminal only', async () => {
    const requests = new InputRequestStore(redis, keys);
    const request = (n: number) => ({ id: `need_${n}`, window: 2, kind: 'permission', at: n }) as never;
    for (let n = 0; n < 501; n++) await requests.open(request(n));
    assert.deepEqual([await requests.isOpen('need_499'), await requests.isOpen('need_500')], [true, false]);
    await requests.open(request(499));
    await requests.end(2, ['need_0']);
    await requests.open(request(500));
    assert.equal(await requests.isOpen('need_500'), true);
  });
});
