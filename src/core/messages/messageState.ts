import { FINAL_STATES, type MessageState } from '../models';

/**
 * Which state may follow which. A state may also follow itself: `held` with another reason, `entered` when the text still stands in
 * the composer and gets Enter again, or a write that is repeated because its answer was lost.
 */
export const FOLLOWERS: Readonly<Record<MessageState, readonly MessageState[]>> = {
  // A message to the person has no pane: it is delivered from the queue.
  queued: ['held', 'typing', 'delivered', 'received', 'retrying', 'dead', 'dropped'],
  // `typed`: the text stood there when it was held (a dialog came up before Enter) and still does.
  held: ['typing', 'typed', 'received', 'retrying', 'dead', 'uncertain', 'dropped'],
  typing: ['typed', 'held', 'retrying', 'dead'],
  // `typing`: the composer lost a piece before Enter. `received`: a person pressed Enter on it. `uncertain`: see `resumeAction`.
  typed: ['entered', 'typing', 'held', 'received', 'retrying', 'dead', 'uncertain'],
  // Never `held`: after Enter only proof is waited for. `retrying`, `dead`: the door refused it, so the model surely did not get it.
  entered: ['delivered', 'received', 'retrying', 'dead', 'uncertain'],
  delivered: ['received', 'retrying', 'dead', 'uncertain'],
  retrying: ['held', 'typing', 'received', 'retrying', 'dead', 'dropped'],
  // By the person's hand only.
  dead: ['queued', 'dropped'],
  // `received`: the proof came late.
  uncertain: ['received', 'queued', 'dropped'],
  received: [],
  dropped: [],
};

/** True when a message in state `from` may next be in state `to`. */
export function canFollow(from: MessageState, to: MessageState): boolean {
  return from === to ? !FINAL_STATES.includes(from) : FOLLOWERS[from].includes(to);
}

/** What the marker on the pane says of this very queue entry; null: there is none, or no such pane, or it is another entry's. */
export type PaneMark = 'typing' | 'typed' | 'entered' | null;

/**
 * - `type`: nothing of it is in the pane: step 1; `clear-and-type`: something of it is: remove that and the marker, and only then
 *   (a crash in between must find the old ledger, not a `typing` beside an old marker) begin step 1;
 * - `enter`: the whole text stands there: step 3 only; `book-keep`: it was entered: wait for proof, touch nothing;
 * - `uncertain`: nobody can know whether it was entered: ask for a late receipt, then tell the person; `nothing`: it has ended.
 */
export type ResumeAction = 'type' | 'clear-and-type' | 'enter' | 'book-keep' | 'uncertain' | 'nothing';

/**
 * What to do with a message that another process, or this one before a crash, may have begun. The marker is set by tmux in the same
 * command list as the keys, so it is never wrong, but it dies with the pane; the ledger is written between the steps: `typing` before
 * the first key, `typed` before Enter, `entered` after it. A `held` in the ledger means that Enter had not been pressed.
 */
export function resumeAction(ledger: MessageState, mark: PaneMark): ResumeAction {
  if (FINAL_STATES.includes(ledger)) return 'nothing';
  // The attempt that pressed Enter is known to have failed; its marker is still there.
  if (ledger === 'retrying' && mark === 'entered') return 'clear-and-type';
  switch (mark) {
    case 'entered':
      return 'book-keep';
    case 'typed':
      return 'enter';
    case 'typing':
      return 'clear-and-type';
    case null:
      // Without a marker, `typed` may hide an Enter whose ledger entry was never written.
      return ledger === 'typed' || ledger === 'entered' || ledger === 'delivered' ? 'uncertain' : 'type';
  }
}
