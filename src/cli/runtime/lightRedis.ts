import type { Roster } from '../../core/messages/recipients';
import type { Keys } from '../../redis/client/keys';
import type { RedisCaller } from '../../redis/client/redisCommands';
/** The shared connection code of `taco send` and `taco done`: one short-lived connection, without zod and ioredis. */
import { errors } from '../../core/errors/errors';
import { refusals } from '../../core/team/refusals';
import { connectLight as connect } from '../../redis/client/connectLight';
import { parseEndpoint } from '../../redis/client/endpoint';
import type { LightRedis } from '../../redis/client/lightClient';
import type { CommandContext } from './commandContext';
import type { ProjectPlace } from './findProject';

const CONNECT_MS = 1500;
const COMMAND_MS = 3000;

/**
 * Connects; the connection closes with the command. Throws TacoError redis-unreachable, or redis-failed for a refused
 * password.
 */
export async function connectRedis(context: CommandContext, place: ProjectPlace): Promise<LightRedis> {
  const endpoint = parseEndpoint(place.redisUrl ?? place.paths.redisSocket);
  return context.add(await connect(endpoint, { connectTimeoutMs: CONNECT_MS, commandTimeoutMs: COMMAND_MS }));
}

/**
 * Returns the session's tmux name; a session that failed to start does not count. Throws TacoError no-session,
 * session-starting while it has no name yet, session-stopping.
 */
export async function runningSession(redis: RedisCaller, sessionKey: string, dir: string): Promise<string> {
  const [name, phase] = (await redis.call('HMGET', sessionKey, 'tmux_session', 'phase')) as (string | null)[];
  if (phase === null || phase === 'failed') throw errors.noSession(dir);
  if (!name) throw refusals.sessionStarting();
  if (phase === 'stopping') throw refusals.sessionStopping();
  return name;
}

/** Checks the session of a report to the leader. Throws as `runningSession`, and session-starting, session-lost. */
export async function reportingSession(redis: RedisCaller, sessionKey: string, dir: string): Promise<void> {
  const name = await runningSession(redis, sessionKey, dir);
  const phase = await redis.call('HGET', sessionKey, 'phase');
  if (phase === 'starting') throw refusals.sessionStarting();
  if (phase === 'lost') throw errors.sessionLost(name);
}

/** Reads the roster that `taco send` needs, in two round trips for any number of agents. */
export async function rosterFromRedis(redis: RedisCaller, keys: Keys, tmuxSession: string): Promise<Roster> {
  const windows = await redis.call('SMEMBERS', keys.agentWindows);
  if (!Array.isArray(windows)) return { tmuxSession, agents: [] };
  const numbers = windows
    .map(Number)
    .filter((window) => Number.isInteger(window))
    .sort((a, b) => a - b);
  const found = await Promise.all(numbers.map((window) => redis.call('HMGET', keys.agent(window), 'name', 'host')));
  const agents = numbers.flatMap((window, i) => {
    const [name, host] = found[i] as (string | null)[];
    return typeof name === 'string' ? [{ window, name, ...(host ? { host } : {}) }] : [];
  });
  return { tmuxSession, agents };
}
