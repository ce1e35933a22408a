import type { AgentProfile } from '../../core/agents/agentProfile';
import { HookBusyState } from '../../core/agents/hookBusyState';
import type { AgentRecord } from '../../core/models';

/** One busy state per launch; a relaunch resets it. */
export class HookBusyStates {
  private readonly words = new Map<number, { readonly startedAt: number; readonly word: HookBusyState }>();

  /** Returns null for an agent whose screen is more reliable. */
  of({ window, startedAt, status, adopted }: AgentRecord, { busyByHooks, typing }: AgentProfile): HookBusyState | null {
    if (!busyByHooks || adopted) return null;
    const known = this.words.get(window);
    if (known?.startedAt === startedAt) return known.word;
    const word = new HookBusyState(status === 'starting' || status === 'busy' ? status : null, typing.patienceMs ?? 0);
    this.words.set(window, { startedAt, word });
    return word;
  }
}
