import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { findExecutable } from '../../../../src/environment/prerequisites/executables';
import { socketEndpoint } from '../../../../src/redis/client/endpoint';
import { LightClient } from '../../../../src/redis/client/lightClient';
import { withFileLock } from '../../../../src/redis/server/fileLock';
import { isRunning } from '../../../../src/redis/server/processes';
import { ensureRedis, pidOf, stopRedis } from '../../../../src/redis/server/redisServer';
import { recordingLogger, silentLogger } from '../../../support/loggers';
import { removeRedisFiles } from '../../../support/redis';

const TIMEOUTS = { connectTimeoutMs: 2000, commandTimeoutMs: 2000 };

describe("TACO's own Redis", () => {
  let home: string;
  let paths: TacoPaths;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'taco-server-'));
    paths = new TacoPaths({ TACO_HOME: home }, home);
  });
  afterEach(async () => {
    await removeRedisFiles(paths);
    await rm(home, { recursive: true, force: true });
  });

  const ensure = (more: Partial<Parameters<typeof ensureRedis>[0]> = {}) =>
    ensureRedis({ paths, logger: silentLogger, env: process.env, ...more });
  const run = async (...words: [string, ...string[]]): Promise<unknown> => {
    const client = await LightClient.connect(socketEndpoint(paths.redisSocket), TIMEOUTS);
    try {
      return await client.call(...words);
    } finally {
      client.dispose();
    }
  };
  const pid = async (): Promise<number> => (await pidOf(paths)) ?? assert.fail('no pid file');

  it('listens only on a private socket, and writes an append-only file', async () => {
    await ensure();
    assert.deepEqual(await run('CONFIG', 'GET', 'port'), ['port', '0']);
    for (const [name, value] of [
      ['appendonly', 'yes'],
      ['appendfsync', 'everysec'],
      ['save', ''],
    ] as const)
      assert.deepEqual(await run('CONFIG', 'GET', name), [name, value]);
    assert.equal((await stat(paths.redisDir)).mode & 0o777, 0o700);
    assert.equal((await stat(paths.redisSocket)).mode & 0o777, 0o600);
  });

  for (const name of ['a*b', 'what?', '[brackets]', 'quote"\'s \\ and $(id)', '-'])
    it(`starts with its own configuration in a home named ${name}`, async () => {
      paths = new TacoPaths({ TACO_HOME: join(home, name) }, home);
      await ensure();
      assert.deepEqual(await run('CONFIG', 'GET', 'port'), ['port', '0']);
      assert.deepEqual(await run('CONFIG', 'GET', 'dir'), ['dir', paths.redisDir]);
    });

  it('starts once when many processes need it at the same time', async () => {
    const logger = recordingLogger();
    await Promise.all(Array.from({ length: 8 }, () => ensure({ logger })));
    assert.equal(logger.lines.filter(({ event }) => event === 'redis.started').length, 1);
    const first = await pid();
    await ensure();
    assert.equal(await pid(), first);
  });

  it('keeps acknowledged data when it is killed, and the next call starts it again', async () => {
    await ensure();
    await run('SET', 'kept', 'yes');
    const first = await pid();
    process.kill(first, 'SIGKILL');
    await ensure();
    assert.equal(await run('GET', 'kept'), 'yes');
    assert.notEqual(await pid(), first);
  });

  it('ends before a new start when its socket is gone and it still writes its file', async () => {
    await ensure();
    await run('SET', 'kept', 'yes');
    const first = await pid();
    await rm(paths.redisSocket);
    await ensure();
    assert.equal(isRunning(first), false);
    assert.equal(await run('GET', 'kept'), 'yes');
  });

  it('never starts a second time while it runs and does not answer', async () => {
    await ensure();
    const first = await pid();
    process.kill(first, 'SIGSTOP');
    try {
      await assert.rejects(ensure({ timeoutMs: 500 }), (e) => isTacoError(e, 'redis-unreachable'));
      assert.equal(await pid(), first);
    } finally {
      process.kill(first, 'SIGCONT');
    }
    await ensure();
    assert.equal(await pid(), first);
  }).timeout(15_000);

  it('continues to load a long file, and is ready for a later call', async () => {
    await ensure();
    await run('EVAL', 'for n = 1, 8000 do redis.call("SET", "key " .. n, "kept") end', '0');
    process.kill(await pid(), 'SIGKILL');
    const slow = join(home, 'redis-server-slow');
    // While loading it checks for clients once in 1,024 commands.
    await writeFile(slow, '#!/bin/sh\nexec redis-server "$@" --key-load-delay 200\n', { mode: 0o755 });
    await assert.rejects(
      ensure({ binaries: [slow], timeoutMs: 200 }),
      (e) => isTacoError(e, 'redis-unreachable') && /is still loading its data/.test(e.message),
    );
    const first = await pid();
    await ensure();
    assert.equal(await pid(), first, 'neither killed nor doubled');
    assert.equal(await run('GET', 'key 8000'), 'kept');
  }).timeout(15_000);

  it('stops on request', async () => {
    await ensure();
    const first = await pid();
    await stopRedis(paths);
    assert.equal(isRunning(first), false);
    await stopRedis(paths);
  });

  it('does not stop another process that has the id of a dead server', async () => {
    await mkdir(paths.redisDir, { recursive: true });
    await writeFile(join(paths.redisDir, 'redis.pid'), String(process.pid));
    await stopRedis(paths);
  });

  it('uses a short folder when the home path is too long for a socket', async () => {
    const deep = join(home, 'x'.repeat(120));
    const deepPaths = new TacoPaths({ TACO_HOME: deep }, deep);
    try {
      await ensure({ paths: deepPaths });
      assert.equal((await stat(dirname(deepPaths.redisSocket))).mode & 0o777, 0o700);
    } finally {
      await removeRedisFiles(deepPaths);
    }
  });

  it('uses the second executable when the first is missing, and reports when both are', async () => {
    await ensure({ binaries: ['no-such-redis', 'redis-server'] });
    await stopRedis(paths);
    await assert.rejects(
      ensure({ binaries: ['no-such-redis'] }),
      (e) => isTacoError(e, 'redis-missing') && /apt-get install/.test(e.hint),
    );
    await assert.rejects(ensure({ env: { PATH: '/nonexistent' } }), (e) => isTacoError(e, 'redis-missing'));
  });

  it('is a Valkey server where only that is installed', async () => {
    const bin = join(home, 'bin');
    await mkdir(bin);
    const installed = await findExecutable('valkey-server', process.env['PATH'] ?? '');
    // Without a Valkey a redis-server runs under its name: finding, starting, recognising and stopping are the same.
    await symlink(
      installed ?? (await findExecutable('redis-server', process.env['PATH'] ?? '')) ?? '',
      join(bin, 'valkey-server'),
    );
    const logger = recordingLogger();
    await ensure({ logger, env: { PATH: bin } });
    assert.deepEqual(
      logger.lines.map(({ event, fields }) => [event, fields['binary']]),
      [['redis.started', 'valkey-server']],
    );
    const first = await pid();
    await rm(paths.redisSocket);
    await ensure({ env: { PATH: bin } });
    assert.equal(isRunning(first), false, 'recognised as ours and ended first');
    await stopRedis(paths);
  });

  it('reports why it did not start, and leaves no process behind', async () => {
    await mkdir(join(paths.redisDir, 'appendonlydir'), { recursive: true });
    await writeFile(join(paths.redisDir, 'appendonlydir', 'appendonly.aof.manifest'), 'rubbish');
    await assert.rejects(ensure({ timeoutMs: 3000 }), (e) => isTacoError(e, 'redis-failed') && /AOF/i.test(e.message));
  });

  it('is not needed when a URL is set', async () => {
    const other = await mkdtemp(join(tmpdir(), 'taco-other-'));
    const otherPaths = new TacoPaths({ TACO_HOME: other }, other);
    try {
      await ensure({ paths: otherPaths });
      const endpoint = await ensure({ url: `unix://${otherPaths.redisSocket}` });
      assert.equal(endpoint.socket, otherPaths.redisSocket);
      assert.equal(await pidOf(paths), null);
    } finally {
      await removeRedisFiles(otherPaths);
      await rm(other, { recursive: true, force: true });
    }
  });

  it('never silently replaces a URL that does not answer', async () => {
    await assert.rejects(
      ensure({ url: 'redis://:hush@127.0.0.1:1', timeoutMs: 200 }),
      (e) => isTacoError(e, 'redis-unreachable') && !/hush/.test(e.message),
    );
    assert.equal(await pidOf(paths), null);
    const httpServer = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
    const { port } = httpServer.address() as { port: number };
    await assert.rejects(ensure({ url: `redis://127.0.0.1:${port}`, timeoutMs: 200 }), (e) =>
      isTacoError(e, 'redis-unreachable'),
    );
    httpServer.close();
  });

  it('reports a wrong password', async () => {
    await ensure();
    await run('CONFIG', 'SET', 'requirepass', 'right');
    const url = (password: string): string => `unix://:${password}@${paths.redisSocket}`;
    await ensure({ url: url('right') });
    await assert.rejects(
      ensure({ url: url('hush') }),
      (e) => isTacoError(e, 'redis-failed') && /WRONGPASS/.test(e.message) && !/hush/.test(e.message),
    );
  });
});

describe('withFileLock', () => {
  it('admits one process at a time, and takes the lock of a dead one', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'taco-lock-'));
    try {
      const path = join(dir, 'lock');
      await writeFile(path, '999999999');
      let inside = 0;
      let peak = 0;
      await Promise.all(
        Array.from({ length: 10 }, () =>
          withFileLock(path, 10_000, async () => {
            peak = Math.max(peak, ++inside);
            await new Promise((resolve) => setTimeout(resolve, 5));
            inside--;
          }),
        ),
      );
      assert.equal(peak, 1);
      assert.deepEqual(await readdir(dir), []);
      await writeFile(path, String(process.pid));
      await assert.rejects(
        withFileLock(path, 50, async () => undefined),
        (e) => isTacoError(e, 'timeout'),
      );
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
