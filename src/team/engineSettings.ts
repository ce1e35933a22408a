import type { AgentProfile } from '../core/agents/agentProfile';
import type { LimitPolicy } from '../core/limits/accountLimit';
import type { WhenBusy } from '../core/messages/whenBusy';
import type { HistoryLimits } from '../core/team/history';

/** The user's settings; VS Code settings, `taco` flags and tests all fill this type. */
export interface EngineSettings {
  /** Socket name of TACO's own tmux server (`-L`). */
  readonly tmuxSocket: string;
  /** tmux executable. */
  readonly tmuxCommand: string;
  /** Profile of Mother and of agents whose spec names none. */
  readonly profile: string;
  /** Agent CLIs that the user described, in addition to TACO's own profiles. */
  readonly profiles?: readonly AgentProfile[];
  /** Executable that replaces the profile's own; undefined: the profile's default. */
  readonly agentCommand: string | undefined;
  readonly maxAgents: number;
  /** Approve a valid plan at once (`taco up --yes`). */
  readonly autoApprove: boolean;
  /**
   * `steer`: type at once into a working agent whose CLI is proven to take it between tool calls (its profile's
   * `steers`). `hold`: hold the message as `busy` until the agent is idle. A message's own `when` overrides it.
   */
  readonly whenBusy: WhenBusy;
  /**
   * Messages that other sessions of an agent's CLI send to it past TACO: refused, or accepted and shown in the
   * activity. Absent: `refuse`.
   */
  readonly crossSession?: 'refuse' | 'show';
  /** On an unexpected exit of an agent: do nothing, or relaunch it with its conversation. */
  readonly relaunch: 'never' | 'onCrash';
  /** Gives each agent whose plan does not say otherwise a git worktree; absent: no. */
  readonly worktrees?: boolean;
  /** Argument array that runs in each new worktree (`npm ci`, for example). */
  readonly worktreeSetup?: readonly string[];
  /** Patterns of ignored files that are copied into each new worktree: VS Code's `git.worktreeIncludeFiles`. */
  readonly worktreeInclude?: readonly string[];
  /** Argument array that proves the work of agents whose plan has no check; absent or empty: none. */
  readonly check?: readonly string[];
  /** Argument array that must exit 0 on a merged result before the user's branch moves; absent: `check`. */
  readonly mergeCheck?: readonly string[];
  /** How work is merged: with a merge commit, or rebased onto the target; absent: `merge`. */
  readonly mergeMethod?: 'merge' | 'rebase';
  /** Merges work as soon as it is proven; absent: no. */
  readonly mergeWhenProven?: boolean;
  /** Whether TACO asks GitHub about the agents' pull requests by itself, and sends what it finds to their authors; absent: `ask`. */
  readonly pullRequests?: 'ask' | 'watch';
  /** Time between two such requests, milliseconds; absent: 60,000. */
  readonly pullRequestIntervalMs?: number;
  /** Maximum run time of a check, milliseconds; absent: 15 minutes. */
  readonly checkTimeoutMs?: number;
  /** How long an agent with a check may rest without a report before it is asked, milliseconds; absent: 60,000. */
  readonly askAfterMs?: number;
  /** Budget of a new team, US dollars; absent or 0: no limit. */
  readonly budget?: number;
  /** The reaction to the end of an account's limit: agents continue, or the user decides; absent: `wait`. */
  readonly onLimit?: LimitPolicy;
  /** Local time `HH:MM` after which a limited team does nothing by itself; absent or empty: none. */
  readonly limitStopTime?: string;
  /** Value of the setting `taco.accounts`, not checked yet (`parseAccounts`); plans refer to its names. */
  readonly accounts?: unknown;
  /** With `onLimit: fallback`: agents return to their own means once these have no limit; absent: yes. */
  readonly fallbackReturns?: boolean;
  /** No agent is launched while less memory is free, MB; 0: no floor; absent: `DEFAULT_MEMORY_FLOOR_MB`. */
  readonly memoryFloorMb?: number;
  /** Time without a first screen after which a started agent counts as hung, milliseconds; absent: 180,000. */
  readonly hungAfterMs?: number;
  /** The history kept of messages that have ended; absent: `DEFAULT_HISTORY`. */
  readonly history?: HistoryLimits;
  /** Argument array that runs the `taco` command: `[node, dist/taco.js]`. */
  readonly tacoCommand: readonly string[];
  /** Extra environment of every agent; TACO's secrets never appear in argv. */
  readonly agentEnv: Readonly<Record<string, string>>;
}

/** Below this a machine swaps, and typing into its terminals becomes unreliable. */
export const DEFAULT_MEMORY_FLOOR_MB = 256;

export const defaultSettings: Omit<EngineSettings, 'tacoCommand'> = {
  tmuxSocket: 'taco',
  tmuxCommand: 'tmux',
  profile: 'claude',
  agentCommand: undefined,
  maxAgents: 50,
  autoApprove: false,
  whenBusy: 'steer',
  relaunch: 'never',
  agentEnv: {},
};
