import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Logger } from '../../src/core/base/logger';
import { TacoPaths } from '../../src/core/programs/paths';
import { RedisConnection } from '../../src/redis/client/connection';
import type { RedisEndpoint } from '../../src/redis/client/endpoint';
import { Keys } from '../../src/redis/client/keys';
import { isRunning, waitForExit } from '../../src/redis/server/processes';
import { ensureRedis, pidOf, stopRedis } from '../../src/redis/server/redisServer';
import { silentLogger } from './loggers';
import { waitUntil } from './waitUntil';

/** Time limit for a Redis that runs to answer, milliseconds. */
export const READY_MS = 60_000;

/** The test's own real Redis: private folder, unix socket, started and supervised as TACO does it. */
export interface TestRedis {
  /** TACO_HOME of this Redis. */
  readonly paths: TacoPaths;
  readonly endpoint: RedisEndpoint;
  /** Keys of a project that no other test uses. */
  newKeys(): Keys;
  /** A connection that `close` disposes; with `revive` it restarts a killed server. */
  connect(options?: { restart?: boolean; logger?: Logger }): Promise<RedisConnection>;
  /** Kills the server with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same file. */
  restart(): Promise<void>;
  /** Sends a signal such as SIGSTOP to the server. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Ends everything and removes the folder. */
  close(): Promise<void>;
}

export async function startTestRedis(): Promise<TestRedis> {
  const home = await mkdtemp(join(tmpdir(), 'taco-redis-'));
  const paths = new TacoPaths({ TACO_HOME: home }, home);
  const start = (): Promise<RedisEndpoint> => ensureRedis({ paths, logger: silentLogger, env: process.env });
  const endpoint = await start();
  const connections: RedisConnection[] = [];
  // After a kill the file names the dead server until another process has started a new one.
  const serverPid = (): Promise<number> =>
    waitUntil(
      async () => {
        const pid = await pidOf(paths);
        return pid !== null && isRunning(pid) ? pid : null;
      },
      15_000,
      'a running test Redis',
    );
  return {
    paths,
    endpoint,
    newKeys: () => new Keys(randomBytes(6).toString('hex')),
    connect: async ({ restart = false, logger = silentLogger } = {}) => {
      const connection = new RedisConnection({ endpoint, logger, restart: restart ? start : undefined });
      connections.push(connection);
      await connection.ready(READY_MS);
      return connection;
    },
    kill: async () => {
      const pid = await serverPid();
      process.kill(pid, 'SIGKILL');
      await waitForExit(pid, READY_MS);
    },
    restart: async () => void (await start()),
    signal: async (signal) => void process.kill(await serverPid(), signal),
    close: async () => {
      for (const connection of connections) connection.dispose();
      await stopRedis(paths);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Removes all files of TACO's own Redis; only for a folder that nothing uses any more. */
export async function removeRedisFiles(paths: TacoPaths): Promise<void> {
  await stopRedis(paths);
  await rm(paths.redisDir, { recursive: true, force: true });
  if (dirname(paths.redisSocket) !== paths.redisDir)
    await rm(dirname(paths.redisSocket), { recursive: true, force: true });
}
