import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceRecord } from '../../../src/core/models';
import { ServiceRegistry } from '../../../src/orchestrator/serviceRegistry';
import { RedisStateStore } from '../../../src/redis/stateStore';
import { silentLogger, startTestRedis, systemClock, type TestRedis } from '../../support/redis';

describe('a registered service', function () {
  this.timeout(20_000);
  let redis: TestRedis;
  let store: RedisStateStore;
  let registry: ServiceRegistry;
  let server: Server | undefined;
  let port = 0;
  let status = 200;
  const turns: string[] = [];

  const serve = (): Promise<void> =>
    new Promise((resolve) => {
      server = createServer((request, response) => {
        response.statusCode = request.url === '/health' ? status : 404;
        response.end();
      }).listen(port, '127.0.0.1', () => {
        port = (server?.address() as AddressInfo).port;
        resolve();
      });
    });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server?.closeAllConnections();
      server?.close(() => resolve());
    });
  const register = (check: string): Promise<void> => store.setService({ name: 'web', port, url: '', health: 'unknown', owner: 'AGENT-2', check, checkedAt: 0 });
  /** Its health after each of so many rounds. */
  const rounds = async (count: number): Promise<ServiceRecord['health'][]> => {
    const seen: ServiceRecord['health'][] = [];
    for (let n = 0; n < count; n++) {
      await registry.checkAll();
      seen.push((await store.services())[0]?.health ?? 'unknown');
    }
    return seen;
  };

  before(async () => {
    redis = await startTestRedis();
  });
  after(() => redis.close());
  beforeEach(async () => {
    store = new RedisStateStore(await redis.connect(), redis.newKeys(), systemClock, silentLogger);
    registry = new ServiceRegistry(store, silentLogger, async ({ name, health }) => void turns.push(`${name} ${health}`));
    turns.length = 0;
    status = 200;
    port = 0;
    await serve();
  });
  afterEach(async () => {
    registry.dispose();
    store.dispose();
    await close();
  });

  it('is healthy at the first look, degraded after two answers of HTTP 500, and back after two good ones', async () => {
    await register('/health');
    assert.deepEqual(await rounds(1), ['healthy']);
    status = 500;
    assert.deepEqual(await rounds(2), ['healthy', 'degraded']);
    status = 204;
    assert.deepEqual(await rounds(2), ['degraded', 'healthy']);
    assert.deepEqual(turns, ['web degraded', 'web healthy']);
  });

  it('is down after two refused connections, and back up', async () => {
    await register('/health');
    await rounds(1);
    await close();
    assert.deepEqual(await rounds(3), ['healthy', 'down', 'down']);
    await serve();
    assert.deepEqual(await rounds(2), ['down', 'healthy']);
    assert.deepEqual(turns, ['web down', 'web healthy']);
  });

  it('is what it was after one bad look between good ones', async () => {
    await register('/health');
    await rounds(1);
    for (let n = 0; n < 3; n++) {
      status = 500;
      await rounds(1);
      status = 200;
      assert.deepEqual(await rounds(1), ['healthy']);
    }
    assert.deepEqual(turns, []);
  });

  it('without a path is asked for a connection alone', async () => {
    await register('tcp');
    status = 500;
    assert.deepEqual(await rounds(1), ['healthy']);
    await close();
    assert.deepEqual(await rounds(2), ['healthy', 'down']);
  });
});
