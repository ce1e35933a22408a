import type { AgentProfile } from '../../core/agents/agentProfile';
import type { TmuxSession } from '../../tmux/session/tmuxSession';

const HISTORY_LINES = 3000;

/** An agent's screen with its history, and whether it waits for a prompt. */
export interface AgentScreen {
  readonly text: string;
  readonly ready: boolean;
}

/** Returns null when no process runs in the pane. */
export async function screenOf(session: TmuxSession, pane: string, profile: AgentProfile): Promise<AgentScreen | null> {
  const look = await session.panes.look(pane);
  if (!look || look.dead) return null;
  const { kind } = profile.readScreen(look.screen);
  return { text: await session.text(pane, HISTORY_LINES), ready: kind === 'ready' };
}
