import type { InputRequest } from '../../core/requests/inputRequest';
import type { AgentView } from '../../core/team/snapshot';

/** When the last request of each agent was over: one that was just answered seems to stand at its dialog for a moment, and that is no new call. No `vscode` here. */
export class EndedRequests {
  private open: ReadonlySet<number> = new Set();
  private readonly ended = new Map<number, number>();

  /** @param needs requests that are open now */
  see(needs: readonly InputRequest[], now: number): void {
    const open = new Set(needs.map(({ window }) => window));
    for (const window of this.open) if (!open.has(window)) this.ended.set(window, now);
    this.open = open;
  }

  /** Since when a request of the agent is missing, if it stands at a dialog. */
  since({ window, changedAt }: AgentView): number {
    return Math.max(changedAt, this.ended.get(window) ?? 0);
  }
}
