/** Saves the content of TACO's own Redis after its folder, or its socket alone, was deleted while it ran. */
import { existsSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../../core/errors/tacoError';
import type { TacoPaths } from '../../core/programs/paths';
import type { ExclusiveConnection, RedisConnection } from '../client/connection';
import { endLeftover, startServer, whileOnlyStarter, type EnsureRedisOptions } from './redisServer';

/** The old server takes no write for this long, milliseconds; it ends long before. */
const PAUSE_MS = 20_000;
const KEYS_AT_ONCE = 500;

/**
 * Moves the content of the running server into a new one in the same place: nobody can connect to the old one any
 * more, and its append-only file is gone. Returns the number of keys; null when the socket is back, because another
 * process has done it. The content is on disk before the old server ends, and no write is lost: the old server takes
 * none meanwhile, and its clients repeat theirs. `connection` was made before the deletion; no new one can be made.
 * Throws TacoError redis-unreachable, redis-failed, redis-missing.
 */
export async function rescueRedis(
  options: EnsureRedisOptions,
  connection: Pick<RedisConnection, 'exclusively'>,
): Promise<number | null> {
  return await whileOnlyStarter(options.paths, options.timeoutMs, () =>
    connection.exclusively((redis) => moveContent(options, redis)),
  );
}

async function moveContent(options: EnsureRedisOptions, redis: ExclusiveConnection): Promise<number | null> {
  const { paths, logger } = options;
  if (existsSync(paths.redisSocket)) return null;
  await redis.call('CLIENT', 'PAUSE', PAUSE_MS, 'WRITE');
  let keys: number;
  try {
    keys = await save(paths, redis);
  } catch (error) {
    await redis.call('CLIENT', 'UNPAUSE').catch(() => undefined);
    throw error;
  }
  await endLeftover(paths, logger);
  // The folder of append-only files would be read in place of the file that was written just now.
  await rm(join(paths.redisDir, 'appendonlydir'), { recursive: true, force: true });
  await startServer(options);
  logger.warn('redis.rescued', { keys });
  return keys;
}

/** Writes every key into an append-only file, which each version of Redis and Valkey reads when it has no newer one. */
async function save(paths: TacoPaths, redis: ExclusiveConnection): Promise<number> {
  const path = join(paths.redisDir, 'appendonly.aof');
  const draft = `${path}.${process.pid}`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.write(command('SELECT', '0'));
    const count = await writeKeys(file, redis);
    await file.sync();
    await rename(draft, path);
    return count;
  } catch (error) {
    await rm(draft, { force: true });
    throw new Error(`The content of Redis cannot be saved: ${errorMessage(error)}`, { cause: error });
  } finally {
    await file.close();
  }
}

async function writeKeys(file: FileHandle, redis: ExclusiveConnection): Promise<number> {
  const written = new Set<string>();
  let cursor = '0';
  do {
    const [next, names] = (await redis.call('SCAN', cursor, 'COUNT', KEYS_AT_ONCE)) as [string, string[]];
    cursor = next;
    const fresh = names.filter((name) => !written.has(name)); // SCAN may return a key twice
    const replies = await redis.pipelineOfBytes(
      fresh.flatMap((name) => [['PTTL', name] as const, ['DUMP', name] as const]),
    );
    for (const [at, name] of fresh.entries()) {
      const [ttl, bytes] = [Number(replies[2 * at]), replies[2 * at + 1]];
      if (!(bytes instanceof Buffer)) continue; // it has expired since
      written.add(name);
      // As a time of its own: the file may be read later.
      await file.write(command('RESTORE', name, String(ttl < 0 ? 0 : Date.now() + ttl), bytes, 'ABSTTL'));
    }
  } while (cursor !== '0');
  return written.size;
}

/** One command in the protocol of Redis, which is also the language of its append-only file. */
function command(...words: readonly (string | Buffer)[]): Buffer {
  const parts = words.map((word) => (typeof word === 'string' ? Buffer.from(word) : word));
  return Buffer.concat([
    Buffer.from(`*${parts.length}\r\n`),
    ...parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]),
  ]);
}
