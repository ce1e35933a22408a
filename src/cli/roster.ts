/** Who is there, as `taco send` needs it: read from Redis, and kept on disk for the time Redis is away. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Keys } from '../core/keys';
import type { TacoPaths } from '../core/paths';
import type { Roster } from '../core/recipients';
import type { RedisCaller } from '../redis/caller';

export function rosterFile(paths: TacoPaths, projectId: string): string {
  return join(paths.projectDir(projectId), 'roster.json');
}

/** Two round trips, whatever the number of agents. */
export async function rosterFromRedis(redis: RedisCaller, keys: Keys, tmuxSession: string): Promise<Roster> {
  const windows = await redis.call('SMEMBERS', keys.agentWindows);
  if (!Array.isArray(windows)) return { tmuxSession, agents: [] };
  const numbers = windows.map(Number).filter((window) => Number.isInteger(window)).sort((a, b) => a - b);
  const found = await Promise.all(numbers.map((window) => redis.call('HMGET', keys.agent(window), 'name', 'host')));
  const agents = numbers.flatMap((window, i) => {
    const [name, host] = found[i] as (string | null)[];
    return typeof name === 'string' ? [{ window, name, ...(host ? { host } : {}) }] : [];
  });
  return { tmuxSession, agents };
}

/** Keeps the roster, if it changed. Never throws: a message is not refused because its roster could not be kept. */
export async function writeRoster(file: string, roster: Roster): Promise<void> {
  const text = JSON.stringify(roster);
  try {
    if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, file);
  } catch {
    // A full or read-only disk: the spool would say so itself.
  }
}

/** The roster that was kept; null when there is none that can be believed. */
export async function readRoster(file: string): Promise<Roster | null> {
  try {
    const { tmuxSession, agents } = JSON.parse(await readFile(file, 'utf8')) as Partial<Roster>;
    if (typeof tmuxSession !== 'string' || !Array.isArray(agents)) return null;
    const good = agents.filter(({ window, name }: Roster['agents'][number]) => Number.isInteger(window) && typeof name === 'string');
    return { tmuxSession, agents: good };
  } catch {
    return null;
  }
}
