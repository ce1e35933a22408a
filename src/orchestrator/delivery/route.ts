import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookBusyState } from '../../core/agents/hookBusyState';
import type { TmuxExecutor } from '../../tmux/delivery/tmuxExecutor';
import type { Route } from './courier';

export interface RouteFacts {
  readonly profile: (name: string) => AgentProfile;
  readonly executor: TmuxExecutor;
  readonly isHere: boolean;
  /** Returns whether an opening task waits for agents that have not reported done. */
  readonly waits: () => boolean;
  readonly word: () => HookBusyState | null;
}

/** Returns the route of a command for an agent now, or the reason to hold it. */
export function routeTo(record: AgentRecord, { profile, executor, isHere, waits, word }: RouteFacts): Route {
  if (!isHere) return { gone: 'its agent lives on another host' };
  if (record.status === 'exited' || record.status === 'failed') return { held: 'exited' };
  if (record.pane === '') return { held: 'starting' };
  if (waits()) return { held: 'waiting' };
  const own = profile(record.profile);
  return {
    pane: record.pane,
    profile: record.adopted ? { ...own, proof: 'screen' } : own,
    executor,
    hooksSay: word()?.says ?? null,
  };
}
