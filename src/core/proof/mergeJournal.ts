/** The journal of the merge lane: one file on disk, written before and after each step. */
import * as z from 'zod';

const mergeStepSchema = z.object({
  agent: z.string(),
  window: z.number().int(),
  /** Its branch, without `refs/heads/`. */
  branch: z.string(),
  /** Its worktree. */
  path: z.string(),
  /**
   * - `waiting`, `merging`, `checking`, `moving`: under way.
   * - `merged`: the target has it. `conflict`, `red`: the author has it as a task.
   * - `blocked`: only the user can go on. `skipped`: not begun.
   */
  state: z.enum(['waiting', 'merging', 'checking', 'moving', 'merged', 'conflict', 'red', 'blocked', 'skipped']),
  /** The agent's commit; empty until its step begins, as all that follows. */
  tip: z.string(),
  /** The target's commit before the step, and the ref that keeps it. */
  before: z.string(),
  ref: z.string(),
  /** The commit that was checked, and to which the target moves. */
  result: z.string(),
  /** Files in conflict. */
  files: z.array(z.string()),
  /** Why it was not merged, one sentence. */
  reason: z.string(),
  /** Output of the check of the merged result; empty: none ran. */
  log: z.string(),
  /** True once everybody whom its end concerns was notified; absent in a journal of an older TACO, which did so first. */
  notified: z.boolean().default(true),
});
export type MergeStep = z.infer<typeof mergeStepSchema>;

export const mergeJournalSchema = z.object({
  /** Of the request; ids of messages derive from it. */
  id: z.string(),
  /** Created by the requester, which recognises its own run by it. */
  ticket: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  endedAt: z.number().nullable(),
  /** The user's branch, without `refs/heads/`. */
  target: z.string(),
  method: z.enum(['merge', 'rebase']),
  /** The command that each result must pass; empty: none. */
  check: z.array(z.string()),
  steps: z.array(mergeStepSchema),
  /** Why nothing was begun, one sentence; empty otherwise. */
  problem: z.string(),
});
export type MergeJournal = z.infer<typeof mergeJournalSchema>;

/** Returns a step that has not begun. */
export function newStep(step: Pick<MergeStep, 'agent' | 'window' | 'branch' | 'path'>): MergeStep {
  const begun = { tip: '', before: '', ref: '', result: '', files: [], reason: '', log: '' };
  return { ...step, ...begun, state: 'waiting', notified: false };
}

/** Returns whether the step is over. */
export function isOver({ state }: Pick<MergeStep, 'state'>): boolean {
  return state === 'merged' || state === 'conflict' || state === 'red' || state === 'blocked' || state === 'skipped';
}
