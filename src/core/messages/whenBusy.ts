import type { AgentProfile } from '../agents/agentProfile';
import type { Command, CommandType } from '../models';

/** The team's handling of a message for a working agent. */
export type WhenBusy = 'steer' | 'hold';

/** Parses the setting; `queue` is the name that `steer` had. Any other value is `steer`, the default. */
export function parseWhenBusy(text: string | undefined): WhenBusy {
  return text === 'hold' ? 'hold' : 'steer';
}

/** A slash command is typed into an idle agent only: a CLI runs it at once, or never, while it works. */
const ONLY_IDLE: ReadonlySet<CommandType> = new Set(['slash']);

/** Returns whether the message waits for the end of its receiver's turn, as its sender or the team's setting says. */
export function isForLater({ type, when }: Pick<Command, 'type' | 'when'>, whenBusy: WhenBusy): boolean {
  return ONLY_IDLE.has(type) || (when === undefined ? whenBusy === 'hold' : when === 'idle');
}

/**
 * Returns whether the message may be typed into an agent that works. A CLI that is not proven gets it only if the
 * sender asks for it (`now`) and the CLI queues text at all.
 */
export function mayBeTypedWhileBusy(
  command: Pick<Command, 'type' | 'when'>,
  whenBusy: WhenBusy,
  profile: Pick<AgentProfile, 'queuesWhileBusy' | 'steers'>,
): boolean {
  if (isForLater(command, whenBusy)) return false;
  return profile.steers === true || (command.when === 'now' && profile.queuesWhileBusy);
}
