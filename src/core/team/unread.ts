import type { AgentRecord } from '../agents/agentRecord';
import type { MessageView } from './snapshot';

/** Shown as the reason of a message that stands in a conversation whose model refused the turn. */
const UNREAD = 'unread: the model refused the turn; the next one reads it';
const MAX_UNREAD = 50;

type Marked = Pick<AgentRecord, 'unread'>;

/** Returns the ids of the messages that an agent's model has not read, although its CLI received them. */
export function unreadOf({ unread = '' }: Marked): readonly string[] {
  return unread.split(',').filter(Boolean);
}

/** Returns the mark of an agent with further messages; the newest are marked when there are many. */
export function withUnread(record: Marked, ids: readonly string[]): string {
  return [...new Set([...unreadOf(record), ...ids])].slice(-MAX_UNREAD).join(',');
}

/** Returns a message as views show it: an unread one has that as its reason. */
export function showUnread(message: MessageView, unread: ReadonlySet<string>): MessageView {
  return unread.has(message.id) && message.state === 'received' ? { ...message, reason: UNREAD } : message;
}
