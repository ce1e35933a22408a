/**
 * Messages between the plan review webview and the extension. The webview's messages are untrusted until parsed here.
 */
import * as z from 'zod';
import { MAX_TASK_LENGTH, MAX_WINDOW } from '../base/limits';
import type { LaunchFacts } from '../plan/launchSummary';
import type { DraftAgent } from '../plan/planDraft';
import type { PlanReview } from '../plan/planReview';

const place = z.int().min(0).max(MAX_WINDOW);
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
  'base',
  'check',
  'owns',
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

/** Plan review → extension. `revision` names the text that the user saw; an answer to another revision is refused. */
export const planMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** `seq` counts the webview's edits from 1; the post with the edit's effect or refusal names it. */
  z.object({ type: z.literal('edit'), seq: z.int().min(1), edit: editSchema }),
  z.object({ type: z.literal('repair'), revision: z.int(), problem: place, repair: place }),
  z.object({ type: z.literal('approve'), revision: z.int() }),
  z.object({
    type: z.literal('reject'),
    at: z.number(),
    note: z.string().trim().min(1).max(MAX_TASK_LENGTH),
    withEdits: z.boolean(),
  }),
  /** A plan arrived while the user edited: the plan to continue with. */
  z.object({ type: z.literal('choose'), plan: z.enum(['mine', 'theirs']) }),
  z.object({ type: z.literal('undo') }),
  z.object({ type: z.literal('compare') }),
  z.object({ type: z.literal('discard') }),
  z.object({ type: z.literal('open-json') }),
  z.object({ type: z.literal('cancel') }),
]);
export type PlanMessage = z.infer<typeof planMessageSchema>;

/** Extension → plan review: everything it shows, complete each time. */
export interface PlanPost {
  readonly type: 'plan';
  readonly review: Pick<PlanReview, 'status' | 'at' | 'attempt' | 'repaired'> | null;
  readonly goal: string;
  readonly phase: string;
  /** The session's detail, for example why an approval failed. */
  readonly detail: string;
  readonly connected: boolean;
  /** Content of the document; null while there is no plan. */
  readonly draft: PlanPostDraft | null;
  /** Present when the plan changes a running team: one line per agent, and the label of the approve button. */
  readonly change?: { readonly lines: readonly string[]; readonly label: string };
  /** Problems of Mother's reply when no document could be made of it. */
  readonly unread: readonly string[];
  /** Selectable agent CLIs, and the default for agents without a profile. */
  readonly profiles: readonly { readonly name: string; readonly title: string }[];
  readonly defaultProfile: string;
  /** Free memory of this machine, MB. */
  readonly freeMb: number;
  /** The webview's last edit that is applied in `draft` or was refused. */
  readonly ack: number;
  /** Value of the last refused edit, so that nothing the user wrote is lost; null when it was applied. */
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
  /** True when it differs from Mother's plan. */
  readonly edited: boolean;
  readonly canUndo: boolean;
  /** A plan that arrived while the user edited: a new one, or one that another process approved. */
  readonly incoming: 'proposed' | 'approved' | null;
}
