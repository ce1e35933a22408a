import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { SerialQueue } from '../../core/base/serialQueue';
import { errorMessage } from '../../core/errors/tacoError';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { AgentManager } from '../agents/agentManager';

/** Shows in tmux itself which agents need the user, also to users who have no VS Code. */
export class WaitingAgents implements DisposableLike {
  private readonly queue: SerialQueue;
  private readonly listener: DisposableLike;
  /** Marks the agents that wait now. */
  readonly refresh: () => void;
  /** Panes of the agents that wait, as tmux shows them. */
  private shown: ReadonlySet<string> = new Set();

  constructor(
    private readonly agents: Pick<AgentManager, 'here' | 'onChanged'>,
    private readonly tmux: Pick<TmuxSession, 'waiting'>,
    log: Logger,
  ) {
    this.queue = new SerialQueue((error) => log.debug('waiting.marks', { error: errorMessage(error) }));
    this.refresh = this.queue.shared(() => this.mark());
    this.listener = agents.onChanged(() => this.refresh());
  }

  dispose(): void {
    this.listener.dispose();
    this.queue.dispose();
  }

  private async mark(): Promise<void> {
    const here = this.agents.here.filter(({ pane }) => pane !== '');
    const waiting = here.filter(({ status }) => status === 'needs-input');
    const panes = new Set(waiting.map(({ pane }) => pane));
    const isNew = waiting.some(({ pane }) => !this.shown.has(pane));
    if (!isNew && panes.size === this.shown.size) return;
    await this.tmux.waiting.show(
      waiting,
      here.map(({ pane }) => pane),
    );
    this.shown = panes;
    if (isNew) await this.tmux.waiting.ring();
  }
}
