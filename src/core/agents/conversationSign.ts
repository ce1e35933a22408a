/**
 * One line of the file in which an agent CLI stores a conversation, as far as it proves what the model has read. `at`:
 * milliseconds since the epoch, 0 when the line names no time.
 */
export type ConversationSign =
  /** The text begins a turn. */
  | { readonly kind: 'prompt'; readonly text: string; readonly at: number }
  /** The text was given to the model within the running turn. */
  | { readonly kind: 'steered'; readonly text: string; readonly at: number }
  /** The CLI keeps the text in its own queue; the model does not have it. */
  | { readonly kind: 'queued'; readonly text: string; readonly at: number }
  /** The CLI took the text out of its queue and put it back into the input box. */
  | { readonly kind: 'returned'; readonly text: string; readonly at: number }
  /** The model calls a tool; `does` is what it does, in a few words. */
  | { readonly kind: 'call'; readonly does: string }
  /** The model answers without a tool call: its turn ends. */
  | { readonly kind: 'answer' };

/** A call of a tool, as one line of a conversation shows it. */
export type CallSign =
  | { readonly kind: 'call'; readonly id: string; readonly call: string }
  | { readonly kind: 'result'; readonly id: string; readonly failed: boolean };
