import type { Composer, TerminalScreen, ScreenLine, ScreenReading, ScreenRun } from '../../core/agents/agentProfile';

/** The composer's lower edge; above it stand the agent's line, a blank one, the draft, and a blank one again, each behind a bar. */
const EDGE = /^( *)╹(▀{8,})/;
const BAR = '┃';
/** Before the first prompt of a conversation. */
const PLACEHOLDER = /^Ask anything… "/;
/** The agent's line in shell mode: what is typed would be run. */
const SHELL = /^ *Shell(?: |$)/;
const FOLD = /\[Pasted~(\d+)(lines)\]/;
const WORKS = /\besc (?:again to )?interrupt/;
const DIALOG =
  /△ (?:Permission required|Reject permission|Always allow)|\b(?:enter (?:confirm|submit|toggle)|esc (?:dismiss|cancel))\b/;
/** More rows than this may be scrolled, without a sign that they are. */
const MOST_ROWS = 5;

/** Words of OpenCode's dialogs that no idle or busy screen shows of itself. */
export const OPENCODE_DIALOG_HINTS: readonly string[] = [
  'Permission required',
  'enter confirm',
  'enter submit',
  'esc dismiss',
];

/** Reads a screen of OpenCode (1.18). What it has never seen reads `unknown`. */
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
  // The cursor shows where keys go: into something that lies over the composer.
  if (!found.focused) return { kind: 'dialog', composer: null, dialog: 'something covers the composer', queued };
  if (isMenu(screen.lines[found.top - 1], found.left))
    return { kind: 'dialog', composer: found.composer, dialog: 'a menu is open', queued };
  const busy = queued || screen.lines.slice(found.bottom + 1).some((line) => WORKS.test(line.text));
  return { kind: busy ? 'busy' : 'ready', composer: found.composer, dialog: '', queued };
}

interface Found {
  readonly composer: Composer;
  readonly focused: boolean;
  /** First line of the box, line of its lower edge, column of its bar. */
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
  // What was said before has a bar too, and another background.
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

/** A line of the menu that completes a `/command` or an `@path`: it has a bar at its end as well. */
function isMenu(line: ScreenLine | undefined, left: number): boolean {
  return line !== undefined && isInBox(line, left) && line.text.lastIndexOf(BAR) > left;
}

/** What stands behind the bar. */
function inside(line: ScreenLine | undefined, left: number): readonly ScreenRun[] {
  const bar = line?.runs.findIndex((run) => run.text.includes(BAR)) ?? -1;
  if (line === undefined || bar < 0) return [];
  const [first, ...others] = line.runs.slice(bar);
  const behind = first?.text.slice(first.text.indexOf(BAR) + 1) ?? '';
  return [...(first && behind !== '' ? [{ ...first, text: behind }] : []), ...others].filter(
    (run) => run.text !== '' && left >= 0,
  );
}

/** The box's part of a line: a sidebar beside it has another background. */
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
  // Shell mode without a word is no empty composer: the next text would be run.
  if (SHELL.test(agent)) rows[0] = `!${rows[0] ?? ''}`;
  const text = rows.join('\n').trimEnd();
  return {
    text,
    rows,
    columns,
    empty: text === '',
    whole: rows.length < MOST_ROWS,
    fold: FOLD.test(rows.join('').replace(/\s/g, '')) ? FOLD : undefined,
    // An empty draft is a bar like many others; the agent's line stands there only as long as the composer does.
    anchor,
  };
}

/** A dialog's first lines, for people: from the bar's last beginning. */
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
