/** The proof of an agent's work. */
import * as z from 'zod';
import type { AgentRecord } from '../agents/agentRecord';
import { specOf } from '../plan/agentSpecs';

/** One run of a check, as it is kept. */
export const evidenceSchema = z.object({
  /** Milliseconds since the epoch, of its start; also its id. */
  at: z.number(),
  /** The commit that was checked; empty outside git. */
  commit: z.string(),
  command: z.array(z.string()),
  /** Null when it was ended by a signal, a time limit or a cancellation, or could not be run. */
  exitCode: z.number().int().nullable(),
  durationMs: z.number(),
  verdict: z.enum(['proven', 'red', 'cancelled']),
  /** Why it is no proof, one sentence; empty for a proof. */
  reason: z.string(),
  /** Absolute path of its whole output. */
  log: z.string(),
  /** Files in the folder that no commit has, after the check. */
  uncommitted: z.array(z.string()),
  /** A git tree with every file of a folder that others change as well; absent in a worktree and outside git. */
  tree: z.string().exactOptional(),
});
export type Evidence = Readonly<z.infer<typeof evidenceSchema>>;

/** Returns the newest evidence of an agent; null when there is none. */
export function evidenceOf({ evidence }: Pick<AgentRecord, 'evidence'>): Evidence | null {
  try {
    return evidenceSchema.safeParse(JSON.parse(evidence || 'null')).data ?? null;
  } catch {
    return null;
  }
}

/**
 * Returns the command that proves an agent's work: its plan's, else the default of the settings; null when there is
 * none.
 */
export function checkOf(record: AgentRecord, standard: readonly string[] = []): readonly string[] | null {
  const check = specOf(record)?.check ?? standard;
  return check.length === 0 ? null : check;
}
