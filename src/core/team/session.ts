import * as z from 'zod';

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
  /** `true`: a valid first plan is approved at once, as its start asked. Absent: the leader's settings decide. */
  auto_approve: z.string().optional(),
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
  /** Time at which the user paused the team, milliseconds since the epoch; empty: it is not paused. */
  paused: z.string().optional(),
  /** Windows of agents that the pause interrupted, comma-separated. */
  pausedWindows: z.string().optional(),
  /** Windows of agents that were interrupted when the budget was used up, comma-separated. */
  interrupted: z.string().optional(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;
