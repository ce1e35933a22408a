import { endedHow, lastLines } from '../../core/agents/activity';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { DisposableStore, Emitter, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { StateStore } from '../../core/team/ports';
import type { WindowPane } from '../../tmux/session/sessionPanes';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { AgentRegistry } from './agentRegistry';
import type { AgentUpdates } from './agentUpdates';

/**
 * tmux reports changes once a second. An agent that ends, is relaunched and ends again in between would look
 * unchanged.
 */
const RECONCILE_EVERY = 1000;
const WINDOW_CLOSED = 'its window was closed';
const REPLACED = 'its process ended, and another program was started in its pane';

/** Watches the panes of the agents here, and records the end of an agent. */
export class AgentPanes implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly windows: Emitter<readonly WindowPane[]>;
  /** Fires after a check of all windows: once a second and when tmux reports a change. */
  readonly onWindows: Emitter<readonly WindowPane[]>['event'];

  constructor(
    private readonly session: TmuxSession,
    private readonly agents: AgentRegistry,
    private readonly updates: AgentUpdates,
    private readonly store: Pick<StateStore, 'note'>,
    private readonly log: Logger,
  ) {
    this.windows = this.disposables.add(
      new Emitter((error) => log.error('agent.listener', { error: errorMessage(error) })),
    );
    this.onWindows = this.windows.event;
    this.disposables.add(
      session.onPaneFacts(
        ({ pane, dead }) =>
          void this.onPane(pane, dead).catch((error: unknown) =>
            log.debug('agents.pane', { pane, error: errorMessage(error) }),
          ),
      ),
    );
    this.disposables.add(session.onWindowsChanged(() => void this.reconcile()));
    const timer = setInterval(() => void this.reconcile(), RECONCILE_EVERY);
    this.disposables.add({ dispose: () => clearInterval(timer) });
  }

  /** Finds windows that were closed and panes that ended without an event. Never throws. */
  async reconcile(): Promise<void> {
    try {
      const windows = await this.session.windows();
      const panes = new Map(windows.map((each) => [each.pane, each]));
      for (const record of this.agents.here) {
        if (record.pane === '') continue;
        const pane = panes.get(record.pane);
        if (!pane) await this.onLost(record, 'window');
        else if (pane.dead) await this.onLost(record, 'pane');
        else if (!pane.ourProcess) await this.onLost(record, 'process');
      }
      this.windows.fire(windows);
    } catch (error) {
      this.log.debug('agents.reconcile', { error: errorMessage(error) });
    }
  }

  /**
   * Records the end of an agent.
   * @param what what ended: the window, the pane's process, or the agent's process, which the user replaced by
   * another
   */
  async onLost(record: AgentRecord, what: 'pane' | 'window' | 'process'): Promise<void> {
    const { session, agents } = this;
    const state = what === 'pane' ? await session.panes.waitForExitStatus(record.pane) : null;
    // A relaunch may have come since the check.
    if (
      what === 'process' &&
      (await session.windows()).some(({ pane, ourProcess }) => ourProcess && pane === record.pane)
    )
      return;
    // Ignores a repeated report, or one from before a relaunch: tmux reports once a second.
    const now = agents.get(record.window);
    if (!now || now.pane !== record.pane || now.status === 'exited' || now.status === 'failed' || state?.dead === false)
      return;
    const exitCode = state?.deadStatus ?? '';
    const lastWords = lastLines(state?.screen.lines.map(({ text }) => text) ?? []) || endedHow(exitCode);
    await this.updates.update(record.window, {
      status: 'exited',
      exitCode,
      activity: what === 'window' ? WINDOW_CLOSED : what === 'process' ? REPLACED : lastWords,
      ...(what === 'window' ? { pane: '' } : {}),
    });
    this.log.warn('agent.exited', { agent: record.name, window: record.window, exitCode });
    const ended = agents.get(record.window);
    if (what !== 'window' && exitCode !== '0' && ended?.status === 'exited') agents.reportCrash(ended);
    await this.store.note(`${record.name} ${endedHow(exitCode)}`);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async onPane(pane: string, dead: boolean): Promise<void> {
    const record = this.agents.here.find((each) => each.pane === pane);
    if (!record) return;
    if (dead) await this.onLost(record, 'pane');
    else this.agents.notify(record); // The user entered or left copy mode: a held message may be delivered.
  }
}
