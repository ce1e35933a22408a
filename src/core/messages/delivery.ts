import type { HoldReason, MessageState } from './messageState';

/** Result of one delivery attempt. */
export type DeliveryResult =
  /** The model got exactly this text. */
  | { readonly kind: 'received' }
  /** The text left the input box; this CLI cannot prove more. */
  | { readonly kind: 'delivered' }
  /** Typing is not possible now; no attempt is used. The courier checks again after a change. */
  | { readonly kind: 'held'; readonly reason: HoldReason }
  /** The attempt failed and left no text behind; it counts. `final`: a further attempt cannot succeed. */
  | { readonly kind: 'failed'; readonly reason: string; readonly final?: boolean }
  /** The pane vanished between Enter and proof: the outcome is unknown. */
  | { readonly kind: 'uncertain'; readonly reason: string }
  /** The user dropped the message; the pane holds nothing of it any more. */
  | { readonly kind: 'dropped' }
  /** Another process leads now. */
  | { readonly kind: 'stale-leader' };

/** Hook report about a message: the model got it, or the prompt check refused it as damaged. */
export type Receipt = 'received' | 'refused';

/** The part of the ledger that a delivery uses; each write is fenced and idempotent. */
export interface DeliveryLedger {
  /**
   * Records the state; `typing` also puts the text in flight for the prompt check. Resolves to false when the user has
   * dropped the message: nothing of it may be typed any more.
   */
  phase(state: MessageState, reason?: string): Promise<boolean>;
  /** Returns the receipt from the durable record. */
  receipt(): Promise<Receipt | null>;
  /** Resolves when a receipt may have arrived (a wake-up), after `ms`, or when `signal` is aborted. */
  receiptOrTimeout(ms: number, signal?: AbortSignal): Promise<void>;
  /** Returns how the message named by a pane's marker was typed, if it was the last one; else null. */
  typedText(mark: string): Promise<readonly string[] | null>;
  /** Deletes a refusal before the text is typed again. */
  clearReceipt(): Promise<void>;
}
