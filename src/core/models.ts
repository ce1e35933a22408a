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

/** Names that have another meaning in an address; compared without case. */
export const RESERVED_NAMES: readonly string[] = ['mother', 'user', 'all', 'monitor', 'taco'];

export const permissionModeSchema = z.enum(['default', 'acceptEdits', 'plan', 'bypassPermissions']);
export type PermissionMode = z.infer<typeof permissionModeSchema>;

/** One agent of a plan, as Mother writes it. Unknown members are dropped. */
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

/**
 * `tmux_message` is a plain message; `task` is an opening task. `tmux_interrupt` presses Escape first and may overtake
 * other messages. `slash` is a slash command; only the user may send it.
 */
export const commandTypeSchema = z.enum(['tmux_message', 'tmux_interrupt', 'task', 'slash']);
export type CommandType = z.infer<typeof commandTypeSchema>;

export const prioritySchema = z.enum(['low', 'normal', 'high']);
export type Priority = z.infer<typeof prioritySchema>;

/** `SESSION:WINDOW` of the receiver, or `user`: the user has no pane. */
export const targetSchema = z.union([z.literal('user'), z.string().regex(TMUX_TARGET)]);

/**
 * `cmd_` and a random part. The producer creates the id before the first send, so that a repeat is not a second
 * message.
 */
export const commandIdSchema = z.string().regex(COMMAND_ID);

/** One entry of `commands:queue`. */
export const commandSchema = z.object({
  id: commandIdSchema,
  type: commandTypeSchema,
  target: targetSchema,
  /** Full text as it is typed, prefix included; 1 byte to 64 KB of UTF-8. */
  message: z.string().min(1),
  priority: prioritySchema.default('normal'),
  /** ISO 8601 time at which the producer created it. */
  timestamp: z.string().min(1),
  retry_count: z.coerce.number().int().min(0).default(0),
  /** `AGENT-4`, `MOTHER`, `USER` or `TACO`. */
  sender: z.string().regex(SENDER),
});
export type Command = z.infer<typeof commandSchema>;

/** State of a message; `messageState.ts` holds the allowed transitions. */
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
/** States that a message does not leave by itself. */
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
/**
 * Why a message is held.
 * - `waiting`: the agent's `wait_for` is not satisfied yet (opening tasks only).
 * - `budget`: the team's budget is used up.
 * - `host-away`: no executor is connected for the agent's host (shown by views; the ledger still holds `queued`).
 */
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
  /** The joined host on which it runs; empty or absent: the leader's machine. It never changes. */
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
  /**
   * Kind of health check: an HTTP path such as `/health`, `tcp`, or `command`, which is stored only on the leader's
   * disk.
   */
  check: z
    .string()
    .regex(/^(?:tcp|command|\/\S*)$/, 'give an HTTP path such as /health, or tcp')
    .default('tcp'),
  checkedAt: z.coerce.number().default(0),
});
export type ServiceRecord = z.infer<typeof serviceRecordSchema>;

/**
 * - `planning`: Mother works on the plan; `review`: a valid plan waits for the user; `running`: agents are launched.
 * - `lost`: its tmux session is gone; its agents and messages are stored, and it can be resumed.
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
  /**
   * Session identity: random, also stored in this team's tmux server, session and panes. Absent in sessions of older
   * TACO versions.
   */
  identity: z.string().optional(),
  /** Id of the request that started the session. */
  request: z.string().optional(),
  phase: sessionPhaseSchema.default('starting'),
  /** One sentence for users about `phase`: the reason of a failure, or the number of the plan attempt. */
  detail: z.string().default(''),
  /** Windows of agents that left the team, comma-separated. No other agent gets them during this session. */
  left: z.string().optional(),
  /** Limit of the team's cost, US dollars; empty or 0: no limit. */
  budget: z.string().optional(),
  /** The budget for which TACO already warned the user that it is nearly used up. */
  warned: z.string().optional(),
  /** `true` while the budget is used up; TACO then types nothing into any agent. */
  spent: z.string().optional(),
  /** Windows of agents that were interrupted when the budget was used up, comma-separated. */
  interrupted: z.string().optional(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

export const problemSchema = z.object({
  /** Stable code such as `window-doubled`; see `planProblems.ts`. */
  code: z.string(),
  /** One sentence that names the agents and the remedy. */
  message: z.string(),
  /** Names of the agents concerned. */
  agents: z.array(z.string()),
  /** The wrong member of the agent, if it is one: `window`, `depends_on`, … */
  field: z.string().optional(),
});
export type PlanProblem = z.infer<typeof problemSchema>;

/** Changes that the approval of a plan makes in a running team; see `planDiff.ts`. */
export const planChangeSchema = z.object({
  added: z.array(agentSpecSchema),
  /** As they run now; approval ends their processes. */
  removed: z.array(agentSpecSchema),
  changed: z.array(
    z.object({
      before: agentSpecSchema,
      after: agentSpecSchema,
      /** Members of the spec that differ. */
      fields: z.array(z.string()),
      /**
       * - `told`: the agent gets a message; `links`: the agent notices nothing.
       * - `relaunched`: new process, same conversation; `anew`: new process and new conversation.
       */
      effect: z.enum(['told', 'relaunched', 'anew', 'links']),
    }),
  ),
  /** Names of unchanged agents. */
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
  /** A proposal with renumbered windows, if windows were duplicate or reserved. */
  proposal: planSchema.nullable(),
  /**
   * The readable part of a plan with problems, as it was written, for manual fixes; absent when nothing could be read.
   */
  draft: z.unknown().optional(),
  attempt: z.number().int(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** Present when the plan changes a running team: the difference that approval makes. */
  change: planChangeSchema.optional(),
  /** Present once the plan is approved and before it is executed, so that a new leader can continue the approval. */
  approval: z
    .object({
      /** Id of the request. The ids of launches and messages of this approval derive from it. */
      id: z.string(),
      made: z.boolean(),
      /** The change to the team that ran at that time; absent when there was none. */
      change: planChangeSchema.optional(),
    })
    .optional(),
});
export type PlanReview = z.infer<typeof planReviewSchema>;
