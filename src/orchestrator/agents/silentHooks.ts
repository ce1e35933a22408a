import type { AgentRecord } from '../../core/agents/agentRecord';
import { isSilent, silentHooksHelp, silentHooksNote } from '../../core/agents/hookSilence';
import type { Clock } from '../../core/base/clock';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { Team } from '../../team/team';
import type { AgentLauncher } from '../launch/agentLauncher';
import type { AgentManager } from './agentManager';

export interface SilentHooksOptions {
  readonly agents: Pick<AgentManager, 'here' | 'get' | 'change' | 'onWindows'>;
  readonly team: Pick<Team, 'send' | 'store'>;
  readonly launcher: Pick<AgentLauncher, 'profile'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/**
 * Finds agents whose hooks report nothing (switched off in the user's settings, or by a policy), marks them, so that
 * their screen decides, and notifies the user once a session.
 */
export class SilentHooks implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private notified = false;

  constructor(private readonly options: SilentHooksOptions) {
    this.disposables.add(options.agents.onWindows(() => this.check()));
  }

  /** Handles a message that left the input box and that no hook reported. */
  onUnproven(window: number): void {
    const record = this.options.agents.get(window);
    if (record?.hooks === '' && !record.adopted) void this.mark(record);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private check(): void {
    const { agents, launcher, clock } = this.options;
    for (const record of agents.here)
      if (isSilent(record, launcher.profile(record.profile), clock.now())) void this.mark(record);
  }

  private async mark(record: AgentRecord): Promise<void> {
    const { agents, team, launcher, log } = this.options;
    try {
      await agents.change(record.window, { hooks: 'silent' });
      log.warn('agent.hooks-silent', { agent: record.name, window: record.window });
      await team.store.note(silentHooksNote(record.name));
      if (this.notified) return;
      this.notified = true;
      const text = silentHooksHelp(record.name, launcher.profile(record.profile).title);
      await team.send({ from: { kind: 'taco' }, to: 'user', text });
    } catch (error) {
      log.warn('agent.hooks-silent', { window: record.window, error: errorMessage(error) });
    }
  }
}
