import type { InputRequest } from '../../core/requests/inputRequest';
import type { AgentView } from '../../core/team/snapshot';

/**
 * Remembers when the last request of each agent ended. An agent whose request was just answered seems to be at its
 * dialog for a moment, and that needs no new notification. No `vscode` here.
 */
export class EndedRequests {
  private open: ReadonlySet<number> = new Set();
  private readonly ended = new Map<number, number>();

  /** @param requests requests that are open now */
  see(requests: readonly InputRequest[], now: number): void {
    const open = new Set(requests.map(({ window }) => window));
    for (const window of this.open) if (!open.has(window)) this.ended.set(window, now);
    this.open = open;
  }

  /** Returns the time since which an agent at a dialog has no request. */
  since({ window, changedAt }: AgentView): number {
    return Math.max(changedAt, this.ended.get(window) ?? 0);
  }
}
