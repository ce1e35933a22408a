import { createHash } from 'node:crypto';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError, TacoError } from '../../core/errors/tacoError';
import { RedisReplyError } from './resp';

export type RedisArgument = string | number;

/**
 * Sends one command and returns its reply (RESP2: strings, numbers, null, arrays of them). Throws TacoError
 * redis-failed for an error reply and redis-unreachable when there is no reply. After the latter the command may or may
 * not have run, so only idempotent commands may be repeated.
 */
export interface RedisCaller {
  call(command: string, ...args: RedisArgument[]): Promise<unknown>;
}

/** A Lua script and its digest. `name` is for error messages. */
export interface RedisScript {
  readonly name: string;
  readonly source: string;
  readonly sha: string;
}

/** Defines a script. `lib` is the code that scripts share; it precedes `source`. */
export function defineScript(name: string, lib: string, source: string): RedisScript {
  const whole = `${lib}\n${source}`;
  return { name, source: whole, sha: createHash('sha1').update(whole).digest('hex') };
}

/** Runs a script by its digest; sends its text only to a server that does not know it. */
export async function runScript(
  caller: RedisCaller,
  { sha, source }: RedisScript,
  keys: readonly string[],
  args: readonly RedisArgument[],
): Promise<unknown> {
  try {
    return await caller.call('EVALSHA', sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (replyCode(error) !== 'NOSCRIPT') throw error;
    return await caller.call('EVAL', source, keys.length, ...keys, ...args);
  }
}

/** Returns the first word of a Redis error reply (`MISCONF`, `LOADING`, …); empty for any other error. */
export function replyCode(error: unknown): string {
  if (!isTacoError(error, 'redis-failed')) return '';
  const words = errorMessage(error.cause);
  // Redis 6 puts what went wrong in a script behind words of its own.
  if (/-READONLY /.test(words)) return 'READONLY';
  return /^[A-Z]+/.exec(words)?.[0] ?? '';
}

const PASSING = new Set([
  'LOADING',
  'MISCONF',
  'OOM',
  'BUSY',
  'TRYAGAIN',
  'MASTERDOWN',
  'READONLY',
  'CLUSTERDOWN',
  'NOREPLICAS',
]);

/**
 * Returns true for a temporary failure: Redis is unreachable, loads its file, has no disk space … The caller may wait
 * or spool.
 */
export function isTransient(error: unknown): boolean {
  return isTacoError(error, 'redis-unreachable') || PASSING.has(replyCode(error));
}

const WRITES_FAIL = new Set(['MISCONF', 'OOM', 'READONLY', 'NOREPLICAS']);

/** Returns Redis's own sentence on why it takes no writes; null for any other error. */
export function whyNoWrites(error: unknown): string | null {
  return WRITES_FAIL.has(replyCode(error))
    ? errorMessage((error as TacoError).cause).replace(/^ERR .*?-READONLY/, 'READONLY')
    : null;
}

/** Why a command was not sent: there was no connection. */
export class NotSentError extends Error {}

/** True when it is unknown whether the command was carried out. */
export function isUnsure(error: unknown): boolean {
  return isTacoError(error, 'redis-unreachable') && !(error.cause instanceof NotSentError);
}

/** Any error of a Redis client as a TacoError. */
export function toRedisError(error: unknown, command: string, label: string): TacoError {
  if (error instanceof TacoError) return error;
  if (error instanceof RedisReplyError) return errors.redisFailed(`run ${command}`, error.message, error);
  return errors.redisUnreachable(label, error);
}

/** Converts a flat `[field, value, …]` reply to an object. */
export function toHash(reply: unknown): Record<string, string> {
  const hash: Record<string, string> = {};
  if (!Array.isArray(reply)) return hash;
  for (let i = 0; i + 1 < reply.length; i += 2) hash[String(reply[i])] = String(reply[i + 1]);
  return hash;
}

/** One entry of a stream. */
export interface StreamEntry {
  readonly id: string;
  /** Null for a pending entry that was deleted from the stream. */
  readonly fields: Record<string, string> | null;
}

/** Returns the entries of an XRANGE-like reply. */
export function toEntries(reply: unknown): StreamEntry[] {
  if (!Array.isArray(reply)) return [];
  return (reply as unknown[])
    .filter(Array.isArray)
    .map(([id, fields]: unknown[]) => ({ id: String(id), fields: Array.isArray(fields) ? toHash(fields) : null }));
}
