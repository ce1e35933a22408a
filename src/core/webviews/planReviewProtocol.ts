/** What the plan review page and the extension say to each other. What the page says is hostile until parsed here. */
import * as z from 'zod';
import type { PlanReview } from '../models';
import type { LaunchFacts } from '../plan/launchSummary';
import type { DraftAgent } from '../plan/planDraft';

const place = z.int().min(0).max(9999);
const text = z.string().max(64_000);
const fieldSchema = z.enum([
  'window',
  'name',
  'role',
  'task',
  'profile',
  'model',
  'permission_mode',
  'worktree',
  'host',
  'depends_on',
  'wait_for',
  'notifies',
]);
const valueSchema = z.union([text, z.boolean(), z.array(z.string().max(1000)).max(1000).readonly()]);
const editSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('set'), agent: place, field: fieldSchema, was: valueSchema, value: valueSchema }),
  z.object({ kind: z.literal('remove'), agent: place, was: text }),
  z.object({ kind: z.literal('add') }),
]);

/** Plan review page → extension. `revision` names the text that the person saw: an answer to another one is refused. */
export const planMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** `seq` counts the page's edits from 1; the post that holds its effect, or its refusal, names it. */
  z.object({ type: z.literal('edit'), seq: z.int().min(1), edit: editSchema }),
  z.object({ type: z.literal('repair'), revision: z.int(), problem: place, repair: place }),
  z.object({ type: z.literal('approve'), revision: z.int() }),
  z.object({
    type: z.literal('reject'),
    at: z.number(),
    note: z.string().trim().min(1).max(8000),
    withEdits: z.boolean(),
  }),
  /** A plan came while the person edited: which one goes on. */
  z.object({ type: z.literal('choose'), plan: z.enum(['mine', 'theirs']) }),
  z.object({ type: z.literal('undo') }),
  z.object({ type: z.literal('compare') }),
  z.object({ type: z.literal('discard') }),
  z.object({ type: z.literal('open-json') }),
  z.object({ type: z.literal('cancel') }),
]);
export type PlanMessage = z.infer<typeof planMessageSchema>;

/** Extension → plan review page: everything it shows, whole, each time. */
export interface PlanPost {
  readonly type: 'plan';
  readonly review: Pick<PlanReview, 'status' | 'at' | 'attempt' | 'repaired'> | null;
  readonly goal: string;
  readonly phase: string;
  /** The session's own sentence: why an approval failed, say. */
  readonly detail: string;
  readonly connected: boolean;
  /** What the document says; null when no plan is there yet. */
  readonly draft: PlanPostDraft | null;
  /** There when the plan changes a team that runs: a line an agent, and what the button to approve it says. */
  readonly change?: { readonly lines: readonly string[]; readonly label: string };
  /** What is wrong with what Mother printed, where no document could be made of it. */
  readonly unread: readonly string[];
  /** Agent CLIs that can be chosen, and the one of agents that name none. */
  readonly profiles: readonly { readonly name: string; readonly title: string }[];
  readonly defaultProfile: string;
  /** Memory that this machine has left, MB. */
  readonly freeMb: number;
  /** The page's last edit that is in `draft`, or was refused. */
  readonly ack: number;
  /** What the last refused edit wanted, so that nothing a person wrote is lost; null when it was taken. */
  readonly refused: { readonly field: string; readonly value: string } | null;
}

export interface PlanPostDraft {
  readonly revision: number;
  /** Null while the document cannot be read as a list of agents. */
  readonly agents: readonly DraftAgent[] | null;
  readonly problems: readonly {
    readonly message: string;
    readonly at: readonly number[];
    readonly field: string;
    readonly repairs: readonly string[];
  }[];
  readonly launch: LaunchFacts | null;
  /** True when it differs from what Mother printed. */
  readonly edited: boolean;
  readonly canUndo: boolean;
  /** A plan that came while the person edited: a new one, or one that somebody else approved. */
  readonly incoming: 'proposed' | 'approved' | null;
}
