/**
 * Checks whether a team's programs are installed and new enough. `taco doctor` and *Run Doctor* present the results.
 */
import { isTacoError, type TacoError, toTacoError } from '../../core/errors/tacoError';
import type { CommandPlace } from '../../core/programs/commandLine';
import { connectLight } from '../../redis/client/connectLight';
import { parseEndpoint } from '../../redis/client/endpoint';
import { whyNoWrites, type RedisCaller } from '../../redis/client/redisCommands';
import { checkTmux } from '../../tmux/client/runTmux';
import { outputOf, versionOf } from './executables';
import { findCommand, parseCommand } from './programCommand';

/**
 * Oldest Redis with all features that TACO uses. Valkey's own versions are newer; it also reports a compatible Redis
 * version.
 */
export const OLDEST_REDIS = '6.2';

const REDIS_SERVERS = ['redis-server', 'valkey-server'] as const;
const REDIS_MS = 1500;

export interface ToolCheck {
  readonly state: 'here' | 'missing' | 'too-old' | 'failed';
  /** Version, if the program reports one. */
  readonly version: string;
  /** The executable, or the address of a Redis whose URL is set. */
  readonly where: string;
  /** The error of a failed check. */
  readonly error: TacoError | null;
  /** Why it takes no writes now, in its own words. */
  readonly noWrites?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const result = (state: ToolCheck['state'], where: string, version = '', error: TacoError | null = null): ToolCheck => ({
  state,
  version,
  where,
  error,
});

export async function checkTmuxVersion(command: string, env: Env): Promise<ToolCheck> {
  try {
    return result('here', command, await checkTmux(command, env));
  } catch (error) {
    if (isTacoError(error, 'tmux-missing')) return result('missing', command);
    if (isTacoError(error, 'tmux-too-old'))
      return result('too-old', command, (await outputOf(command, ['-V'], env)).trim().replace(/^tmux /, ''));
    return result('failed', command, '', toTacoError(error));
  }
}

/** A Redis whose URL is set must answer; one of TACO's own need only be installed. @param socket socket of TACO's own server: its refusal of writes is reported too */
export function checkRedis(url: string | undefined, env: Env, socket?: string): Promise<ToolCheck> {
  return url === undefined ? localRedis(env, socket) : remoteRedis(url);
}

/** Checks git, which only worktrees and the changes of agents need. */
export async function checkGit(env: Env): Promise<ToolCheck> {
  const found = await checkProgram('git', env);
  return { ...found, version: found.version.replace(/^git version /, '') };
}

async function checkProgram(command: string, env: Env): Promise<ToolCheck> {
  const version = await versionOf(command, env);
  return version === null ? result('missing', command) : result('here', command, version);
}

/** Checks the agents' command, as the user wrote it, by asking for its version. */
export async function checkAgentCommand(text: string, place: CommandPlace): Promise<ToolCheck> {
  try {
    const { command, args } = parseCommand(text, place);
    const version = await versionOf(command, place.env, args);
    return version === null ? result('missing', text) : result('here', text, version);
  } catch (error) {
    return result('failed', text, '', toTacoError(error));
  }
}

/** Does the same as `checkAgentCommand` without starting it: some agent CLIs take seconds to print their version. */
export function findAgentCommand(text: string, place: CommandPlace): ToolCheck {
  try {
    const found = findCommand(parseCommand(text, place), place.env['PATH'] ?? '');
    return found === null ? result('missing', text) : result('here', found.command);
  } catch (error) {
    return result('failed', text, '', toTacoError(error));
  }
}

/** The first that is there is the one that TACO would start, so its version counts. */
async function localRedis(env: Env, socket?: string): Promise<ToolCheck> {
  for (const server of REDIS_SERVERS) {
    const printed = await versionOf(server, env);
    if (printed === null) continue;
    const version = /v=(\S+)/.exec(printed)?.[1] ?? printed;
    const running = socket === undefined ? null : await remoteRedis(socket);
    const { noWrites } = running ?? {};
    return {
      ...result(isOld(version) ? 'too-old' : 'here', server, version),
      ...(noWrites === undefined ? {} : { noWrites }),
    };
  }
  return result('missing', REDIS_SERVERS.join(', '));
}

async function remoteRedis(url: string): Promise<ToolCheck> {
  let where = '';
  try {
    const endpoint = parseEndpoint(url);
    where = endpoint.label;
    const client = await connectLight(endpoint, { connectTimeoutMs: REDIS_MS, commandTimeoutMs: REDIS_MS });
    try {
      const version = /redis_version:(\S+)/.exec(String(await client.call('INFO', 'server')))?.[1] ?? '';
      const noWrites = await whyNoWritesTo(client);
      return {
        ...result(isOld(version) ? 'too-old' : 'here', where, version),
        ...(noWrites === null ? {} : { noWrites }),
      };
    } finally {
      client.dispose();
    }
  } catch (error) {
    return result('failed', where, '', toTacoError(error));
  }
}

/** A PING is refused as a write is while the disk is full; of a replica its role says it. */
async function whyNoWritesTo(redis: RedisCaller): Promise<string | null> {
  try {
    await redis.call('PING');
    return /^role:slave/m.test(String(await redis.call('INFO', 'replication'))) ? 'READONLY: it is a replica' : null;
  } catch (error) {
    return whyNoWrites(error);
  }
}

/** A program that names no version does not count as old. */
function isOld(version: string): boolean {
  const [major, minor] = (/^(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_REDIS.split('.').map(Number) as [number, number];
  return (
    major !== undefined &&
    minor !== undefined &&
    (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
  );
}
