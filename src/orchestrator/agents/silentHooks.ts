import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { isSilent, silentHooksHelp, silentHooksNote } from '../../core/agents/hookSilence';
import type { Clock } from '../../core/base/clock';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { StateStore } from '../../core/team/ports';
import type { AgentManager } from './agentManager';

export interface SilentHooksOptions {
  readonly agents: Pick<AgentManager, 'here' | 'get' | 'change' | 'onWindows'>;
  readonly store: Pick<StateStore, 'note'>;
  readonly profile: (name: string) => AgentProfile;
  /** Adds a text to the user's inbox. */
  readonly notifyUser: (text: string) => Promise<void>;
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
    const { agents, profile, clock } = this.options;
    for (const record of agents.here)
      if (isSilent(record, profile(record.profile), clock.now())) void this.mark(record);
  }

  private async mark(record: AgentRecord): Promise<void> {
    const { agents, store, profile, notifyUser, log } = this.options;
    try {
      await agents.change(record.window, { hooks: 'silent' });
      log.warn('agent.hooks-silent', { agent: record.name, window: record.window });
      await store.note(silentHooksNote(record.name));
      if (this.notified) return;
      this.notified = true;
      await notifyUser(silentHooksHelp(record.name, profile(record.profile).title));
    } catch (error) {
      log.warn('agent.hooks-silent', { window: record.window, error: errorMessage(error) });
    }
  }
}
