import assert from 'node:assert/strict';
import { systemClock } from '../../../../src/environment/systemClock';
import { SessionMemory } from '../../../../src/orchestrator/leadership/sessionMemory';
import { RedisConnection } from '../../../../src/redis/client/connection';
import { connectLight } from '../../../../src/redis/client/connectLight';
import { parseEndpoint } from '../../../../src/redis/client/endpoint';
import { Keys } from '../../../../src/redis/client/keys';
import { RedisLease } from '../../../../src/redis/leadership/lease';
import { evictionPolicy } from '../../../../src/redis/server/evictionPolicy';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { READY_MS } from '../../../support/redis';
import { RemoteRedis } from '../../../support/redisServers';
import { TcpRelay } from '../../../support/tcpRelay';
import { waitUntil } from '../../../support/waitUntil';

const PLAIN = ['--port', 'PORT', '--save', '', '--appendonly', 'no'];

describe('a Redis that fails over', function () {
  this.timeout(60_000);
  const keys = new Keys('0123456789ab');
  let master: RemoteRedis;
  let other: RemoteRedis;
  let relay: TcpRelay;
  let redis: RedisConnection;

  beforeEach(async () => {
    [master, other] = [await RemoteRedis.start(PLAIN), await RemoteRedis.start(PLAIN)];
    relay = await TcpRelay.start(master.port);
    redis = new RedisConnection({ endpoint: parseEndpoint(`redis://127.0.0.1:${relay.port}`), logger: silentLogger });
    await redis.ready(READY_MS);
  });
  afterEach(async () => {
    redis.dispose();
    relay.close();
    await Promise.all([master.close(), other.close()]);
  });

  it('is connected to again when the node has become a replica, and led again within seconds', async () => {
    const lease = new RedisLease(redis, keys, systemClock, silentLogger);
    assert.equal(await lease.acquire(), 1);
    await other.call('REPLICAOF', '127.0.0.1', master.port);
    await waitUntil(async () => (await other.call('GET', keys.epoch).catch(() => null)) === '1', 15_000, 'a copy');
    await other.call('REPLICAOF', 'NO', 'ONE');
    relay.leadTo(other.port);
    await master.call('REPLICAOF', '127.0.0.1', other.port);
    // Nobody cuts the connection: only what Redis answers tells that it leads to a replica now.
    await waitUntil(() => redis.noWrites !== null || lease.epoch === null, 15_000, 'READONLY noticed');
    const epoch = await waitUntil(() => lease.acquire().catch(() => null), 20_000, 'leading again');
    assert.ok(epoch >= 1);
    assert.equal(await redis.call('SET', 'written', '1'), 'OK');
    assert.equal(await other.call('GET', 'written'), '1');
    await waitUntil(() => redis.noWrites === null, 10_000, 'the trouble over');
    lease.dispose();
  });

  it('gets the session again when it is empty; a session that was ended on purpose stays ended', async () => {
    const store = new RedisStateStore(redis, keys, systemClock, silentLogger);
    const copy = { read: () => Promise.resolve(null), write: () => Promise.resolve(), remove: () => Promise.resolve() };
    const memory = new SessionMemory(redis, keys, silentLogger, copy);
    await store.clear();
    await store.setSession({
      project_dir: '/p',
      started_at: new Date().toISOString(),
      goal: 'build',
      tmux_session: 'taco-p',
      phase: 'running',
      detail: '',
    });
    await store.setAgent(0, { name: 'mother', role: 'planner', status: 'idle', workspace: '/p' });
    await store.setAgent(2, { name: 'backend', role: 'API', status: 'idle', workspace: '/p' });
    await store.registerSender('AGENT-2', 'secret');
    assert.equal(await memory.keep(store), 'nothing');
    assert.equal(await memory.keep(store), 'nothing');
    relay.leadTo(other.port);
    relay.cut();
    const written = await waitUntil(() => memory.keep(store).catch(() => null), 10_000, 'a new connection');
    assert.equal(written, 'all');
    assert.equal(await other.call('HGET', keys.session, 'goal'), 'build');
    assert.equal(await other.call('HGET', keys.agent(2), 'name'), 'backend');
    assert.equal(await store.isSender('AGENT-2', 'secret'), true);
    // One record alone, as an eviction takes it.
    await other.call('DEL', keys.agent(2));
    assert.equal(await memory.keep(store), 'some');
    assert.equal(await other.call('HGET', keys.agent(2), 'name'), 'backend');
    await store.removeAgent(2);
    assert.equal(await memory.keep(store), 'nothing', 'an agent that left the team is not brought back');
    await store.clear();
    assert.equal(await memory.keep(store), 'nothing');
    assert.equal(await other.call('EXISTS', keys.session), 0);
  });

  it('is known to remove keys by its policy and its limit', async () => {
    assert.equal(await evictionPolicy(redis), null);
    await master.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    assert.equal(await evictionPolicy(redis), null, 'without a limit nothing is removed');
    await master.call('CONFIG', 'SET', 'maxmemory', '64mb');
    assert.equal(await evictionPolicy(redis), 'allkeys-lru');
  });

  it('logs a user in that has no password', async () => {
    await master.call('ACL', 'SETUSER', 'taco', 'on', 'nopass', '~*', '&*', '+@all');
    await master.call('ACL', 'SETUSER', 'default', 'resetpass', 'on', '>x');
    const endpoint = parseEndpoint(`redis://taco@127.0.0.1:${master.port}`);
    const light = await connectLight(endpoint, { connectTimeoutMs: READY_MS, commandTimeoutMs: READY_MS });
    assert.equal(await light.call('ACL', 'WHOAMI'), 'taco');
    light.dispose();
    const own = new RedisConnection({ endpoint, logger: silentLogger });
    await own.ready(READY_MS);
    assert.equal(await own.call('ACL', 'WHOAMI'), 'taco');
    own.dispose();
  });
});
