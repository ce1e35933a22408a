import type { Composer, TerminalScreen, ScreenLine, ScreenReading } from '../../core/agents/agentProfile';

/** Upper and lower edge of the input box, as wide as the pane. Earlier prompts have such edges too. */
const UPPER_EDGE = /^▄+$/;
const LOWER_EDGE = /^▀+$/;
/** ` > `, ` * ` in the mode without permission prompts, and ` ! ` where a shell would run the text. */
const SIGN = /^ ([>*!]) /;
const INDENT = 3;
const MARGINS = 6;
/** The input box scrolls beyond this number of rows without showing it. */
const MAX_ROWS = 10;
const PLACEHOLDER = /^(?: {2}Type your (?:message or @path\/to\/file|shell command)| {2}Press '(?:Esc|i)' for )/;
const FOLD = /\[PastedText:(\d+)(lines|chars)(?:#\d+)?\]/;
/**
 * `⠋ Thinking... (esc to cancel, 3s)` or `Executing Hooks: …`, at the margin between the transcript and the input box.
 */
const WORKS = /^ ?(?:[\u2800-\u28ff] .*\(esc to cancel|Executing Hooks?: )/;
const QUEUED = /^ *Queued \(press ↑ to edit\):/;
/** Maximum lines from the input box up to those lines. */
const WORK_LINES = 14;
/** A choice that Enter selects, inside a dialog's frame; the trust dialog is indented by a space. */
const SELECTED = /^ ?[│┃][│┃ ]*● +(?:\d+\. +)?\S/;
const HINT =
  /^ ?[│┃].*\b(?:Enter to (?:select|confirm|submit|continue)|Use Enter to select|Esc to (?:cancel|close|exit|go back)|Press Esc to|Tab to (?:switch focus|change focus))/i;
/** The last word of a draft that opens a menu of files and agents. */
const AT_WORD = /(?:^|\s)@\S*$/;

/** Texts of dialogs that Gemini CLI shows on no idle or busy screen. */
export const GEMINI_DIALOG_HINTS: readonly string[] = [
  'Allow execution of',
  'Apply this change?',
  '1. Allow once',
  'Enter to select',
];

/** Parses a screen of Gemini CLI (0.61). An unknown screen is `unknown`. */
export function readGeminiScreen(screen: TerminalScreen): ScreenReading {
  const nothing = { composer: null, dialog: '', queued: false };
  const lines = screen.lines.filter((line) => line.text.trim() !== '');
  if (lines.length === 0) return { kind: 'starting', ...nothing };
  const found = findComposer(screen);
  // The cursor shows where keys go; earlier prompts have the same frame as the input box.
  if (found === null) {
    const asked = lines.some((line) => SELECTED.test(line.text) || HINT.test(line.text));
    return asked ? { kind: 'dialog', ...nothing, dialog: excerpt(lines) } : { kind: 'unknown', ...nothing };
  }
  const above = screen.lines.slice(Math.max(0, found.top - WORK_LINES), found.top);
  const queued = above.some((line) => QUEUED.test(line.text));
  if (AT_WORD.test(found.beforeCursor))
    return { kind: 'dialog', composer: found.composer, dialog: 'a menu of files is open', queued };
  const busy = queued || above.some((line) => WORKS.test(line.text));
  return { kind: busy ? 'busy' : 'ready', composer: found.composer, dialog: '', queued };
}

interface GeminiComposer {
  readonly composer: Composer;
  /** Line of the upper edge. */
  readonly top: number;
  /** The row of the cursor up to the cursor, with its trailing spaces. */
  readonly beforeCursor: string;
}

/** Finds the framed rows that contain the cursor. */
function findComposer(screen: TerminalScreen): GeminiComposer | null {
  const { y } = screen.cursor;
  const isEdge = (line: ScreenLine | undefined, edge: RegExp): boolean =>
    line !== undefined && edge.test(line.text) && line.text.length >= screen.width - 2;
  const top = screen.lines.findLastIndex((line, index) => index < y && isEdge(line, UPPER_EDGE));
  const bottom = screen.lines.findIndex((line, index) => index > y && isEdge(line, LOWER_EDGE));
  const drawn = screen.lines.slice(top + 1, bottom);
  if (top < 0 || bottom < 0 || drawn.some((line) => isEdge(line, LOWER_EDGE)) || !SIGN.test(`${textOf(drawn[0])} `))
    return null;
  return { composer: readRows(screen, drawn), top, beforeCursor: beforeCursor(screen) };
}

function textOf(line: ScreenLine | undefined): string {
  return line?.runs.map((run) => run.text).join('') ?? '';
}

function readRows(screen: TerminalScreen, drawn: readonly ScreenLine[]): Composer {
  const raw = drawn.map((line) => textOf(line).slice(INDENT));
  const isPlaceholder = drawn.length === 1 && isOnPlaceholder(drawn[0]);
  const shell = SIGN.exec(`${textOf(drawn[0])} `)?.[1] === '!';
  const rows = isPlaceholder ? [''] : raw.map((row) => row.trimEnd());
  if (shell) rows[0] = `!${rows[0] ?? ''}`;
  const text = rows.join('\n').trimEnd();
  return {
    text,
    // Shell mode without text is no empty input box: the shell would run the next text.
    empty: text === '',
    whole: rows.length < MAX_ROWS,
    rows,
    columns: screen.width - MARGINS,
    fold: FOLD.test(rows.join('').replace(/\s/g, '')) ? FOLD : undefined,
    anchor: drawn[0]?.text,
  };
}

/** Returns whether the line is the cursor (an inverse space) with grey words behind it. */
function isOnPlaceholder(line: ScreenLine | undefined): boolean {
  const cursor = line?.runs.findIndex((run) => run.inverse) ?? -1;
  const behind =
    line?.runs
      .slice(cursor + 1)
      .map((run) => run.text)
      .join('') ?? '';
  return cursor >= 0 && line?.runs[cursor]?.text === ' ' && PLACEHOLDER.test(` ${behind}`);
}

function beforeCursor(screen: TerminalScreen): string {
  const line = screen.lines[screen.cursor.y];
  const cursor = line?.runs.findIndex((run) => run.inverse) ?? -1;
  return (
    line?.runs
      .slice(0, Math.max(0, cursor))
      .map((run) => run.text)
      .join('')
      .slice(INDENT) ?? ''
  );
}

/** Returns a dialog's first lines, for users: from the frame above its selected choice. */
function excerpt(lines: readonly ScreenLine[]): string {
  const selected = lines.findIndex((line) => SELECTED.test(line.text));
  const frame = lines.findLastIndex((line, index) => (selected < 0 || index < selected) && /^ ?╭─/.test(line.text));
  return lines
    .slice(frame + 1)
    .map((line) => line.text.replace(/^[│┃\s]+|[│┃\s]+$/g, ''))
    .filter((text) => text !== '' && !/^[─╭╮╰╯]/.test(text))
    .slice(0, 3)
    .join(' · ');
}
