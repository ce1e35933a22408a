import type { Composer, TerminalScreen, ScreenLine, ScreenReading } from '../../core/agents/agentProfile';
import { isFaint } from '../shared/ruledInputBox';

/** Prompt character at the margin: `›`, or `!` in shell mode. */
const SIGN = /^[›!] /;
/** A choice that Enter selects. */
const SELECTED = /^\s*› \d+\. /;
const HINT =
  /\b(?:enter|esc|tab|space|y|n) to (?:confirm|cancel|continue|select|submit|close|go back|exit|edit|toggle|skip|insert|dismiss|quit|view)\b/i;
/** Text of the popup over the input box while Enter selects one of its lines. */
const POPUP = /\b(?:enter|tab)(?:\/tab)? (?:to )?insert\b/i;
/** `• Working (4s • esc to interrupt)` at the margin. */
const INTERRUPT = /^[•◦] .*\((?:\d+[hms] ?)+ • esc to interrupt\)/;
/** Messages in Codex's own queue. */
const QUEUED = /^\s*(?:• )?(?:Queued|Messages to be submitted|Pending)\b/i;
/** A placeholder that hides a text, which then cannot be read back. */
const PLACEHOLDER = /\[(?:Pasted Content \d+ chars|Image #\d+)\]/;
/** Marker in the last column of the first or last row when there are more rows above or below. */
const MORE = /^[↑↓]$/;
const INDENT = 2;
/** Maximum lines from the input box up to the line that shows work. */
const WORK_LINES = 16;

/** Texts of dialogs that Codex shows on no idle or busy screen. */
export const CODEX_DIALOG_HINTS: readonly string[] = ['enter to confirm', 'esc to cancel', 'Would you like to'];

/**
 * Parses a screen of Codex (0.169). Codex shows its cursor only where keys go, so an input box without it does not
 * count. An unknown screen is `unknown`. With a completion popup open the kind is `dialog` and the composer is present
 * as well: Enter would select the completion.
 */
export function readCodexScreen(screen: TerminalScreen): ScreenReading {
  const lines = screen.lines.filter((line) => line.text.trim() !== '');
  const nothing = { composer: null, dialog: '', queued: false };
  if (lines.length === 0) return { kind: 'starting', ...nothing };
  const found = findComposer(screen);
  if (found === null) {
    const last = lines.slice(-6);
    const isDialog =
      !screen.cursor.visible &&
      (lines.some((line) => SELECTED.test(line.text)) || last.some((line) => HINT.test(line.text)));
    return isDialog ? { kind: 'dialog', ...nothing, dialog: excerpt(screen.lines) } : { kind: 'unknown', ...nothing };
  }
  const above = screen.lines.slice(0, found.top);
  const popup =
    above.slice(-2).find((line) => POPUP.test(line.text)) ??
    (found.composer.text.startsWith('/') ? above.findLast((line) => line.text !== '') : undefined);
  if (popup !== undefined && !found.composer.empty)
    return { kind: 'dialog', composer: found.composer, dialog: popup.text.trim(), queued: false };
  const near = above.slice(-WORK_LINES);
  const queued = near.some((line) => QUEUED.test(line.text));
  return {
    kind: near.some((line) => INTERRUPT.test(line.text)) ? 'busy' : 'ready',
    composer: found.composer,
    dialog: '',
    queued,
  };
}

/**
 * Finds the lowest prompt character at the margin, with its rows down to the empty line above the footer. The cursor
 * must be in them.
 */
function findComposer(screen: TerminalScreen): { readonly composer: Composer; readonly top: number } | null {
  const { y, visible } = screen.cursor;
  if (!visible) return null;
  const texts = screen.lines.map((line) => line.text);
  const footer = texts.findLastIndex((text) => text !== '');
  const blank = texts.findLastIndex((text, index) => index < footer && text === '');
  // A pane too low for a footer ends with the input box.
  const bottom = blank >= y ? blank : Math.max(footer, y) + 1;
  for (let top = Math.min(y, bottom - 1); top >= 0; top--) {
    const line = screen.lines[top];
    if (line === undefined) return null;
    if (SIGN.test(`${line.text} `)) return { top, composer: composerOf(screen, screen.lines.slice(top, bottom)) };
    if (line.text !== '' && !line.text.startsWith('  ')) return null;
  }
  return null;
}

function composerOf(screen: TerminalScreen, lines: readonly ScreenLine[]): Composer {
  const shell = lines[0]?.text.startsWith('!') === true;
  const rows = lines.map((line) => rowOf(line, screen.width));
  while (rows.length > 1 && rows.at(-1) === '') rows.pop();
  const text = rows.join('\n').trimEnd();
  const scrolled = lines.some((line) => line.runs.some((_, index) => index > 0 && isMore(line, index)));
  return {
    text: shell ? `!${text}` : text,
    // Shell mode without text is no empty input box: the shell would run the next text.
    empty: text === '' && !shell,
    whole: !scrolled && !PLACEHOLDER.test(text),
    rows: shell ? [`!${rows[0] ?? ''}`, ...rows.slice(1)] : rows,
    columns: screen.width - INDENT - 1,
    anchor: lines[0]?.runs.map((run) => run.text).join(''),
  };
}

/** Returns a row without its prompt character and its placeholder, which is faint. */
function rowOf(line: ScreenLine, width: number): string {
  let cell = 0;
  let row = '';
  line.runs.forEach((run, index) => {
    const text = [...run.text].slice(Math.max(0, INDENT - cell)).join('');
    cell += [...run.text].length;
    if (!isFaint(run) && !isMore(line, index)) row += text;
  });
  return row.slice(0, width).trimEnd();
}

function isMore(line: ScreenLine, index: number): boolean {
  const run = line.runs[index];
  return run !== undefined && index === line.runs.length - 1 && isFaint(run) && MORE.test(run.text.trim());
}

/** Returns a dialog's first lines, for users: the block of lines above its choices. */
function excerpt(lines: readonly ScreenLine[]): string {
  const texts = lines.map((line) => line.text.trim());
  const choice = lines.findIndex((line) => SELECTED.test(line.text));
  const end = choice < 0 ? texts.length : choice;
  const question = texts.findLastIndex(
    (text, index) => index < end && text.endsWith('?') && !text.startsWith('Reason:'),
  );
  const from = question >= 0 ? question : Math.max(0, end - 6);
  return texts
    .slice(from, end)
    .filter((text) => text !== '' && !/^[─▔╌]+$/.test(text))
    .slice(0, 3)
    .join(' · ');
}
