import * as z from 'zod';
import { limitKindSchema } from '../limits/limit';
import { agentStateSchema } from './agentState';

/**
 * `agents:{window}`: the public record of an agent and what TACO needs to find it again. All values are strings in
 * Redis.
 */
export const agentRecordSchema = z.object({
  window: z.coerce.number().int().min(0),
  name: z.string(),
  role: z.string(),
  status: agentStateSchema,
  workspace: z.string(),
  profile: z.string(),
  /** tmux pane id, `%12`; empty before launch. */
  pane: z.string().default(''),
  /** The CLI's own conversation id (Claude: `--session-id`). */
  sessionId: z.string().default(''),
  /** Current action, one short line; empty when unknown. */
  activity: z.string().default(''),
  /** True once the agent reported done with `taco done`. */
  done: z.stringbool().or(z.boolean()).default(false),
  /** The spec from which it was launched, as JSON; empty for Mother. */
  spec: z.string().default(''),
  model: z.string().default(''),
  permissionMode: z.string().default(''),
  /** Milliseconds since the epoch. */
  startedAt: z.coerce.number().default(0),
  changedAt: z.coerce.number().default(0),
  /** How its process ended: exit status, or `signal 9`. Empty while it runs or when nothing is known. */
  exitCode: z.string().default(''),
  /** True once its CLI got a prompt; only then can the conversation be resumed. */
  begun: z.stringbool().or(z.boolean()).optional(),
  /** Key of a launch that must happen only once; its pane stores the same key after the launch. */
  launch: z.string().optional(),
  /** True while it runs as the user started it, without TACO's hooks; only its screen shows its state. */
  adopted: z.stringbool().or(z.boolean()).optional(),
  /** The account that its model bills, without secrets: `claude ~/.claude`. */
  account: z.string().optional(),
  /** Ids of messages that its CLI received and its model refused to read, separated by commas; absent: none. */
  unread: z.string().exactOptional(),
  /** The means that replace those of its plan, JSON (`substituteSchema`); empty or absent: nothing. */
  substitute: z.string().exactOptional(),
  /**
   * `heard`: a hook of this launch has reported; `silent`: hooks that should have reported did not, so only its screen
   * shows its state. Empty: not known yet; absent: launched by an older TACO.
   */
  hooks: z.string().exactOptional(),
  /** Processes above a hook of its own conversation (`HookData.parents`); empty or absent: not known. */
  hookParents: z.string().exactOptional(),
  /**
   * The state of its work: `reported` (done in its own words only), `checking`, `proven`, `red`, `stale` (changed
   * after its proof), `conflict` (with the branch it was to be merged into), `merged`. Empty or absent: nothing was reported.
   */
  proof: z.enum(['', 'reported', 'checking', 'proven', 'red', 'stale', 'conflict', 'merged']).exactOptional(),
  /** The newest evidence as JSON; see `proof.ts`. */
  evidence: z.string().exactOptional(),
  /** Its report that does not count yet, as JSON `{id, text}`: another leader runs the check again, the user may accept it. */
  report: z.string().exactOptional(),
  /** Agents whose changes conflict with its own, and the files, as JSON; see `conflicts.ts`. Empty or absent: none is known. */
  conflicts: z.string().exactOptional(),
  /** Failed checks since the last proof. */
  reds: z.coerce.number().exactOptional(),
  /** True once it was asked why it stopped without a report. */
  asked: z.stringbool().or(z.boolean()).exactOptional(),
  /** Why its model refused its last turn; meaningful while it is `limited`. */
  limitKind: limitKindSchema.optional(),
  /** The `PORT` of its launch; empty or absent: none. */
  port: z.string().exactOptional(),
  /** The work that went on after its last turn, one line for each shell or subagent; empty or absent: nothing. */
  background: z.string().optional(),
  /** The joined host on which it runs; empty or absent: the leader's machine. It never changes. */
  host: z.string().optional(),
});
export type AgentRecord = z.infer<typeof agentRecordSchema>;
