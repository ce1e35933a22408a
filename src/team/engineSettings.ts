import type { AgentProfile } from '../core/agents/agentProfile';

/** What a person can set; the VS Code settings, the `taco` flags and the tests all fill this one shape. */
export interface EngineSettings {
  /** tmux server socket name (`-L`); a server of our own. */
  readonly tmuxSocket: string;
  /** tmux executable. */
  readonly tmuxCommand: string;
  /** Profile of Mother and of agents whose spec names none. */
  readonly profile: string;
  /** Agent CLIs that the person described, beside TACO's own profiles. */
  readonly profiles?: readonly AgentProfile[];
  /** Executable that replaces the profile's own; undefined: the profile's default. */
  readonly agentCommand: string | undefined;
  readonly maxAgents: number;
  /** Approve a valid plan at once (`taco up --yes`). */
  readonly autoApprove: boolean;
  /** Type into a working agent (its CLI queues it), or hold `busy` until it is idle. */
  readonly whenBusy: 'queue' | 'hold';
  /** What happens when an agent's process ends unasked: nothing, or it is started again with its conversation. */
  readonly relaunch: 'never' | 'onCrash';
  /** A git worktree for each agent whose plan says nothing about it; absent: no. */
  readonly worktrees?: boolean;
  /** Argument array that is run in each new worktree (`npm ci`, say). */
  readonly worktreeSetup?: readonly string[];
  /** Patterns of ignored files that each new worktree gets a copy of: VS Code's `git.worktreeIncludeFiles`. */
  readonly worktreeInclude?: readonly string[];
  /** US dollars a new team may cost; absent or 0: as much as it does. */
  readonly budget?: number;
  /** Argument array that runs the `taco` command: `[node, dist/taco.js]`. */
  readonly tacoCommand: readonly string[];
  /** Extra environment for every agent (never secrets of ours in argv). */
  readonly agentEnv: Readonly<Record<string, string>>;
}

export const defaultSettings: Omit<EngineSettings, 'tacoCommand'> = {
  tmuxSocket: 'taco',
  tmuxCommand: 'tmux',
  profile: 'claude',
  agentCommand: undefined,
  maxAgents: 50,
  autoApprove: false,
  whenBusy: 'hold',
  relaunch: 'never',
  agentEnv: {},
};
