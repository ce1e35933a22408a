import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { canBind, PortAllocator } from '../../../../src/redis/state/portAllocator';
import { startProcess } from '../../../support/processes/startProcess';
import { startTestRedis, type TestRedis } from '../../../support/redis';

describe('PortAllocator', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(() => (keys = server.newKeys()));

  it('gives each port to one owner when several processes ask at once', async () => {
    const processes = ['A', 'B', 'C', 'D'].map((owner) =>
      startProcess('ports', [server.paths.redisSocket, keys.projectId, `AGENT-${owner}`, '10', '21000', '21199']),
    );
    const taken = (await Promise.all(processes.map((each) => each.line()))).flatMap(
      (line) => JSON.parse(line) as number[],
    );
    assert.equal(taken.length, 80);
    assert.equal(new Set(taken).size, 80);
    assert.ok(taken.every((port) => port >= 21_000 && port <= 21_199));
  }).timeout(20_000);

  it('skips ports that a process listens on, also on one address only', async () => {
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const otherServer = createServer();
      await new Promise<void>((resolve) => otherServer.listen(0, host, resolve));
      const { port } = otherServer.address() as { port: number };
      assert.equal(await canBind(port), false);
      const ports = new PortAllocator(redis, server.newKeys(), { first: port, last: port });
      await assert.rejects(ports.take('AGENT-3'), (e) => isTacoError(e, 'quota-exceeded'));
      await new Promise((resolve) => otherServer.close(resolve));
      assert.deepEqual(await ports.take('AGENT-3'), [port], 'a port that was passed over is not kept');
    }
  });

  it('frees the ports of an owner that ends, and only those', async () => {
    const ports = new PortAllocator(redis, keys, { first: 21_300, last: 21_303 }, async () => true);
    const first = await ports.take('AGENT-3', 2);
    const second = await ports.take('AGENT-4', 2);
    await assert.rejects(ports.take('AGENT-5'), (e) => isTacoError(e, 'quota-exceeded'));
    await ports.free('AGENT-5', first);
    await assert.rejects(ports.take('AGENT-5'));
    await ports.freeAll('AGENT-3');
    assert.deepEqual(await ports.take('AGENT-5', 2), first);
    await ports.free('AGENT-4', second);
    assert.deepEqual(await ports.take('AGENT-5', 2), second);
  });

  it('allocates all requested ports or none', async () => {
    const ports = new PortAllocator(redis, keys, { first: 21_400, last: 21_402 }, async (port) => port !== 21_401);
    await assert.rejects(ports.take('AGENT-3', 3), (e) => isTacoError(e, 'quota-exceeded'));
    assert.deepEqual(await redis.call('HGETALL', keys.ports), []);
    assert.deepEqual(await ports.take('AGENT-3', 2), [21_400, 21_402]);
  });
});
