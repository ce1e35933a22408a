import type { AgentProfile } from '../agents/agentProfile';
import type { AgentRecord } from '../agents/agentRecord';
import type { HookBusyStates } from '../agents/hookBusyState';
import type { HoldReason } from '../messages/messageState';
import type { CommandType } from '../models';
import { waitsFor } from '../plan/agentSpecs';

/**
 * Reason of a CLI's hooks to type nothing. `dialog`: a hook announced a dialog, and no screen has shown yet that it is
 * over. CLIs report a dialog before they draw it; keys that are typed between would answer it.
 */
export type HookHold = 'starting' | 'busy' | 'dialog';

/** The decision where a command for a window goes now, or why it must wait. */
export type Route =
  | {
      readonly pane: string;
      readonly profile: AgentProfile;
      /** Reason of the CLI's hooks why TACO may not type yet; null: the screen decides. */
      readonly hooksSay?: HookHold | null;
    }
  | { readonly held: HoldReason }
  /** The receiver does not exist any more and never will. */
  | { readonly gone: string };

export interface RouteFacts {
  /** The receiver; undefined when no agent has the window. */
  readonly record: AgentRecord | undefined;
  /** The agent is being launched: it has no record yet, or the CLI in its pane is about to end. */
  readonly isLaunching: boolean;
  /** The agent's pane is on this host. */
  readonly isHere: boolean;
  readonly type: CommandType;
  /** The whole team: an opening task waits for the agents of its `wait_for`. */
  readonly team: readonly AgentRecord[];
  readonly profile: (name: string) => AgentProfile;
  readonly hookStates: HookBusyStates;
}

/** Returns the route of a command for an agent now, or the reason to hold it. */
export function resolveRoute({ record, isLaunching, isHere, type, team, profile, hookStates }: RouteFacts): Route {
  if (!record) return isLaunching ? { held: 'starting' } : { gone: 'its agent left the team' };
  if (!isHere) return { gone: 'its agent lives on another host' };
  if (record.status === 'exited' || record.status === 'failed') return { held: 'exited' };
  if (isLaunching || record.pane === '') return { held: 'starting' };
  if (type === 'task' && waitsFor(record, team).length > 0) return { held: 'waiting' };
  const own = profile(record.profile);
  return {
    pane: record.pane,
    profile: record.adopted || record.hooks === 'silent' ? { ...own, proof: 'screen' } : own,
    hooksSay: record.status === 'needs-input' ? 'dialog' : (hookStates.of(record, own)?.says ?? null),
  };
}
