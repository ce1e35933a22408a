/** State of a message. */
export const MESSAGE_STATES = [
  'queued',
  'held',
  'typing',
  'typed',
  'entered',
  'delivered',
  'received',
  'retrying',
  'dead',
  'uncertain',
  'dropped',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];
/** States that a message does not leave by itself. */
export const FINAL_STATES: readonly MessageState[] = ['received', 'dead', 'uncertain', 'dropped'];

/** Returns true for a message that waits for the user's decision: retry or drop. */
export function isStuck({ state }: { readonly state: MessageState }): boolean {
  return state === 'dead' || state === 'uncertain';
}

/**
 * Why a message is held.
 * - `waiting`: the agent's `wait_for` is not satisfied yet (opening tasks only).
 * - `budget`: the team's budget is used up; `paused`: the user paused the team.
 * - `limited`: the model refuses the agent's account until a time, or until the user acts.
 * - `editor-mode`: the input box is in a mode in which keys are commands (vim's NORMAL).
 * - `not-submitting`: Enter does not submit there, because the user's key bindings moved it.
 * - `host-away`: no executor is connected for the agent's host (shown by views; the ledger still holds `queued`).
 */
export const HOLD_REASONS = [
  'starting',
  'dialog',
  'draft',
  'copy-mode',
  'not-the-agent',
  'busy',
  'no-composer',
  'exited',
  'paused',
  'waiting',
  'budget',
  'host-away',
  'limited',
  'editor-mode',
  'not-submitting',
] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/**
 * Allowed state transitions. A state may also follow itself:
 * - `held` with another reason;
 * - `entered` when the text is still in the input box and gets Enter again;
 * - a write that is repeated because its answer was lost.
 */
export const FOLLOWERS: Readonly<Record<MessageState, readonly MessageState[]>> = {
  // A message to the user has no pane: it is delivered from the queue.
  queued: ['held', 'typing', 'delivered', 'received', 'retrying', 'dead', 'dropped'],
  // `typed`: the text was complete when it was held (a dialog opened before Enter) and still is.
  held: ['typing', 'typed', 'received', 'retrying', 'dead', 'uncertain', 'dropped'],
  typing: ['typed', 'held', 'retrying', 'dead'],
  // `typing`: the input box lost a piece before Enter. `received`: the user pressed Enter. `uncertain`: see
  // `resumeAction`.
  typed: ['entered', 'typing', 'held', 'received', 'retrying', 'dead', 'uncertain'],
  // After Enter TACO only waits for proof. `held`: `not-submitting` alone, when the input box shows that each Enter made
  // a new line. `retrying`, `dead`: the prompt check refused it, so the model did not get it.
  entered: ['held', 'delivered', 'received', 'retrying', 'dead', 'uncertain'],
  delivered: ['received', 'retrying', 'dead', 'uncertain'],
  retrying: ['held', 'typing', 'received', 'retrying', 'dead', 'dropped'],
  // Only by the user.
  dead: ['queued', 'dropped'],
  // `received`: the receipt arrived late.
  uncertain: ['received', 'queued', 'dropped'],
  received: [],
  dropped: [],
};

/** Returns whether a message in state `from` may next be in state `to`. */
export function canFollow(from: MessageState, to: MessageState): boolean {
  return from === to ? !FINAL_STATES.includes(from) : FOLLOWERS[from].includes(to);
}

/** Returns whether the user can drop a message in this state: nothing of it is on its way into the agent. */
export function canDrop(state: MessageState): boolean {
  return FOLLOWERS[state].includes('dropped');
}

/** State of the pane's marker for this queue entry; null: no marker, no pane, or a marker of another entry. */
export type PaneMark = 'typing' | 'typed' | 'entered' | null;

/**
 * - `type`: the pane holds nothing of it: do step 1.
 * - `clear-and-type`: the pane holds a part of it: remove the part and the marker first, then do step 1. A crash in
 *   between must find the old ledger, not a `typing` beside an old marker.
 * - `enter`: the whole text is in the input box: do step 3 only.
 * - `book-keep`: Enter was pressed: wait for proof and type nothing.
 * - `uncertain`: whether Enter was pressed is unknown: check for a late receipt, then notify the user.
 * - `nothing`: the message has ended.
 */
export type ResumeAction = 'type' | 'clear-and-type' | 'enter' | 'book-keep' | 'uncertain' | 'nothing';

/**
 * Returns the action for a message that another process, or this one before a crash, may have begun. tmux sets the
 * marker in the same command list as the keys, so it is never wrong, but it is lost with the pane. The ledger is
 * written between the steps: `typing` before the first key, `typed` before Enter, `entered` after it. A `held` in the
 * ledger means that Enter was not pressed.
 */
export function resumeAction(ledger: MessageState, mark: PaneMark): ResumeAction {
  if (FINAL_STATES.includes(ledger)) return 'nothing';
  // The attempt that pressed Enter failed; its marker is still set.
  if (ledger === 'retrying' && mark === 'entered') return 'clear-and-type';
  switch (mark) {
    case 'entered':
      return 'book-keep';
    case 'typed':
      return 'enter';
    case 'typing':
      return 'clear-and-type';
    case null:
      // Without a marker, `typed` may hide an Enter that was not yet recorded in the ledger.
      return ledger === 'typed' || ledger === 'entered' || ledger === 'delivered' ? 'uncertain' : 'type';
  }
}
