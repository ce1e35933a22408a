/** The versions of agent CLIs, by executable: a known executable costs no start of the CLI. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { TacoPaths } from '../../core/programs/paths';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { versionOf } from './executables';
import { findCommand, type ProgramCommand } from './programCommand';

const entrySchema = z.object({
  /** The inode, size and time of change: one of them changes whenever the executable is installed again. */
  stamp: z.string(),
  version: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
});
const cacheSchema = z.record(z.string(), entrySchema);

/** A script may start another version without a change of its own, so an entry counts for a day. */
const MAX_AGE_MS = 86_400_000;

/** Returns the version as the CLI prints it, from the cache when its executable did not change; null when it cannot run. */
export async function cachedVersionOf(
  paths: TacoPaths,
  command: ProgramCommand,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const found = findCommand(command, env['PATH'] ?? '');
  if (!found) return null;
  const file = join(paths.home, 'cli-versions.json');
  const executable = await realpath(found.command);
  const { ino, size, ctimeMs } = await stat(executable);
  const stamp = `${ino} ${size} ${ctimeMs}`;
  const key = [executable, ...command.args].join(' ');
  const cache = await read(file);
  const entry = cache[key];
  if (entry?.stamp === stamp && Date.now() - entry.at < MAX_AGE_MS) return entry.version;
  const version = await versionOf(found.command, env, command.args);
  if (version !== null) {
    const next = { ...(await read(file)), [key]: { stamp, version, at: Date.now() } };
    await writeFileAtomic(file, `${JSON.stringify(next, null, 2)}\n`);
  }
  return version;
}

/** Reads the cache; a damaged file counts as empty. */
async function read(file: string): Promise<z.infer<typeof cacheSchema>> {
  try {
    return cacheSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}
