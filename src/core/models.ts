import * as z from 'zod';
import { AGENT_NAME, COMMAND_ID, FIRST_AGENT_WINDOW, HOST_NAME, SENDER, TMUX_TARGET } from './base/limits';
import { trimBlankEnds } from './base/sanitizeText';

export {
  AGENT_NAME,
  FIRST_AGENT_WINDOW,
  MAX_ATTEMPTS,
  MAX_MESSAGE_BYTES,
  MONITOR_WINDOW,
  MOTHER_WINDOW,
  STEP_DELAY_MS,
} from './base/limits';

/** Names that mean something else in an address. Compared without case. */
export const RESERVED_NAMES: readonly string[] = ['mother', 'user', 'all', 'monitor', 'taco'];

export const permissionModeSchema = z.enum(['default', 'acceptEdits', 'plan', 'bypassPermissions']);
export type PermissionMode = z.infer<typeof permissionModeSchema>;

/** One agent of a plan, as Mother writes it. Extra members are dropped. */
export const agentSpecSchema = z.object({
  window: z.int().min(FIRST_AGENT_WINDOW).max(9999).describe('tmux window number; 0 and 1 are reserved'),
  name: z.string().regex(AGENT_NAME).describe('unique name: a letter, then letters, digits, _ or -'),
  role: z.string().trim().min(1).max(4000).describe('what this agent is for'),
  task: z
    .string()
    .overwrite(trimBlankEnds)
    .min(1)
    .max(32_000)
    .optional()
    .describe('the opening task; the role is used when absent'),
  depends_on: z.array(z.string()).default([]).describe('agents that must be launched before this one'),
  notifies: z.array(z.string()).default([]).describe('agents TACO tells when this one reports done'),
  wait_for: z.array(z.string()).default([]).describe('agents that must report done before this one gets its task'),
  profile: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('agent CLI: claude, scripted, …; the session default when absent'),
  model: z.string().min(1).max(128).optional(),
  permission_mode: permissionModeSchema.optional(),
  worktree: z.boolean().optional().describe('give the agent a git worktree of its own'),
  host: z
    .string()
    .regex(HOST_NAME)
    .optional()
    .describe('the joined host (`taco host`) it runs on; absent: where the team is led'),
});
export type AgentSpec = z.infer<typeof agentSpecSchema>;

export const planSchema = z.object({ agents: z.array(agentSpecSchema).min(1) });
export type Plan = z.infer<typeof planSchema>;

/** `tmux_message` is the seed's; `tmux_interrupt` presses Escape first and may overtake; `task` is an opening task;
 * `slash` is a deliberate slash command, allowed only from the person. */
export const commandTypeSchema = z.enum(['tmux_message', 'tmux_interrupt', 'task', 'slash']);
export type CommandType = z.infer<typeof commandTypeSchema>;

export const prioritySchema = z.enum(['low', 'normal', 'high']);
export type Priority = z.infer<typeof prioritySchema>;

/** `SESSION:WINDOW` of the receiver, or `user`: the person, who has no pane. */
export const targetSchema = z.union([z.literal('user'), z.string().regex(TMUX_TARGET)]);

/** `cmd_` and what the producer minted; the producer mints it before the first send, so that a repeat is no second message. */
export const commandIdSchema = z.string().regex(COMMAND_ID);

/** One entry of `commands:queue`, exactly the seed's fields plus the sender. */
export const commandSchema = z.object({
  id: commandIdSchema,
  type: commandTypeSchema,
  target: targetSchema,
  /** Full text as it will be typed, prefix included. 1 byte to 64 KB of UTF-8. */
  message: z.string().min(1),
  priority: prioritySchema.default('normal'),
  /** ISO 8601, when the producer minted it. */
  timestamp: z.string().min(1),
  retry_count: z.coerce.number().int().min(0).default(0),
  /** `AGENT-4`, `MOTHER`, `USER` or `TACO`. */
  sender: z.string().regex(SENDER),
});
export type Command = z.infer<typeof commandSchema>;

/** A message's life; see `messageMachine.ts` for what may follow what. */
export const messageStateSchema = z.enum([
  'queued',
  'held',
  'typing',
  'typed',
  'entered',
  'delivered',
  'received',
  'retrying',
  'dead',
  'uncertain',
  'dropped',
]);
export type MessageState = z.infer<typeof messageStateSchema>;
/** States from which a message goes nowhere by itself. */
export const FINAL_STATES: readonly MessageState[] = ['received', 'dead', 'uncertain', 'dropped'];

export const holdReasonSchema = z.enum([
  'starting',
  'dialog',
  'draft',
  'copy-mode',
  'not-the-agent',
  'busy',
  'no-composer',
  'exited',
  'paused',
  'waiting',
  'budget',
  'host-away',
]);
/** Why a message is held. `waiting`: the agent's `wait_for` is not satisfied yet (opening tasks only); `budget`: the team's is used up;
 * `host-away`: nobody carries for its agent's host now (views say it; the ledger still says `queued`). */
export type HoldReason = z.infer<typeof holdReasonSchema>;

export const agentStateSchema = z.enum([
  'planned',
  'waiting',
  'starting',
  'idle',
  'busy',
  'needs-input',
  'done',
  'exited',
  'failed',
]);
export type AgentState = z.infer<typeof agentStateSchema>;

/** `agents:{window}`: the seed's four fields and what TACO needs to find the agent again. All values are strings in Redis. */
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
  /** What it is doing, one short line; empty when unknown. */
  activity: z.string().default(''),
  /** True once it reported done with `taco done`. */
  done: z.stringbool().or(z.boolean()).default(false),
  /** The spec it was launched from, JSON; empty for Mother. */
  spec: z.string().default(''),
  model: z.string().default(''),
  permissionMode: z.string().default(''),
  /** Milliseconds since the epoch. */
  startedAt: z.coerce.number().default(0),
  changedAt: z.coerce.number().default(0),
  /** How its process ended: exit status, or `signal 9`; empty while it runs, or when nothing is known. */
  exitCode: z.string().default(''),
  /** True once its CLI got a prompt: only a conversation that has begun can be resumed. */
  begun: z.stringbool().or(z.boolean()).optional(),
  /** What its present process was launched for, where it matters that this happens once; its pane says so too once that is done. */
  launch: z.string().optional(),
  /** True while it runs as the person started it, without our hooks: its screen is all that tells. */
  adopted: z.stringbool().or(z.boolean()).optional(),
  /** The host that joined on which it runs; empty or absent: the leader's. Fixed for its life. */
  host: z.string().optional(),
});
export type AgentRecord = z.infer<typeof agentRecordSchema>;

export const serviceHealthSchema = z.enum(['healthy', 'degraded', 'down', 'unknown']);
export const serviceRecordSchema = z.object({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/),
  port: z.coerce.number().int().min(1).max(65535),
  url: z.string().default(''),
  health: serviceHealthSchema.default('unknown'),
  owner: z.string().default(''),
  /** What the health check does: an HTTP path such as `/health`, `tcp`, or `command`, which is kept on the leader's disk alone. */
  check: z
    .string()
    .regex(/^(?:tcp|command|\/\S*)$/, 'give an HTTP path such as /health, or tcp')
    .default('tcp'),
  checkedAt: z.coerce.number().default(0),
});
export type ServiceRecord = z.infer<typeof serviceRecordSchema>;

/**
 * `planning`: Mother works on the plan; `review`: a valid plan waits for the person; `running`: agents are launched;
 * `lost`: its tmux session is gone, its agents and messages are kept, and it can be resumed.
 */
export const sessionPhaseSchema = z.enum([
  'starting',
  'planning',
  'review',
  'launching',
  'running',
  'stopping',
  'lost',
  'failed',
]);
export type SessionPhase = z.infer<typeof sessionPhaseSchema>;

export const sessionStateSchema = z.object({
  project_dir: z.string(),
  /** ISO 8601. */
  started_at: z.string(),
  agent_count: z.coerce.number().int().min(0),
  goal: z.string(),
  tmux_session: z.string(),
  /** Full path of the tmux server's socket, on the leader's machine. */
  tmux_socket: z.string().optional(),
  /** Random; the tmux server, session and panes of this team carry it, too. Absent in a session that an older TACO started. */
  identity: z.string().optional(),
  /** Id of the request that started it. */
  request: z.string().optional(),
  phase: sessionPhaseSchema.default('starting'),
  /** One sentence for people about `phase`: why it failed, which attempt at the plan this is. */
  detail: z.string().default(''),
  /** Windows whose agents left the team, comma-separated: nobody else gets them while the session lives. */
  left: z.string().optional(),
  /** US dollars the team may cost; empty or 0: as much as it does. */
  budget: z.string().optional(),
  /** The budget of which the person was told that it is nearly used. */
  warned: z.string().optional(),
  /** `true` while the budget is used up: nothing is typed into any agent. */
  spent: z.string().optional(),
  /** Windows of those whose work was cut short when it was, comma-separated. */
  interrupted: z.string().optional(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

export const problemSchema = z.object({
  /** Stable code such as `window-doubled`; see `planProblems.ts`. */
  code: z.string(),
  /** One sentence that names the agents and what to do. */
  message: z.string(),
  /** Names of the agents concerned. */
  agents: z.array(z.string()),
  /** The member of the agent that is wrong, where it is one: `window`, `depends_on`, … */
  field: z.string().optional(),
});
export type PlanProblem = z.infer<typeof problemSchema>;

/** What the approval of a plan changes in a team that runs; see `planDiff.ts`. */
export const planChangeSchema = z.object({
  added: z.array(agentSpecSchema),
  /** As they run now; their processes are ended. */
  removed: z.array(agentSpecSchema),
  changed: z.array(
    z.object({
      before: agentSpecSchema,
      after: agentSpecSchema,
      /** Members of the spec that differ. */
      fields: z.array(z.string()),
      /** `told`: a message; `relaunched`: its process is new, its conversation is not; `anew`: both are; `links`: the agent notices nothing. */
      effect: z.enum(['told', 'relaunched', 'anew', 'links']),
    }),
  ),
  /** Names of those whom nothing happens to. */
  kept: z.array(z.string()),
});
export type PlanChange = z.infer<typeof planChangeSchema>;

/** `plan:current`: the plan under review. */
export const planReviewSchema = z.object({
  status: z.enum(['invalid', 'proposed', 'approved', 'rejected']),
  plan: planSchema.nullable(),
  problems: z.array(problemSchema),
  /** True when the JSON had to be repaired before it could be read. */
  repaired: z.boolean(),
  /** A proposal with renumbered windows, when windows were doubled or reserved. */
  proposal: planSchema.nullable(),
  /** What could be read of a plan that has problems, as it was written, so that it can be mended by hand; absent when nothing could. */
  draft: z.unknown().optional(),
  attempt: z.number().int(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** There when the plan is to change a team that runs: the difference that approval makes. */
  change: planChangeSchema.optional(),
  /** There once it is approved, before anything of it is made, so that another leader can go on with it. */
  approval: z
    .object({
      /** Of the request; what the approval launches and sends has ids made from it. */
      id: z.string(),
      made: z.boolean(),
      /** What is made of the team that ran then; absent: there was none. */
      change: planChangeSchema.optional(),
    })
    .optional(),
});
export type PlanReview = z.infer<typeof planReviewSchema>;
