/** Stored probe results of this machine: one file below TACO_HOME, by CLI, its version and the tmux version. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { TacoPaths } from '../../core/programs/paths';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';

const probeSchema = z.object({
  /** Time of `taco doctor --probe`, milliseconds since the epoch. */
  at: z.number(),
  ok: z.boolean(),
  steps: z.array(z.object({ step: z.string(), outcome: z.enum(['ok', 'failed', 'skipped']), detail: z.string() })),
});
export type ProbeRecord = z.infer<typeof probeSchema>;

/**
 * Versions that ran the whole conformance suite with no prompt answered, no false report, and 95 % of the cases as
 * promised. A test compares the list with docs/conformance.md.
 */
export const PROVEN: readonly string[] = [
  'claude 2.1.197 tmux 3.3a',
  'claude 2.1.331 tmux 3.3a',
  'claude 2.1.332 tmux 3.3a',
  'codex 0.169.0 tmux 3.3a',
  'codex 0.171.0 tmux 3.3a',
  'copilot 1.0.102 tmux 3.3a',
  'gemini 0.61.0 tmux 3.3a',
  'opencode 1.18.33 tmux 3.3a',
];

/** Returns a key such as `claude 2.1.331 tmux 3.3a`. */
export function pairOf(cli: string, version: string, tmux: string): string {
  return `${cli} ${/\d+\.[\w.-]+/.exec(version)?.[0] ?? (version || 'unknown')} tmux ${tmux}`;
}

export function isProven(pair: string): boolean {
  return PROVEN.includes(pair);
}

function fileOf(paths: TacoPaths): string {
  return join(paths.home, 'probes.json');
}

/** Reads the results; a damaged file counts as empty. */
export async function readProbes(paths: TacoPaths): Promise<Readonly<Record<string, ProbeRecord>>> {
  try {
    return z
      .record(z.string(), probeSchema)
      .catch({})
      .parse(JSON.parse(await readFile(fileOf(paths), 'utf8')));
  } catch {
    return {};
  }
}

export async function saveProbe(paths: TacoPaths, pair: string, probe: ProbeRecord): Promise<void> {
  const probes = { ...(await readProbes(paths)), [pair]: probe };
  await writeFileAtomic(fileOf(paths), `${JSON.stringify(probes, null, 2)}\n`);
}
