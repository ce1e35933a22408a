import type { AgentProfile, Dialog } from '../../core/agents/agentProfile';
import type { Clock } from '../../core/team/ports';
import type { KeyGuard, PaneDriver, PaneState } from '../pane/paneDriver';

export interface AnswerDialogContext {
  readonly panes: PaneDriver;
  readonly clock: Clock;
  readonly epoch: number;
  readonly profile: Pick<AgentProfile, 'readDialog' | 'typing'>;
}

/** A CLI moves its sign within this after an arrow key, milliseconds. */
const MOVES_WITHIN_MS = 1500;
const LOOK_MS = 30;

interface Seen {
  readonly look: PaneState;
  readonly dialog: Dialog;
}

/**
 * Takes one choice of the dialog with this digest: the sign is moved to it one row at a time, then Enter. Each key goes only if
 * tmux itself sees, at that moment, the dialog's rows and the sign where they were seen; so a dialog that changed is never answered.
 * `ignored`: the dialog still stands after Enter (one that is just drawn may not listen yet); it is not pressed twice.
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
      await context.clock.sleep(LOOK_MS);
      seen = await see(context, pane);
    } while (stands() && context.clock.now() < until);
    if (there) return stands() ? 'ignored' : 'done';
    if (stands()) return 'ignored'; // it does not follow the arrows: not a dialog as we know it
  }
  return 'changed';
}

async function see({ panes, profile }: AnswerDialogContext, pane: string): Promise<Seen | null> {
  const look = await panes.look(pane);
  if (look === null || look.dead || look.inMode) return null;
  const dialog = profile.readDialog?.(look.screen) ?? null;
  return dialog && { look, dialog };
}

function fenceOf({ epoch }: AnswerDialogContext, { look, dialog }: Seen): KeyGuard {
  return { epoch, command: look.command, pid: look.pid, rows: dialog.rows };
}
