import type { AgentRecord } from '../../core/agents/agentRecord';
import type { WindowPane } from '../../tmux/session/sessionPanes';

/** The last known location of an agent's pane. */
type Place = Pick<WindowPane, 'window' | 'name' | 'panes'>;

/** Describes the changes that the user made to an agent's window; empty when there are none. */
function windowChanges(agent: string, before: Place, now: Place): readonly string[] {
  return [
    ...(before.window === now.window ? [] : [`${agent}'s window was moved from ${before.window} to ${now.window}`]),
    ...(before.name === now.name ? [] : [`${agent}'s window was renamed to “${now.name}”`]),
    ...(now.panes > before.panes ? [`${agent}'s window was split; messages go to the agent's own pane`] : []),
  ];
}

/**
 * Reports changes that the user made to the windows of agents by hand. TACO undoes nothing. It identifies agents by
 * their panes, and each agent keeps its number wherever its window moves.
 */
export class WindowChanges {
  private readonly places = new Map<string, Place>();

  /** Returns the changes since the last call; a pane that is seen for the first time has none. */
  see(panes: readonly WindowPane[], agents: readonly Pick<AgentRecord, 'name' | 'pane'>[]): readonly string[] {
    const notes = panes.flatMap((now) => {
      const agent = agents.find(({ pane }) => pane === now.pane);
      const before = this.places.get(now.pane);
      return agent && before ? windowChanges(agent.name, before, now) : [];
    });
    this.places.clear();
    for (const pane of panes) this.places.set(pane.pane, pane);
    return notes;
  }
}
