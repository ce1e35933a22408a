import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { AgentManager } from './agentManager';

/** The parts of a led session that a relaunch needs. */
export interface RunningSession {
  readonly agents: AgentManager;
  readonly tmux: TmuxSession;
}

/** Holds the session that a leader leads now, if there is one. */
export interface SessionSlot {
  readonly current: RunningSession | undefined;
}
