import type { DisposableLike, EventLike } from '../base/disposable';
import type { CommandType, MessageState, Priority } from '../models';
import type { InputResponse } from '../requests/inputRequest';
import type { HistoryPage } from './history';
import type { ControlRequest, MonitorEvent } from './ports';
import type { MessageView, Snapshot } from './snapshot';

/** Who sends: the person, or an agent (Mother is window 0) with the secret it was launched with. */
export type Sender =
  | { readonly kind: 'user' }
  | { readonly kind: 'agent'; readonly window: number; readonly secret: string }
  | { readonly kind: 'taco' };

export interface SendInput {
  readonly from: Sender;
  /** An agent's name (any case), its window number, `AGENT-4`, `mother`, `user` or `all` (every agent but the sender). */
  readonly to: string;
  /** Without prefix: TACO puts `[FROM → TO]: ` before it. For type `slash` it is typed as it is. */
  readonly text: string;
  readonly type?: CommandType;
  readonly priority?: Priority;
  /** Minted by the caller, for one receiver: sent again it is the same message. */
  readonly id?: string;
}

export interface SentMessage {
  readonly id: string;
  readonly to: string;
  readonly target: string;
  /** True when Redis was away and the message waits in the spool. */
  readonly spooled: boolean;
}

/** Which of several windows on one project tells the person of a call: a window that is closed loses what it had taken. */
export interface NotificationClaims {
  /** `yours`: this window tells it now. `theirs`: another does, or did and is still there. `told`: nobody needs to. */
  take(key: string, window: string): Promise<'yours' | 'theirs' | 'told'>;
  /** This window, which has told it, is still there; to be said every few seconds. */
  keep(key: string, window: string): Promise<void>;
  /** The person has seen it, and nothing waits for an answer. */
  told(key: string): Promise<void>;
}

/**
 * A project as views and tools use it, whoever leads it: reads snapshots, sends messages, asks the leader for
 * things. It launches nothing and types nothing.
 */
export interface TeamClient extends DisposableLike {
  readonly projectId: string;
  readonly projectDir: string;
  snapshot(): Promise<Snapshot>;
  message(id: string): Promise<MessageView | null>;
  /** The ledgers of these messages in this order; those that are gone (24 h after their end) are left out. */
  messages(ids: readonly string[]): Promise<readonly MessageView[]>;
  /** A reader of what has happened: everything kept when it is first asked, then what is new. One call at a time. */
  history(): { next(): Promise<HistoryPage> };
  /** Coalesced wake-up (at most one in 50 ms): read `snapshot()` anew. */
  readonly onChange: EventLike<void>;
  readonly onEvent: EventLike<MonitorEvent>;
  /** Whether Redis answers; fires on change. */
  readonly onConnection: EventLike<boolean>;
  /** Throws TacoError no-session, unknown-agent (with the known names), message-empty, message-too-long,
   * quota-exceeded, sender-refused, type-refused. */
  send(input: SendInput): Promise<readonly SentMessage[]>;
  /** Resolves once the message is in `state` or further, or in a final state; throws TacoError timeout. */
  waitFor(id: string, state: Extract<MessageState, 'delivered' | 'received'>, timeoutMs: number): Promise<MessageView>;
  /** Asks the leader. Throws the TacoError of {@link checkRequest} where that makes no sense in the present state; nothing was asked then. */
  request(request: ControlRequest): Promise<void>;
  readonly calls: NotificationClaims;
  /**
   * Answers a request of an agent, which must still be open, and resolves once the agent has it. Only the person may.
   * Throws TacoError need-gone, answer-refused, sender-refused; nothing was answered then.
   */
  answer(id: string, answer: InputResponse, from?: Sender): Promise<void>;
  /** Dead letters and uncertain messages: type them again from the start, or drop them for good. */
  retry(id: string): Promise<void>;
  drop(id: string): Promise<void>;
}
