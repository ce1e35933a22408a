import type { HoldReason, MessageState } from './messageState';

/** Result of one delivery attempt. */
export type DeliveryResult =
  /** The model got exactly this text; `receipt` says where in its work, if it was working. */
  | { readonly kind: 'received'; readonly receipt?: string }
  /** The text left the input box; this CLI cannot prove more. */
  | { readonly kind: 'delivered' }
  /** Typing is not possible now; no attempt is used. The courier checks again after a change. */
  | { readonly kind: 'held'; readonly reason: HoldReason }
  /** The attempt failed and left no text behind; it counts. `final`: a further attempt cannot succeed. */
  | { readonly kind: 'failed'; readonly reason: string; readonly final?: boolean }
  /** The CLI keeps the text in its own queue; its lane checks again later. Only an interrupt may be typed meanwhile. */
  | { readonly kind: 'waiting'; readonly reason: string }
  /** The pane vanished between Enter and proof: the outcome is unknown. */
  | { readonly kind: 'uncertain'; readonly reason: string }
  /** The user dropped the message; the pane holds nothing of it any more. */
  | { readonly kind: 'dropped' }
  /** Another process leads now. */
  | { readonly kind: 'stale-leader' };

/**
 * - `received`: the model got it: its conversation holds it, or the hook says so where nothing else can be read.
 * - `heard`: the CLI has accepted the text, and its conversation does not hold it yet: it is in the CLI's own queue.
 * - `refused`: the prompt check refused it as damaged.
 * - `returned`: the CLI took it out of its queue and put it back into the input box.
 */
export type Receipt = 'received' | 'heard' | 'refused' | 'returned';

/** Progress of a text by the file in which the CLI stores the conversation. */
export type ConversationProgress = 'read' | 'queued' | 'returned' | 'absent';

/** Reason shown while a delivered text waits in the CLI's own queue. */
export const QUEUED_IN_CLI = 'queued in the CLI';

/** A message whose text was typed into a window, as it was sent. */
export interface TypedText {
  readonly id: string;
  readonly text: string;
  /** Time at which its typing began, milliseconds; 0: unknown. */
  readonly typedAt: number;
}

/** The part of the ledger that a delivery uses; each write is fenced and idempotent. */
export interface DeliveryLedger {
  /**
   * Records the state; `typing` also puts the text in flight for the prompt check. Resolves to false when the user has
   * dropped the message: nothing of it may be typed any more.
   */
  phase(state: MessageState, reason?: string): Promise<boolean>;
  /** Returns the receipt from the durable record and the conversation. */
  receipt(): Promise<Receipt | null>;
  /** Returns what the conversation's file proves; null when nobody can tell. */
  conversation(): Promise<ConversationProgress | null>;
  /** Resolves when a receipt may have arrived (a wake-up), after `ms`, or when `signal` is aborted. */
  receiptOrTimeout(ms: number, signal?: AbortSignal): Promise<void>;
  /** Returns how the message named by a pane's marker was typed, if it was one of the last few; else null. */
  typedText(mark: string): Promise<readonly string[] | null>;
  /** Deletes a refusal before the text is typed again. */
  clearReceipt(): Promise<void>;
}
