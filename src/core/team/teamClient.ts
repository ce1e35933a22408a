import type { DisposableLike, EventLike } from '../base/disposable';
import type { MessageState } from '../messages/messageState';
import type { Sender, SendInput } from '../messages/newCommand';
import type { InputResponse } from '../requests/inputRequest';
import type { ControlRequest } from './controlRequest';
import type { HistoryPage } from './history';
import type { MonitorEvent } from './monitorEvent';
import type { MessageView, Snapshot } from './snapshot';

export interface SentMessage {
  readonly id: string;
  readonly to: string;
  readonly target: string;
  /** True when Redis was unreachable and the message waits in the spool. */
  readonly spooled: boolean;
}

/**
 * Notification claims: one of several windows on a project shows each notification. A closed window loses its claims.
 */
export interface NotificationClaims {
  /**
   * Claims a notification. `yours`: this window shows it. `theirs`: another connected window shows or showed it.
   * `told`: it needs no window any more.
   */
  take(key: string, window: string): Promise<'yours' | 'theirs' | 'told'>;
  /** Renews the claim of a window that shows the notification; called every few seconds. */
  keep(key: string, window: string): Promise<void>;
  /** Marks a notification as seen that waits for no answer. */
  markShown(key: string): Promise<void>;
}

/**
 * A project as views and tools use it, independent of the leader. It reads snapshots, sends messages and posts
 * requests. It launches nothing and types nothing.
 */
export interface TeamClient extends DisposableLike {
  readonly projectId: string;
  readonly projectDir: string;
  snapshot(): Promise<Snapshot>;
  message(id: string): Promise<MessageView | null>;
  /** Returns the ledgers of these messages in this order; expired ones (24 h after their end) are left out. */
  messages(ids: readonly string[]): Promise<readonly MessageView[]>;
  /**
   * Returns a reader of the history: the first call returns everything stored, each further one what is new. One call
   * at a time.
   */
  history(): { next(): Promise<HistoryPage> };
  /** Coalesced wake-up (at most one in 50 ms): read `snapshot()` again. */
  readonly onChange: EventLike<void>;
  readonly onEvent: EventLike<MonitorEvent>;
  /** Fires when Redis connects or disconnects. */
  readonly onConnection: EventLike<boolean>;
  /**
   * Throws TacoError no-session, unknown-agent (with the known names), message-empty, message-too-long, quota-exceeded,
   * sender-refused, type-refused.
   */
  send(input: SendInput): Promise<readonly SentMessage[]>;
  /** Resolves once the message is in `state` or a later or final state; throws TacoError timeout. */
  waitFor(id: string, state: Extract<MessageState, 'delivered' | 'received'>, timeoutMs: number): Promise<MessageView>;
  /**
   * Posts a request to the leader. Throws the TacoError of {@link checkRequest} if the request is invalid in the
   * present phase; nothing is posted then.
   */
  request(request: ControlRequest): Promise<void>;
  /** Returns true while the start request with this ticket waits for a leader. */
  waitsToStart(ticket: string): Promise<boolean>;
  /**
   * Takes back the start request with this ticket, so that no leader carries it out later. Returns true when it had
   * waited, and nothing of it has begun.
   */
  withdrawStart(ticket: string): Promise<boolean>;
  readonly calls: NotificationClaims;
  /**
   * Answers an open input request and resolves once the agent has the answer. Only the user may answer. Throws
   * TacoError need-gone, answer-refused, sender-refused; the request is then not answered.
   */
  answer(id: string, answer: InputResponse, from?: Sender): Promise<void>;
  /**
   * Retries a dead letter or an uncertain message from the start; `drop` deletes it. Throw the TacoError of
   * {@link checkRequest} when the session is gone or ends.
   */
  retry(id: string): Promise<void>;
  drop(id: string): Promise<void>;
}
