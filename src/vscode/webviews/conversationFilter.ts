/** Selects the conversation of two participants from a session's messages. No `vscode` here. */
import { labelOfTarget } from '../../core/messages/address';
import type { FinishedMessage } from '../../core/team/history';
import type { MessageView } from '../../core/team/snapshot';
import type { Between } from '../../core/webviews/monitorProtocol';

/** Returns true for a message between the two, in either direction. */
export function isBetween({ sender, target }: Pick<MessageView, 'sender' | 'target'>, [one, other]: Between): boolean {
  const receiver = labelOfTarget(target);
  return (sender === one && receiver === other) || (sender === other && receiver === one);
}

/** Returns the ids of the newest `limit` ended messages, oldest first, without duplicates. */
export function endedBetween(finished: readonly FinishedMessage[], between: Between, limit: number): readonly string[] {
  const ids = new Set<string>();
  for (let index = finished.length - 1; index >= 0 && ids.size < limit; index -= 1) {
    const message = finished[index];
    if (message && isBetween(message, between)) ids.add(message.id);
  }
  return [...ids].reverse();
}

/** Returns each message once, from the last list that has it, in the order in which they were sent. */
export function inOrderSent(...lists: readonly (readonly MessageView[])[]): readonly MessageView[] {
  const byId = new Map(lists.flat().map((message) => [message.id, message]));
  return [...byId.values()].sort((a, b) => a.enqueuedAt - b.enqueuedAt || a.id.localeCompare(b.id));
}
