import type { TerminalScreen, ScreenLine, ScreenReading } from '../../core/agents/agentProfile';
import { findRuledInputBox, type RuledInputBox } from '../shared/ruledInputBox';

/** Sign and blank; tmux cuts the blank off an empty composer's row. */
const SIGN = /^(❯|!)(?: |$)/;
/** A choice that Enter would take, in a frame or without one. */
const SELECTED = /^\s*[│┃]?\s*❯ \d+\. \S/;
const HINT =
  /\b(?:enter|esc|tab|space|y|n)(?:\/\w+)? to (?:confirm|select|submit|cancel|continue|close|go back|exit|save|navigate|toggle|skip|view|trust)\b/i;
/** The footer while keys do something else than write. */
const COVERED = /\bany key close\b|\buse sidebar\b|^ *search\b/i;
/** The footer begins with a turning sign: `◉ Working esc esc interrupt`. */
const TURNING = /^ *[○◉◎●◐◓◑◒⠁-⣿] /;
/** Its hooks are not there yet, and what is typed may be lost. */
const LOADING = /^ *[○◉◎●] Loading\b/;
const QUEUED = /└ \[pending\b/;
/** What stands for a paste of many lines: `[Paste #1 - 60 lines]`; blanks left out. */
const FOLD = /\[Paste#\d+-(\d+)(lines)\]/;
const MENU_ROWS = 8;
const FRAME = /^[\s│┃╭╮╰╯─]*$/;

/** Words of dialogs that no idle or busy screen of Copilot shows of itself. */
export const COPILOT_DIALOG_HINTS: readonly string[] = ['enter to select', 'esc to cancel', 'Do you want to'];

/**
 * Reads a screen of Copilot CLI (1.0). Its cursor is shown only where keys go; what it has never seen reads `unknown`. With a menu of
 * completions or the help open the kind is `dialog` and the composer is given as well: the next key would not write.
 */
export function readCopilotScreen(screen: TerminalScreen): ScreenReading {
  const found = screen.cursor.visible ? findRuledInputBox(screen, SIGN) : null;
  if (found === null) return readWithoutComposer(screen);
  if (!found.focused) return { kind: 'unknown', composer: null, dialog: '', queued: false };
  const footer = screen.lines.slice(found.bottom + 1).map((line) => line.text);
  const composer = composerOf(screen, found);
  const covered = footer.find((text) => COVERED.test(text)) ?? menuOf(screen, found);
  if (covered !== undefined) return { kind: 'dialog', composer, dialog: covered.trim(), queued: false };
  if (footer.some((text) => LOADING.test(text))) return { kind: 'starting', composer: null, dialog: '', queued: false };
  const queued = screen.lines.some((line) => QUEUED.test(line.text));
  return { kind: footer.some((text) => TURNING.test(text)) ? 'busy' : 'ready', composer, dialog: '', queued };
}

function readWithoutComposer(screen: TerminalScreen): ScreenReading {
  const lines = screen.lines.filter((line) => line.text.trim() !== '');
  const nothing = { composer: null, dialog: '', queued: false };
  if (lines.length === 0) return { kind: 'starting', ...nothing };
  const asks = lines.some((line) => SELECTED.test(line.text)) || lines.slice(-6).some((line) => HINT.test(line.text));
  return asks ? { kind: 'dialog', ...nothing, dialog: excerpt(lines) } : { kind: 'unknown', ...nothing };
}

/** A composer takes at most half of the pane less two rows, and shows by nothing that there is more (measured at 15 to 50 rows). */
function composerOf(screen: TerminalScreen, found: RuledInputBox): RuledInputBox['composer'] {
  const { composer } = found;
  const mayHaveMore = composer.rows.length >= Math.floor(screen.height / 2) - 2;
  return {
    ...composer,
    whole: composer.whole && !mayHaveMore,
    fold: FOLD.test(composer.rows.join('').replace(/\s/g, '')) ? FOLD : undefined,
  };
}

/** The chosen line of a menu of commands, files or issues: in the few rows above the composer, and only while the draft has a word for one. */
function menuOf(screen: TerminalScreen, found: RuledInputBox): string | undefined {
  if (!/(?:^|\s)[@#]\S*$|^\//.test(found.composer.text)) return undefined;
  return screen.lines
    .slice(Math.max(0, found.top - MENU_ROWS), Math.max(0, found.top))
    .find((line) => /^\s*┃?\s*❯ [@#/]/.test(line.text))?.text;
}

/** A dialog's first lines, for people, without its frame. */
function excerpt(lines: readonly ScreenLine[]): string {
  const texts = lines
    .filter((line) => !FRAME.test(line.text))
    .map((line) => line.text.replace(/^[\s│┃]+|[\s│┃]+$/g, ''));
  const choice = texts.findIndex((text) => /^❯ \d+\. /.test(text));
  const end = choice < 0 ? texts.length : choice;
  return texts.slice(Math.max(0, end - 3), end).join(' · ');
}
