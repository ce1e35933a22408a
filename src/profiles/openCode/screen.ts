import type { Composer, TerminalScreen, ScreenLine, ScreenReading, ScreenRun } from '../../core/agents/agentProfile';

/**
 * Lower edge of the input box. Above it are, from bottom to top and each behind a bar: the agent's line, an empty line,
 * the draft, and an empty line.
 */
const EDGE = /^( *)╹(▀{8,})/;
const BAR = '┃';
/** Placeholder before the first prompt of a conversation; Kilo writes three dots. */
const PLACEHOLDER = /^Ask anything(?:…|\.\.\.) "/;
/** The agent's line in shell mode, where a shell would run typed text. */
const SHELL = /^ *Shell(?: |$)/;
const FOLD = /\[Pasted~(\d+)(lines)\]/;
const WORKS = /\besc (?:again to )?interrupt/;
const DIALOG =
  /△ (?:Permission required|Reject permission|Always allow)|\b(?:enter (?:confirm|submit|toggle)|esc (?:dismiss|cancel))\b/;
/** The input box may scroll beyond this number of rows without showing it. */
const MAX_ROWS = 5;

/** Texts of dialogs that OpenCode shows on no idle or busy screen. */
export const OPENCODE_DIALOG_HINTS: readonly string[] = [
  'Permission required',
  'enter confirm',
  'enter submit',
  'esc dismiss',
];

/** Parses a screen of OpenCode (1.18). An unknown screen is `unknown`. */
export function readOpenCodeScreen(screen: TerminalScreen): ScreenReading {
  const nothing = { composer: null, dialog: '', queued: false };
  const lines = screen.lines.filter((line) => line.text.trim() !== '');
  if (lines.length === 0) return { kind: 'starting', ...nothing };
  const found = findComposer(screen);
  if (found === null) {
    const asked = lines.findIndex((line) => DIALOG.test(line.text));
    return asked < 0 ? { kind: 'unknown', ...nothing } : { kind: 'dialog', ...nothing, dialog: excerpt(lines) };
  }
  const queued = screen.lines
    .slice(0, found.top)
    .some(({ runs }) => runs.some((run) => run.text.trim() === 'QUEUED' && run.bg !== ''));
  // The cursor shows that keys go to something that covers the input box.
  if (!found.focused) return { kind: 'dialog', composer: null, dialog: 'something covers the composer', queued };
  if (isMenu(screen.lines[found.top - 1], found.left))
    return { kind: 'dialog', composer: found.composer, dialog: 'a menu is open', queued };
  const busy = queued || screen.lines.slice(found.bottom + 1).some((line) => WORKS.test(line.text));
  return { kind: busy ? 'busy' : 'ready', composer: found.composer, dialog: '', queued };
}

interface Found {
  readonly composer: Composer;
  readonly focused: boolean;
  /** First line of the box, line of its lower edge and column of its bar. */
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
}

function findComposer(screen: TerminalScreen): Found | null {
  const bottom = screen.lines.findLastIndex((line) => EDGE.test(line.text));
  const [, indent = '', edge = ''] = EDGE.exec(screen.lines[bottom]?.text ?? '') ?? [];
  const left = indent.length;
  const agent = screen.lines[bottom - 1];
  if (bottom < 4 || !isInBox(agent, left)) return null;
  const colour = inside(agent, left)[0]?.bg ?? '';
  let top = bottom - 1;
  // Earlier prompts have a bar too, but another background.
  while (
    isInBox(screen.lines[top - 1], left) &&
    !isMenu(screen.lines[top - 1], left) &&
    (inside(screen.lines[top - 1], left)[0]?.bg ?? '') === colour
  )
    top -= 1;
  if (bottom - top < 4) return null;
  const drawn = screen.lines.slice(top + 1, bottom - 2);
  const { x, y, visible } = screen.cursor;
  const focused = visible && y > top && y < bottom - 2 && x > left;
  const isAtStart = y === top + 1 && x === left + 3;
  return {
    composer: readRows(
      drawn.map((line) => row(line, left, edge.length, colour)),
      row(agent, left, edge.length, colour),
      isAtStart,
      edge.length - 4,
      agent?.text,
    ),
    focused,
    top,
    bottom,
    left,
  };
}

function isInBox(line: ScreenLine | undefined, left: number): boolean {
  return (
    line !== undefined && line.text.length > left && line.text[left] === BAR && line.text.slice(0, left).trim() === ''
  );
}

/**
 * Returns whether this is a line of the menu that completes a `/command` or an `@path`: it has a bar at its end as
 * well.
 */
function isMenu(line: ScreenLine | undefined, left: number): boolean {
  return line !== undefined && isInBox(line, left) && line.text.lastIndexOf(BAR) > left;
}

/** Returns the runs behind the bar. */
function inside(line: ScreenLine | undefined, left: number): readonly ScreenRun[] {
  const bar = line?.runs.findIndex((run) => run.text.includes(BAR)) ?? -1;
  if (line === undefined || bar < 0) return [];
  const [first, ...others] = line.runs.slice(bar);
  const behind = first?.text.slice(first.text.indexOf(BAR) + 1) ?? '';
  return [...(first && behind !== '' ? [{ ...first, text: behind }] : []), ...others].filter(
    (run) => run.text !== '' && left >= 0,
  );
}

/** Returns the box's part of a line; a sidebar beside it has another background. */
function row(line: ScreenLine | undefined, left: number, width: number, colour: string): string {
  const runs = inside(line, left);
  const last = runs.findLastIndex((run) => run.bg === colour);
  const text =
    colour === ''
      ? runs
          .map((run) => run.text)
          .join('')
          .slice(0, width)
      : runs
          .slice(0, last + 1)
          .map((run) => run.text)
          .join('');
  return text.slice(2).trimEnd();
}

function readRows(
  drawn: readonly string[],
  agent: string,
  isAtStart: boolean,
  columns: number,
  anchor: string | undefined,
): Composer {
  const isPlaceholder = drawn.length === 1 && isAtStart && PLACEHOLDER.test(drawn[0] ?? '');
  const rows = isPlaceholder ? [''] : [...drawn];
  // Shell mode without text is no empty input box: the shell would run the next text.
  if (SHELL.test(agent)) rows[0] = `!${rows[0] ?? ''}`;
  const text = rows.join('\n').trimEnd();
  return {
    text,
    rows,
    columns,
    empty: text === '',
    whole: rows.length < MAX_ROWS,
    fold: FOLD.test(rows.join('').replace(/\s/g, '')) ? FOLD : undefined,
    // An empty draft is a bar like many others, but the agent's line is present only with the input box.
    anchor,
  };
}

/** Returns a dialog's first lines, for users: from the start of the last bar. */
function excerpt(lines: readonly ScreenLine[]): string {
  const end = lines.findLastIndex((line) => line.text.includes(BAR));
  let begin = end;
  while (lines[begin - 1]?.text.trimStart().startsWith(BAR)) begin -= 1;
  return lines
    .slice(begin, end + 1)
    .map((line) => line.text.trim().replace(/^┃ */, ''))
    .filter((text) => text !== '')
    .slice(0, 3)
    .join(' · ');
}
