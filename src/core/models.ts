/** Data that Mother, the queue and every front end exchange: agents of a plan, the plan, and commands. */
import * as z from 'zod';
import {
  ACCOUNT_NAME,
  AGENT_NAME,
  COMMAND_ID,
  FIRST_AGENT_WINDOW,
  GIT_BASE,
  HOST_NAME,
  MAX_CHECK_ARGUMENT,
  MAX_CHECK_ARGUMENTS,
  MAX_GLOB_LENGTH,
  MAX_OWNED_GLOBS,
  SENDER,
  TMUX_TARGET,
  MAX_WINDOW,
  MAX_TASK_LENGTH,
  MAX_ROLE_LENGTH,
} from './base/limits';
import { trimBlankEnds } from './base/sanitizeText';

/** `manual` is the newer name of `default`; `auto` and `dontAsk` exist only where the agent's CLI knows them. */
export const permissionModeSchema = z.enum([
  'default',
  'manual',
  'acceptEdits',
  'plan',
  'auto',
  'dontAsk',
  'bypassPermissions',
]);
export type PermissionMode = z.infer<typeof permissionModeSchema>;
/** Modes of every agent CLI. */
export const COMMON_PERMISSION_MODES: readonly PermissionMode[] = [
  'default',
  'manual',
  'acceptEdits',
  'plan',
  'bypassPermissions',
];

/** The means of an agent while the account of its own is limited; absent members are as its plan says. */
export const substituteSchema = z.object({
  profile: z.string().min(1).max(64).optional().describe('another agent CLI; it gets a hand-over'),
  model: z.string().min(1).max(128).optional().describe('another model; the conversation continues'),
  account: z.string().regex(ACCOUNT_NAME).optional().describe('another entry of the setting taco.accounts'),
});
export type Substitute = z.infer<typeof substituteSchema>;

/** A program and its arguments; no shell parses them. */
const checkSchema = z.array(z.string().min(1).max(MAX_CHECK_ARGUMENT)).min(1).max(MAX_CHECK_ARGUMENTS);

/** One agent of a plan, as Mother writes it. Unknown members are dropped. */
export const agentSpecSchema = z.object({
  window: z.int().min(FIRST_AGENT_WINDOW).max(MAX_WINDOW).describe('tmux window number; 0 and 1 are reserved'),
  name: z.string().regex(AGENT_NAME).describe('unique name: a letter, then letters, digits, _ or -'),
  role: z.string().trim().min(1).max(MAX_ROLE_LENGTH).describe('what this agent is for'),
  task: z
    .string()
    .overwrite(trimBlankEnds)
    .min(1)
    .max(MAX_TASK_LENGTH)
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
  base: z.string().regex(GIT_BASE).optional().describe('branch, tag or commit from which its worktree begins'),
  check: checkSchema.optional().describe('command and arguments that prove the work; TACO runs it, without a shell'),
  owns: z
    .array(z.string().trim().min(1).max(MAX_GLOB_LENGTH))
    .max(MAX_OWNED_GLOBS)
    .optional()
    .describe('globs of the files that only this agent changes'),
  host: z
    .string()
    .regex(HOST_NAME)
    .optional()
    .describe('the joined host (`taco host`) it runs on; absent: where the team is led'),
  account: z
    .string()
    .regex(ACCOUNT_NAME)
    .optional()
    .describe('entry of the setting taco.accounts; absent: the environment of the user'),
  fallback: z
    .array(substituteSchema)
    .max(8)
    .optional()
    .describe('tried in order while its own account is limited, if the user allows it'),
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

/**
 * When an agent that works gets a message. `now`: at once, between two tool calls; `idle`: when its turn is over.
 */
export const whenSchema = z.enum(['now', 'idle']);
export type When = z.infer<typeof whenSchema>;

export const prioritySchema = z.enum(['low', 'normal', 'high']);
export type Priority = z.infer<typeof prioritySchema>;

/** `SESSION:WINDOW` of the receiver, or `user`: the user has no pane. */
const targetSchema = z.union([z.literal('user'), z.string().regex(TMUX_TARGET)]);

/**
 * `cmd_` and a random part. The producer creates the id before the first send, so that a repeat is not a second
 * message.
 */
const commandIdSchema = z.string().regex(COMMAND_ID);

/** One entry of `commands:queue`. */
export const commandSchema = z.object({
  id: commandIdSchema,
  type: commandTypeSchema,
  target: targetSchema,
  /** Full text as it is typed, prefix included; 1 byte to 64 KB of UTF-8. */
  message: z.string().min(1),
  priority: prioritySchema.default('normal'),
  /** Absent: as the team's setting for working agents says. */
  when: whenSchema.optional(),
  /** ISO 8601 time at which the producer created it. */
  timestamp: z.string().min(1),
  retry_count: z.coerce.number().int().min(0).default(0),
  /** `AGENT-4`, `MOTHER`, `USER` or `TACO`. */
  sender: z.string().regex(SENDER),
});
export type Command = z.infer<typeof commandSchema>;
