import type { HoldReason, MessageState } from '../models';

/** How one attempt at a delivery ended. */
export type DeliveryResult =
  /** The model got exactly this text. */
  | { readonly kind: 'received' }
  /** It left the composer; this CLI cannot prove more. */
  | { readonly kind: 'delivered' }
  /** Nothing may be typed now; no attempt is used. Look again when something changed. */
  | { readonly kind: 'held'; readonly reason: HoldReason }
  /** It did not work; nothing of it is left behind. An attempt is used; `final`: no other can work. */
  | { readonly kind: 'failed'; readonly reason: string; readonly final?: boolean }
  /** The pane vanished between Enter and proof: nobody can know. */
  | { readonly kind: 'uncertain'; readonly reason: string }
  /** Another process leads now. */
  | { readonly kind: 'stale-leader' };

/** What the agent CLI's own hook said of a message: the model got it, or the door refused it as damaged. */
export type Receipt = 'received' | 'refused';

/** What a delivery needs of the ledger; each write is fenced and idempotent. */
export interface DeliveryLedger {
  /** Records the state; `typing` also puts the text in flight for the door. */
  phase(state: MessageState, reason?: string): Promise<void>;
  /** The receipt, from the durable record. */
  receipt(): Promise<Receipt | null>;
  /** Resolves when a receipt may have come (a wake-up), after `ms`, or when `signal` is aborted. */
  receiptOrTimeout(ms: number, signal?: AbortSignal): Promise<void>;
  /** How the message that a pane's marker names was typed, if it is the last one that was; else null. */
  typedText(mark: string): Promise<readonly string[] | null>;
  /** Forgets a refusal before the text is typed again. */
  clearReceipt(): Promise<void>;
}
