import type { AgentRecord } from '../../core/models';
import type { WindowPane } from '../../tmux/session/tmuxSession';

/** Where an agent's pane was last seen. */
type Place = Pick<WindowPane, 'window' | 'name' | 'panes'>;

/** In words what a person did to an agent's window; none when nothing. */
export function windowChanges(agent: string, before: Place, now: Place): readonly string[] {
  return [
    ...(before.window === now.window ? [] : [`${agent}'s window was moved from ${before.window} to ${now.window}`]),
    ...(before.name === now.name ? [] : [`${agent}'s window was renamed to “${now.name}”`]),
    ...(now.panes > before.panes ? [`${agent}'s window was split; messages go to the agent's own pane`] : []),
  ];
}

/**
 * Says what a person did to the windows of agents by hand. Nothing is undone: TACO keeps to panes, and each agent its
 * number, wherever its window goes.
 */
export class WindowChanges {
  private readonly places = new Map<string, Place>();

  /** What changed since the last call; a pane that is seen for the first time has changed nothing. */
  see(panes: readonly WindowPane[], agents: readonly Pick<AgentRecord, 'name' | 'pane'>[]): readonly string[] {
    const said = panes.flatMap((now) => {
      const agent = agents.find(({ pane }) => pane === now.pane);
      const before = this.places.get(now.pane);
      return agent && before ? windowChanges(agent.name, before, now) : [];
    });
    this.places.clear();
    for (const pane of panes) this.places.set(pane.pane, pane);
    return said;
  }
}
