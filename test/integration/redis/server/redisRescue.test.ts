import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { rescueRedis } from '../../../../src/redis/server/redisRescue';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';

describe('rescueRedis', function () {
  this.timeout(120_000);
  let server: TestRedis;
  beforeEach(async () => {
    server = await startTestRedis();
  });
  afterEach(() => server.close());

  const rescue = async (redis: Parameters<typeof rescueRedis>[1]): Promise<number | null> =>
    await rescueRedis({ paths: server.paths, logger: silentLogger, env: process.env }, redis);

  it('moves every key with its lifetime and its consumer groups into a server in the new folder', async () => {
    const redis = await server.connect();
    for (let at = 0; at < 1200; at += 1) await redis.call('SET', `key ${at} "é\r\n`, `value ${at}`);
    await redis.call('HSET', 'hash', 'field', 'ü');
    await redis.call('SET', 'short', 'lived', 'EX', 600);
    await redis.call('XADD', 'stream', '1-1', 'a', 'b');
    await redis.call('XGROUP', 'CREATE', 'stream', 'group', '0');
    await redis.call('XREADGROUP', 'GROUP', 'group', 'me', 'STREAMS', 'stream', '>');
    await rm(server.paths.home, { recursive: true });
    assert.equal(await rescue(redis), 1203);
    const after = await server.connect();
    assert.equal(await after.call('DBSIZE'), 1203);
    assert.equal(await after.call('GET', 'key 1199 "é\r\n'), 'value 1199');
    assert.equal(await after.call('HGET', 'hash', 'field'), 'ü');
    const ttl = Number(await after.call('TTL', 'short'));
    assert.ok(ttl > 300 && ttl <= 600, String(ttl));
    assert.equal(((await after.call('XPENDING', 'stream', 'group')) as unknown[])[0], 1);
    await server.kill();
    await server.restart(); // its append-only file has everything, too
    assert.equal(await (await server.connect()).call('DBSIZE'), 1203);
  });

  it('loses no write that was acknowledged meanwhile', async () => {
    const redis = await server.connect();
    const writer = await server.connect({ restart: true });
    let acknowledged = 0;
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        const name = `written ${acknowledged}`;
        const done = await writer.call('SET', name, '1').then(
          () => true,
          () => false,
        );
        if (done) acknowledged += 1;
      }
    })();
    await rm(server.paths.home, { recursive: true });
    await rescue(redis);
    const until = acknowledged + 20;
    while (acknowledged < until) await new Promise((resolve) => setTimeout(resolve, 10));
    isOver = true;
    await writing;
    const after = await server.connect();
    assert.ok(Number(await after.call('DBSIZE')) >= acknowledged);
    assert.equal(
      await after.call('EXISTS', ...Array.from({ length: acknowledged }, (_, at) => `written ${at}`)),
      acknowledged,
    );
  });

  it('is not delayed by writes of the same connection', async () => {
    const redis = await server.connect({ restart: true });
    for (let at = 0; at < 5000; at += 1) await redis.call('SET', `key ${at}`, '1');
    await rm(server.paths.home, { recursive: true });
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        await redis.call('SET', 'written', '1').catch(() => undefined);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const keys = await rescue(redis);
    isOver = true;
    await writing;
    assert.ok(keys === 5000 || keys === 5001, String(keys));
    await redis.ready(30_000);
    assert.equal(await redis.call('EXISTS', 'key 0', 'key 4999'), 2);
  });

  it('does nothing when another process was faster', async () => {
    const redis = await server.connect();
    assert.equal(await rescue(redis), null);
    assert.equal(await redis.call('PING'), 'PONG');
  });
});
