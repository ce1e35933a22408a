import type { HoldReason } from '../../core/messages/messageState';
import type { PaneObservation } from './composerTyping';

/** Milliseconds after which Enter is tried again in a process in which it made a new line: key bindings can change. */
const ENTER_AGAIN_AFTER_MS = 60_000;

/** Remembers what the input box of each pane showed earlier and does not show now. A new process in a pane starts with an empty memory. */
export class InputBoxMemory {
  /** By pane: the process whose input box has vim's modes. */
  private readonly modal = new Map<string, number>();
  /** By pane: the process in which Enter does not submit, and when that was seen. */
  private readonly unsubmitted = new Map<string, { readonly pid: number; readonly at: number }>();

  /** Returns why nothing can be typed into this input box, or null. `now`: milliseconds of one clock. */
  holdReason({ state: { pane, pid }, reading: { editor, composer } }: PaneObservation, now: number): HoldReason | null {
    if (editor === 'command') return 'editor-mode';
    if (editor === 'insert') this.modal.set(pane, pid);
    // NORMAL has no sign of its own: it is what an input box with modes shows when it does not show INSERT.
    else if (composer && this.modal.get(pane) === pid) return 'editor-mode';
    const unsubmitted = this.unsubmitted.get(pane);
    return unsubmitted?.pid === pid && now - unsubmitted.at < ENTER_AGAIN_AFTER_MS ? 'not-submitting' : null;
  }

  /** Records that Enter made a new line in this pane. */
  onNotSubmitted({ state: { pane, pid } }: PaneObservation, now: number): void {
    this.unsubmitted.set(pane, { pid, at: now });
  }
}
