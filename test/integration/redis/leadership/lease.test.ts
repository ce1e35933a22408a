import assert from 'node:assert/strict';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { systemClock } from '../../../../src/environment/systemClock';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { EpochFence } from '../../../../src/redis/leadership/fence';
import { RedisLease } from '../../../../src/redis/leadership/lease';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { RedisInflightStore } from '../../../../src/redis/queue/inFlightStore';
import { RedisCommandConsumer } from '../../../../src/redis/queue/redisQueue';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { startProcess } from '../../../support/processes/startProcess';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { newCommand } from '../../../support/redisQueue';
import { SLOW_MACHINE_FACTOR } from '../../../support/slowMachine';
import { waitUntil } from '../../../support/waitUntil';

/** Long enough for a starved process to renew it in time. */
const TTL = 2000;

describe('the lease', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  const leases: RedisLease[] = [];

  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(() => (keys = server.newKeys()));
  afterEach(() => leases.splice(0).forEach((lease) => lease.dispose()));

  const newLease = (clock = systemClock): RedisLease => {
    const lease = new RedisLease(redis, keys, clock, silentLogger, TTL);
    leases.push(lease);
    return lease;
  };

  it('is held by one process for as long as it lives', async () => {
    const [first, second] = [newLease(), newLease()];
    assert.equal(await first.acquire(), 1);
    for (let i = 0; i < 8; i++) {
      assert.equal(await second.acquire(), null);
      await systemClock.sleep(TTL / 4);
    }
    assert.equal(first.epoch, 1);
  });

  it('goes to only one of many simultaneous processes', async () => {
    const got = await Promise.all(Array.from({ length: 20 }, () => newLease().acquire()));
    assert.deepEqual(
      got.filter((epoch) => epoch !== null),
      [1],
    );
  });

  it('raises the epoch with each holder, also after a release', async () => {
    const [first, second] = [newLease(), newLease()];
    await first.acquire();
    await first.release();
    assert.equal(first.epoch, null);
    assert.equal(await second.acquire(), 2);
    await second.release();
    assert.equal(await first.acquire(), 3);
  });

  it('shows the leader in the snapshot', async () => {
    const store = new RedisStateStore(redis, keys, systemClock, silentLogger);
    assert.equal((await store.snapshot()).leader, null);
    await newLease().acquire();
    assert.match((await store.snapshot()).leader ?? '', new RegExp(`^.+:${process.pid}$`));
  });

  it('is lost, and reports that once, when another process took it', async () => {
    const lease = newLease();
    let lost = 0;
    lease.onLost(() => lost++);
    await lease.acquire();
    await redis.call('SET', keys.lease, 'somebody else');
    await waitUntil(() => lost > 0);
    await systemClock.sleep(TTL);
    assert.deepEqual([lost, lease.epoch], [1, null]);
  });

  it('counts as lost after a sleep as long as its time to live, without asking Redis', async () => {
    let ahead = 0;
    const lease = newLease({ ...systemClock, now: () => Date.now() + ahead });
    await lease.acquire();
    ahead = TTL;
    assert.equal(lease.epoch, null);
    ahead = 0;
    assert.equal(lease.epoch, null, 'and stays so');
  });

  it('passes from a killed holder to the next within its time to live', async () => {
    const holder = startProcess('lease', [server.paths.redisSocket, keys.projectId, String(TTL)]);
    assert.equal(await holder.line(), 'epoch 1');
    holder.kill('SIGKILL');
    const started = Date.now();
    const next = newLease();
    await waitUntil(async () => (await next.acquire()) !== null);
    assert.ok(Date.now() - started < TTL * SLOW_MACHINE_FACTOR);
    assert.equal(next.epoch, 2);
  });

  it('refuses every write of a holder that was stopped, replaced and resumed', async () => {
    const holder = startProcess('lease', [server.paths.redisSocket, keys.projectId, String(TTL)]);
    try {
      assert.equal(await holder.line(), 'epoch 1');
      holder.kill('SIGSTOP');
      const next = newLease();
      await waitUntil(async () => (await next.acquire()) !== null);
      holder.kill('SIGCONT');
      assert.equal(await holder.line(), 'stale');
    } finally {
      holder.kill('SIGKILL');
    }
  });

  it('lets a stale epoch neither read nor write, and changes nothing', async () => {
    await redis.call('SET', keys.epoch, '7');
    const stale = new RedisCommandConsumer(redis, keys, () => 6, systemClock, silentLogger);
    const leader = new RedisCommandConsumer(redis, keys, () => 7, systemClock, silentLogger);
    const command = newCommand();
    await new RedisCommandProducer(redis, keys).enqueue(command);
    const refused = (work: Promise<unknown>) => assert.rejects(work, (e) => isTacoError(e, 'not-leader'));
    await refused(stale.read(1, 0));
    await refused(stale.recover());
    const [pending] = await leader.read(1, 0);
    assert.ok(pending);
    const dump = async () =>
      JSON.stringify([await redis.call('HGETALL', keys.command(command.id)), await redis.call('XLEN', keys.queue)]);
    const before = await dump();
    await refused(stale.phase(command.id, 'typing'));
    await refused(stale.done(pending, 'received'));
    await refused(stale.fail(pending, 'x', 0));
    await refused(stale.uncertain(pending, 'x'));
    await refused(stale.deliverToUser(pending));
    const inflight = new RedisInflightStore(redis, keys, new EpochFence(redis, keys, () => 6));
    await refused(inflight.set(3, command.id, 'typing', 'x'));
    await refused(inflight.clear(3, command.id));
    assert.equal(await dump(), before);
  });

  it('never lets a waiting read take an entry once another process leads', async () => {
    const lease = newLease();
    await lease.acquire();
    const stale = new RedisCommandConsumer(redis, keys, () => 1, systemClock, silentLogger);
    const reading = stale.read(1, 2000).then(
      () => 'read',
      (e: unknown) => (isTacoError(e, 'not-leader') ? 'refused' : e),
    );
    await systemClock.sleep(50);
    await redis.call('INCR', keys.epoch);
    const command = newCommand();
    await new RedisCommandProducer(redis, keys).enqueue(command);
    assert.equal(await reading, 'refused');
    const leader = new RedisCommandConsumer(redis, keys, () => 2, systemClock, silentLogger);
    assert.deepEqual(
      (await leader.read(1, 0)).map((pending) => pending.command.id),
      [command.id],
    );
  });
});
