/** Conditions on a team's snapshot, for `TestTeam.until`. */
import type { Snapshot } from '../../src/core/team/snapshot';

/** Returns true once every message, at least one, was received. */
export function areAllReceived({ messages }: Snapshot): boolean {
  return messages.length > 0 && messages.every(({ state }) => state === 'received');
}

export function phaseIs(phase: string): (snapshot: Snapshot) => boolean {
  return ({ session }) => session?.phase === phase;
}

export function statusOf({ agents }: Snapshot, name: string): string | undefined {
  return agents.find((each) => each.name === name)?.status;
}

/** Returns whether an executor is connected for the host. */
export function isHostThere(name: string): (snapshot: Snapshot) => boolean {
  return ({ hosts = [] }) => hosts.some((host) => host.name === name && host.awaySince === null);
}

export function isHostAway(name: string): (snapshot: Snapshot) => boolean {
  return ({ hosts = [] }) => hosts.some((host) => host.name === name && host.awaySince !== null);
}
