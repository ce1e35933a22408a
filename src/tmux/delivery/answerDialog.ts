import type { AgentProfile, Dialog } from '../../core/agents/agentProfile';
import type { Clock } from '../../core/base/clock';
import type { KeyGuard, PaneDriver, PaneState } from '../pane/paneDriver';

export interface AnswerDialogContext {
  readonly panes: PaneDriver;
  readonly clock: Clock;
  readonly epoch: number;
  readonly profile: Pick<AgentProfile, 'readDialog' | 'typing'>;
}

/** Milliseconds within which a CLI moves its selection marker after an arrow key; a loaded machine draws late. */
const MOVES_WITHIN_MS = 4000;
const POLL_INTERVAL_MS = 30;

interface Seen {
  readonly state: PaneState;
  readonly dialog: Dialog;
}

/**
 * Selects one choice of the dialog with this digest: moves the selection marker to it row by row, then presses Enter.
 * tmux sends each key only if the dialog's rows and the selection marker are still where they were captured. Therefore
 * a dialog that changed is never answered. `ignored`: the dialog is still open after Enter (a dialog just drawn may not
 * read keys yet). Enter is not pressed twice.
 */
export async function answerDialog(
  context: AnswerDialogContext,
  pane: string,
  digest: string,
  choice: number,
): Promise<'done' | 'changed' | 'ignored'> {
  let seen = await see(context, pane);
  for (
    let keys = 0;
    keys < 40 && seen !== null && seen.dialog.digest === digest && choice < seen.dialog.choices.length;
    keys++
  ) {
    const { selected } = seen.dialog;
    const there = selected === choice;
    const key = there ? context.profile.typing.submitKey : selected < choice ? 'Down' : 'Up';
    if ((await context.panes.answer(pane, key, fenceOf(context, seen))) !== 'done') return 'changed';
    const until = context.clock.now() + MOVES_WITHIN_MS;
    const stands = (): boolean => seen?.dialog.digest === digest && seen.dialog.selected === selected;
    do {
      await context.clock.sleep(POLL_INTERVAL_MS);
      seen = await see(context, pane);
    } while (stands() && context.clock.now() < until);
    if (there) return stands() ? 'ignored' : 'done';
    if (stands()) return 'ignored'; // the selection marker ignores the arrow keys: an unknown kind of dialog
  }
  return 'changed';
}

async function see({ panes, profile }: AnswerDialogContext, pane: string): Promise<Seen | null> {
  const state = await panes.capture(pane);
  if (state === null || state.dead || state.inMode) return null;
  const dialog = profile.readDialog?.(state.screen) ?? null;
  return dialog && { state, dialog };
}

function fenceOf({ epoch }: AnswerDialogContext, { state, dialog }: Seen): KeyGuard {
  return { epoch, command: state.command, pid: state.pid, rows: dialog.rows };
}
