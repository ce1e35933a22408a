import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, lstat, mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { sharedEnvironment } from '../../core/programs/environment';
import type { TacoPaths } from '../../core/programs/paths';
import { connectLight } from '../client/connectLight';
import { parseEndpoint, socketEndpoint, type RedisEndpoint } from '../client/endpoint';
import type { LightRedis } from '../client/lightClient';
import { replyCode } from '../client/redisCommands';
import { withFileLock } from './fileLock';
import { findRedisServer, isRedisProcess, isRunning, waitForExit } from './processes';

export interface EnsureRedisOptions {
  /** The user's own Redis as `redis://…`, `rediss://…` or a socket path; undefined for TACO's own. */
  readonly url?: string | undefined;
  readonly paths: TacoPaths;
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Server executables, tried in order. */
  readonly binaries?: readonly string[];
  /** Milliseconds until the server must answer; it may have to load a long file. */
  readonly timeoutMs?: number;
}

const BINARIES: readonly string[] = ['redis-server', 'valkey-server'];
const START_TIMEOUT_MS = 10_000;
const URL_TIMEOUT_MS = 3000;
/** Time that a leader has to save the content of a server whose socket was deleted (redisRescue.ts), milliseconds. */
const RESCUE_MS = 5000;

type Answer = 'pong' | 'loading' | 'silent' | 'nobody';

/**
 * Returns the configured Redis, or TACO's own, which it starts when none runs. TACO's own server is detached: agents
 * can still send after the process that started it has ended. Throws TacoError redis-unreachable, redis-missing,
 * redis-failed.
 */
export async function ensureRedis(options: EnsureRedisOptions): Promise<RedisEndpoint> {
  const timeoutMs = options.timeoutMs ?? START_TIMEOUT_MS;
  if (options.url) {
    const endpoint = parseEndpoint(options.url);
    await waitForPong(endpoint, options.timeoutMs ?? URL_TIMEOUT_MS, () => false);
    return endpoint;
  }
  const { paths, logger } = options;
  const endpoint = socketEndpoint(paths.redisSocket);
  const answer = await ask(endpoint);
  if (answer === 'pong') return endpoint;
  if (answer === 'nobody' && (await serverOf(paths)) !== null && (await answersWithin(endpoint, RESCUE_MS)))
    return endpoint;
  await whileOnlyStarter(paths, timeoutMs, async () => {
    const answer = await ask(endpoint);
    if (answer === 'pong') return;
    if (answer !== 'nobody') return await waitForPong(endpoint, timeoutMs, () => false);
    await endLeftover(paths, logger);
    await startServer(options);
  });
  return endpoint;
}

/**
 * Makes the folders of TACO's own Redis, and runs `work` while no other process can start one. A second server would
 * silently take over the live socket and write into the first one's file.
 */
export async function whileOnlyStarter<T>(
  paths: TacoPaths,
  timeoutMs: number | undefined,
  work: () => Promise<T>,
): Promise<T> {
  await privateFolder(paths.redisDir);
  await privateFolder(dirname(paths.redisSocket));
  return await withFileLock(join(paths.redisDir, 'start.lock'), (timeoutMs ?? START_TIMEOUT_MS) * 2, work);
}

/** Stops TACO's own Redis, if it runs; all its data is on disk. */
export async function stopRedis(paths: TacoPaths): Promise<void> {
  const pid = await serverOf(paths);
  if (pid === null) return;
  process.kill(pid, 'SIGTERM');
  if (!(await waitForExit(pid, START_TIMEOUT_MS))) throw errors.redisFailed('stop', `process ${pid} does not end`);
}

/** Returns the process id of TACO's own Redis; null when none was started. */
export async function pidOf(paths: TacoPaths): Promise<number | null> {
  try {
    const pid = Number((await readFile(pidFile(paths), 'utf8')).trim());
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** Returns the process id of TACO's own Redis if it runs, also when its files were deleted. */
async function serverOf(paths: TacoPaths): Promise<number | null> {
  const pid = await pidOf(paths);
  if (pid !== null && isRunning(pid) && (await isRedisProcess(pid, [paths.redisSocket, paths.redisDir]))) return pid;
  return await findRedisServer(paths.redisSocket, paths.redisDir);
}

/** Starts TACO's own server on what is in its folder. Call it only while `whileOnlyStarter` holds, and none runs. */
export async function startServer({
  paths,
  logger,
  env,
  binaries = BINARIES,
  timeoutMs = START_TIMEOUT_MS,
}: EnsureRedisOptions): Promise<void> {
  const endpoint = socketEndpoint(paths.redisSocket);
  for (const binary of binaries) {
    const server = await spawnDetached(binary, paths, env);
    if (server === null) continue;
    const runs = (): boolean => server.exitCode === null && server.signalCode === null;
    logger.info('redis.started', { binary, pid: server.pid, socket: endpoint.label });
    try {
      await waitForPong(endpoint, timeoutMs, () => !runs());
    } catch (error) {
      if ((await ask(endpoint)) === 'loading') throw error; // it loads a long file; a later call may succeed
      if (runs()) server.kill('SIGKILL'); // leave no server behind that nothing can reach
      throw errors.redisFailed('start', await whyItEnded(paths, error), error);
    }
    return;
  }
  throw errors.redisMissing();
}

/** Ends a server whose socket was deleted, before another one may use its file. */
export async function endLeftover(paths: TacoPaths, logger: Logger): Promise<void> {
  const pid = await serverOf(paths);
  if (pid === null) return;
  logger.warn('redis.leftover', { pid });
  process.kill(pid, 'SIGTERM');
  if (!(await waitForExit(pid, START_TIMEOUT_MS))) throw errors.redisUnreachable(paths.redisSocket);
}

async function answersWithin(endpoint: RedisEndpoint, timeoutMs: number): Promise<boolean> {
  return await waitForPong(endpoint, timeoutMs, () => false).then(
    () => true,
    () => false,
  );
}

async function waitForPong(endpoint: RedisEndpoint, timeoutMs: number, isOver: () => boolean): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    const answer = await ask(endpoint, (error) => (cause = error));
    if (answer === 'pong') return;
    // `loading` proves that the server runs: it reads its file.
    if (isOver() || (Date.now() >= deadline && answer !== 'loading') || Date.now() >= deadline + timeoutMs) {
      throw answer === 'loading' ? errors.redisLoading(endpoint.label) : errors.redisUnreachable(endpoint.label, cause);
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Pings Redis. Throws only when Redis refuses the password. */
async function ask(endpoint: RedisEndpoint, onError: (error: unknown) => void = () => undefined): Promise<Answer> {
  let client: LightRedis | null = null;
  try {
    client = await connectLight(endpoint, { connectTimeoutMs: 1500, commandTimeoutMs: 1500 });
    await client.call('PING');
    return 'pong';
  } catch (error) {
    onError(error);
    const code = replyCode(error);
    if (code === 'LOADING') return 'loading';
    if (code === 'MISCONF') return 'pong'; // no disk space: writes fail for now, but the server runs
    if (isTacoError(error, 'redis-failed')) throw error;
    const errno = (error as { cause?: NodeJS.ErrnoException }).cause?.code;
    return errno === 'ENOENT' || errno === 'ECONNREFUSED' ? 'nobody' : 'silent';
  } finally {
    client?.dispose();
  }
}

function configOf(paths: TacoPaths): string {
  return [
    'port 0',
    'unixsocketperm 600',
    `dir ${quoted(paths.redisDir)}`,
    `pidfile ${quoted(pidFile(paths))}`,
    `logfile ${quoted(logFile(paths))}`,
    'appendonly yes',
    // A power failure loses at most the last second; killing Redis loses nothing.
    'appendfsync everysec',
    // Rewritten once it has doubled, and small enough to be read at once after a reboot.
    'auto-aof-rewrite-percentage 100',
    'auto-aof-rewrite-min-size 8mb',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** Quotes one word for the configuration file of Redis. */
function quoted(text: string): string {
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replace(/[\x00-\x1f\x7f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${escaped}"`;
}

function pidFile(paths: TacoPaths): string {
  return join(paths.redisDir, 'redis.pid');
}

function logFile(paths: TacoPaths): string {
  return join(paths.redisDir, 'redis.log');
}

/**
 * Starts a detached server, which reads its configuration from standard input: Redis takes the path of a file for a
 * pattern, and starts without any configuration, open to the network, when nothing matches it. Resolves with null
 * when the executable does not exist.
 */
function spawnDetached(
  binary: string,
  paths: TacoPaths,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ChildProcess | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, ['-', '--unixsocket', paths.redisSocket], {
      cwd: paths.redisDir,
      env: sharedEnvironment(env),
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // The socket is an argument: it must stay in the command line, by which the server is recognised.
    // A server that ends at once does not read it; why it ended is in its log.
    child.stdin.on('error', () => undefined);
    child.stdin.end(configOf(paths));
    child.once('spawn', () => {
      child.unref();
      resolve(child);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(null);
      else reject(errors.redisFailed('start', errorMessage(error), error));
    });
  });
}

/**
 * Creates a folder that only this user can enter. In a shared location it may exist already and must then belong to
 * this user.
 */
async function privateFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const stat = await lstat(dir);
  const uid = process.getuid?.();
  if (!stat.isDirectory() || (uid !== undefined && stat.uid !== uid)) {
    throw errors.redisFailed('start', `${dir} belongs to another user`);
  }
  if ((stat.mode & 0o077) !== 0) await chmod(dir, 0o700);
}

async function whyItEnded(paths: TacoPaths, error: unknown): Promise<string> {
  const log = await tailOf(logFile(paths));
  return log || errorMessage(error);
}

async function tailOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.min(size, 4096);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8').trim().split('\n').slice(-3).join(' / ');
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
