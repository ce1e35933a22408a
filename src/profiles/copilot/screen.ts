import type { TerminalScreen, ScreenLine, ScreenReading } from '../../core/agents/agentProfile';
import { findRuledInputBox, type RuledInputBox } from '../shared/ruledInputBox';

/** Prompt character and space; tmux removes the space from the row of an empty input box. */
const SIGN = /^(❯|!)(?: |$)/;
/** A choice that Enter selects, with or without a frame. */
const SELECTED = /^\s*[│┃]?\s*❯ \d+\. \S/;
const HINT =
  /\b(?:enter|esc|tab|space|y|n)(?:\/\w+)? to (?:confirm|select|submit|cancel|continue|close|go back|exit|save|navigate|toggle|skip|view|trust)\b/i;
/** The footer while keys do not write text. */
const COVERED = /\bany key close\b|\buse sidebar\b|^ *search\b/i;
/** The footer starts with a spinner: `◉ Working esc esc interrupt`. */
const TURNING = /^ *[○◉◎●◐◓◑◒⠁-⣿] /;
/** Copilot has not loaded its hooks yet, and typed text may be lost. */
const LOADING = /^ *[○◉◎●] Loading\b/;
const QUEUED = /└ \[pending\b/;
/** Placeholder for a paste of many lines: `[Paste #1 - 60 lines]`, without its spaces. */
const FOLD = /\[Paste#\d+-(\d+)(lines)\]/;
const MENU_ROWS = 8;
const FRAME = /^[\s│┃╭╮╰╯─]*$/;

/** Texts of dialogs that Copilot shows on no idle or busy screen. */
export const COPILOT_DIALOG_HINTS: readonly string[] = ['enter to select', 'esc to cancel', 'Do you want to'];

/**
 * Parses a screen of Copilot CLI (1.0). Copilot shows its cursor only where keys go. An unknown screen is `unknown`.
 * With a completion menu or the help open the kind is `dialog` and the composer is present as well: the next key would
 * not write text.
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

/**
 * Returns the composer. It uses at most half of the pane less two rows, and nothing shows that there are more rows
 * (measured at 15 to 50 rows).
 */
function composerOf(screen: TerminalScreen, found: RuledInputBox): RuledInputBox['composer'] {
  const { composer } = found;
  const mayHaveMore = composer.rows.length >= Math.floor(screen.height / 2) - 2;
  return {
    ...composer,
    whole: composer.whole && !mayHaveMore,
    fold: FOLD.test(composer.rows.join('').replace(/\s/g, '')) ? FOLD : undefined,
  };
}

/**
 * Returns the selected line of a menu of commands, files or issues. The menu is in the few rows above the input box,
 * and only while the draft contains a word that opens one.
 */
function menuOf(screen: TerminalScreen, found: RuledInputBox): string | undefined {
  if (!/(?:^|\s)[@#]\S*$|^\//.test(found.composer.text)) return undefined;
  return screen.lines
    .slice(Math.max(0, found.top - MENU_ROWS), Math.max(0, found.top))
    .find((line) => /^\s*┃?\s*❯ [@#/]/.test(line.text))?.text;
}

/** Returns a dialog's first lines, for users, without its frame. */
function excerpt(lines: readonly ScreenLine[]): string {
  const texts = lines
    .filter((line) => !FRAME.test(line.text))
    .map((line) => line.text.replace(/^[\s│┃]+|[\s│┃]+$/g, ''));
  const choice = texts.findIndex((text) => /^❯ \d+\. /.test(text));
  const end = choice < 0 ? texts.length : choice;
  return texts.slice(Math.max(0, end - 3), end).join(' · ');
}
