import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentRecord, agentRecordSchema } from '../../../../src/core/agents/agentRecord';
import type { ServiceRecord } from '../../../../src/core/services/serviceRecord';
import { systemClock } from '../../../../src/environment/systemClock';
import { CommandChecker, CommandChecks } from '../../../../src/orchestrator/services/commandHealthCheck';
import { ServiceHealthMonitor } from '../../../../src/orchestrator/services/serviceHealthMonitor';
import { isRunning } from '../../../../src/redis/server/processes';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { waitUntil } from '../../../support/waitUntil';

describe('a registered service', function () {
  this.timeout(60_000);
  let redis: TestRedis;
  let store: RedisStateStore;
  let registry: ServiceHealthMonitor;
  let server: Server | undefined;
  let port = 0;
  let status = 200;
  const turns: string[] = [];
  const dir = mkdtempSync(join(tmpdir(), 'taco-checks-'));
  const agents: AgentRecord[] = [];
  const checks = new CommandChecks(join(dir, 'project'));
  const checker = new CommandChecker({
    checks,
    projectDir: dir,
    env: { PATH: process.env['PATH'] ?? '' },
    agents: () => agents,
  });

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
  const register = (check: string, owner = 'AGENT-2'): Promise<void> =>
    store.setService({ name: 'web', port, url: '', health: 'unknown', owner, check, checkedAt: 0 });
  const registerCommand = async (argv: readonly string[], owner = 'AGENT-2'): Promise<void> => {
    await checks.keep('web', owner, argv);
    await register('command', owner);
  };
  /** Agent 2 with its own folder. */
  const agent = (permissionMode: string, approved = 'bypassPermissions'): AgentRecord =>
    agentRecordSchema.parse({
      window: 2,
      name: 'db',
      role: 'Serves',
      status: 'idle',
      workspace: join(dir, 'own'),
      profile: 'scripted',
      permissionMode,
      spec: JSON.stringify({ permission_mode: approved }),
    });
  /** Returns its health after each of this many rounds. */
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
  after(async () => {
    rmSync(dir, { recursive: true, force: true });
    await redis.close();
  });
  beforeEach(async () => {
    store = new RedisStateStore(await redis.connect(), redis.newKeys(), systemClock, silentLogger);
    registry = new ServiceHealthMonitor(
      store,
      silentLogger,
      async ({ name, health }) => void turns.push(`${name} ${health}`),
      (service) => checker.run(service),
    );
    turns.length = 0;
    agents.splice(0, agents.length, agent('bypassPermissions'));
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(join(dir, 'own'), { recursive: true });
    status = 200;
    port = 0;
    await serve();
  });
  afterEach(async () => {
    registry.dispose();
    store.dispose();
    await close();
  });

  it('is healthy at the first check, degraded after two answers of HTTP 500, and healthy after two good ones', async () => {
    await register('/health');
    assert.deepEqual(await rounds(1), ['healthy']);
    status = 500;
    assert.deepEqual(await rounds(2), ['healthy', 'degraded']);
    status = 204;
    assert.deepEqual(await rounds(2), ['degraded', 'healthy']);
    assert.deepEqual(turns, ['web degraded', 'web healthy']);
  });

  it('is down after two refused connections, and recovers', async () => {
    await register('/health');
    await rounds(1);
    await close();
    assert.deepEqual(await rounds(3), ['healthy', 'down', 'down']);
    await serve();
    assert.deepEqual(await rounds(2), ['down', 'healthy']);
    assert.deepEqual(turns, ['web down', 'web healthy']);
  });

  it('keeps its health after one failed check between good ones', async () => {
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

  it('is checked by a connection alone without a path', async () => {
    await register('tcp');
    status = 500;
    assert.deepEqual(await rounds(1), ['healthy']);
    await close();
    assert.deepEqual(await rounds(2), ['healthy', 'down']);
  });

  it("is up while its check command exits with 0 in its agent's folder, and turns like the others", async () => {
    await registerCommand(['test', '-f', 'alive']);
    assert.deepEqual(await rounds(1), ['down']);
    writeFileSync(join(dir, 'own', 'alive'), '');
    assert.deepEqual(await rounds(2), ['down', 'healthy']);
    rmSync(join(dir, 'own', 'alive'));
    assert.deepEqual(await rounds(2), ['healthy', 'down']);
    assert.deepEqual(turns, ['web healthy', 'web down']);
  });

  it('passes the port to its check command without a shell', async () => {
    await registerCommand([
      process.execPath,
      '-e',
      'require("fs").writeFileSync("said", JSON.stringify([process.env.PORT, process.argv[1]]))',
      '$(touch never); "x" *',
    ]);
    assert.deepEqual(await rounds(1), ['healthy']);
    assert.deepEqual(JSON.parse(readFileSync(join(dir, 'own', 'said'), 'utf8')), [
      String(port),
      '$(touch never); "x" *',
    ]);
    assert.deepEqual(readdirSync(join(dir, 'own')), ['said']);
  });

  it('is degraded while its check command does not end, and no process of it continues', async () => {
    await registerCommand(['sh', '-c', 'sleep 300 & echo $! > pid; wait']);
    assert.deepEqual(await rounds(1), ['degraded']);
    const pid = Number(readFileSync(join(dir, 'own', 'pid'), 'utf8'));
    await waitUntil(() => !isRunning(pid), 5000, `the end of process ${pid}`);
  });

  it("is down when its check command, or its agent's folder, is missing", async () => {
    await registerCommand(['no-such-program-at-all']);
    assert.deepEqual(await rounds(1), ['down']);
    rmSync(join(dir, 'own'), { recursive: true });
    await registerCommand(['true']);
    assert.deepEqual(await rounds(1), ['down']);
  });

  it('runs no check command that is only in Redis, is from another owner, or whose agent lacks the right or has ended', async () => {
    const argv = ['touch', join(dir, 'ran')];
    await register('command');
    assert.deepEqual(await rounds(1), ['unknown']);
    await checks.keep('web', 'AGENT-3', argv);
    assert.deepEqual(await rounds(1), ['unknown']);
    await registerCommand(argv);
    for (const here of [[agent('default')], [agent('')], []]) {
      agents.splice(0, agents.length, ...here);
      assert.deepEqual(await rounds(1), ['unknown']);
    }
    assert.equal(existsSync(join(dir, 'ran')), false);
    await registerCommand(argv, 'USER');
    assert.deepEqual(await rounds(1), ['healthy']);
  });

  it('keeps its latest registration when it changed during a check', async () => {
    const [begun, go] = [join(dir, 'begun'), join(dir, 'go')];
    await registerCommand(['sh', '-c', `touch '${begun}'; until [ -e '${go}' ]; do sleep 0.05; done`]);
    const check = registry.checkAll();
    await waitUntil(() => existsSync(begun), 15_000, 'the check');
    await register('/health');
    writeFileSync(go, '');
    await check;
    const [now] = await store.services();
    assert.deepEqual([now?.check, now?.health], ['/health', 'unknown']);
  });
});
