import type { Composer, TerminalScreen, ScreenLine, ScreenReading } from '../../core/agents/agentProfile';
import { findRuledInputBox, type RuledInputBox } from '../shared/ruledInputBox';

/** `> ` or, in shell mode, `! `; another sign in other approval modes. */
const SIGN = /^([>*!])(?: |$)/;
const PLACEHOLDER = /^Type your message or @path\/to\/file$/;
/** Qwen Code draws its cursor behind the draft as a space and an invisible character. */
const CARET = / ?\u200b$/;
/** Placeholder for a long paste: `[Pasted Content 3089 chars]`, without its spaces. */
const FOLD = /\[PastedContent(\d+)(chars|lines)\](?:#\d+)?/;
/** `⠇ Just a moment... (2s · esc to cancel)`, above the input box. */
const WORKS = /^ *[\u2800-\u28ff] .*\besc to cancel\)/;
/** Maximum lines from the input box up to that line. */
const WORK_LINES = 14;
const SELECTED = /^\s*[│┃]?\s*[›●] \d+\. \S/;
const HINT = /Waiting for user confirmation|\b(?:Enter to (?:select|confirm|submit)|Esc to (?:cancel|close|go back))/i;
/** The last word of a draft that opens a menu of files. */
const AT_WORD = /(?:^|\s)@\S*$/;
const COMMAND = /^\/\S*$/;
/** The input box may scroll beyond this number of rows without showing it. */
const MAX_ROWS = 10;

/** Texts of dialogs that Qwen Code shows on no idle or busy screen. */
export const QWEN_DIALOG_HINTS: readonly string[] = [
  'Allow execution of',
  'Waiting for user confirmation',
  'Yes, allow once',
];

/** Parses a screen of Qwen Code (0.24). Its cursor is visible only where keys go. An unknown screen is `unknown`. */
export function readQwenScreen(screen: TerminalScreen): ScreenReading {
  const nothing = { composer: null, dialog: '', queued: false };
  const lines = screen.lines.filter((line) => line.text.trim() !== '');
  if (lines.length === 0) return { kind: 'starting', ...nothing };
  const found = screen.cursor.visible ? findRuledInputBox(screen, SIGN) : null;
  if (found === null) {
    const asks = lines.some(({ text }) => SELECTED.test(text) || HINT.test(text));
    return asks ? { kind: 'dialog', ...nothing, dialog: excerpt(lines) } : { kind: 'unknown', ...nothing };
  }
  if (!found.focused) return { kind: 'unknown', ...nothing };
  const composer = composerOf(screen, found);
  const menu = menuOf(screen, composer, found.bottom);
  if (menu !== '') return { kind: 'dialog', composer, dialog: menu, queued: false };
  const above = screen.lines.slice(Math.max(0, found.top - WORK_LINES), Math.max(0, found.top));
  return { kind: above.some(({ text }) => WORKS.test(text)) ? 'busy' : 'ready', composer, dialog: '', queued: false };
}

function composerOf(screen: TerminalScreen, { composer, mode, top }: RuledInputBox): Composer {
  const isGhost = isOnGhost(screen, top);
  const sign = mode === 'shell' ? '!' : '';
  const rows = isGhost ? [sign] : composer.rows.map((row) => row.replace(CARET, '').trimEnd());
  const text = isGhost ? sign : composer.text.replace(CARET, '').trimEnd();
  return {
    ...composer,
    text,
    rows,
    empty: text === '' && mode === 'prompt',
    whole: composer.whole && rows.length < MAX_ROWS,
    fold: FOLD.test(rows.join('').replace(/\s/g, '')) ? FOLD : undefined,
  };
}

/**
 * Returns whether the box shows a placeholder or a suggestion: the cursor is at its start, and the text behind the cursor
 * has another colour than a draft, whose colour is the terminal's; the cursor may cover its first letter.
 */
function isOnGhost(screen: TerminalScreen, top: number): boolean {
  const { x, y } = screen.cursor;
  if (y !== top + 1 || x !== 2) return false;
  const drawn = screen.lines[y]?.runs.filter((run) => !SIGN.test(run.text) && run.text.trim() !== '') ?? [];
  const text = drawn.map((run) => run.text).join('');
  return (
    PLACEHOLDER.test(text.trim()) ||
    (drawn.length > 0 && drawn.every((run) => run.dim || run.fg !== '' || run.bg !== ''))
  );
}

/** Returns a menu that completes a command or a file: Enter would choose from it. */
function menuOf(screen: TerminalScreen, { text, empty }: Composer, bottom: number): string {
  // A space behind the word closes the menu.
  const row = screen.lines[screen.cursor.y]?.runs.map((run) => run.text).join('') ?? '';
  if (!empty && AT_WORD.test(row.replace(CARET, ''))) return 'a menu of files is open';
  const shown = screen.lines.slice(bottom + 1).some((line) => /^ *[>›] \S/.test(line.text));
  return COMMAND.test(text) && shown ? 'a menu of commands is open' : '';
}

/** Returns the lines above a dialog's selected choice, for users. */
function excerpt(lines: readonly ScreenLine[]): string {
  const texts = lines.map(({ text }) => text.replace(/^[\s│┃]+|[\s│┃]+$/g, ''));
  const choice = texts.findIndex((text) => SELECTED.test(text));
  const end = choice < 0 ? texts.length : choice;
  return texts.slice(Math.max(0, end - 3), end).join(' · ');
}
