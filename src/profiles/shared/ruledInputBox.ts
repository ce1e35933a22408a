import type { Composer, TerminalScreen, ScreenLine, ScreenRun } from '../../core/agents/agentProfile';

/**
 * The input box of Claude Code, which the scripted agent copies. It has `❯` and a no-break space (`!` in shell mode)
 * between two rules as wide as the pane. Further rows are indented by two cells.
 */
export interface RuledInputBox {
  readonly composer: Composer;
  /** `shell` (prompt character `!`): a shell would run typed text. */
  readonly mode: 'prompt' | 'shell';
  /** The prompt character is grey: Claude's own marker for work, however narrow the footer is. */
  readonly greySign: boolean;
  /** The terminal's cursor is in the input box, so keys go there. */
  readonly focused: boolean;
  /** Line of the upper rule; -1 when a long draft has scrolled it out of the pane. */
  readonly top: number;
  /** Line of the lower rule. */
  readonly bottom: number;
}

/**
 * Cells of the prompt character or indent on the left, and cells that Claude leaves free on the right (measured at 40
 * to 220 columns).
 */
const INDENT = 2;
const MARGINS = 4;

const FULL_RULE = /^─+(?: [^─]+ ─+)*$/;
const SCROLLED = / [↑↓] \d+ more /;
/** A placeholder that hides a text, which then cannot be read back. */
const PLACEHOLDER = /\[(?:Pasted text #\d+|Image #\d+|\.\.\.Truncated text #\d+)/;
/**
 * Placeholder of 2.1.197 for the middle of a text over 10,000 characters; the model still gets all of it. Without its
 * spaces, because it may be wrapped.
 */
const TRUNCATED = /\[\.\.\.Truncatedtext#\d+\+\d+lines\.\.\.\]/;
const CHOICE_OR_HINT = /^\s*(?:❯ )?\d+\. |\b(?:Enter|Esc) to (?!interrupt)/i;
const PROMPT_SIGN = /^(❯|!)\u00a0/;
/** Greys in which the CLI's themes write its own hints, besides SGR 2. */
const GREYS: ReadonlySet<string> = new Set(['38;5;246', '38;5;244', '38;5;242', '90']);

/**
 * Finds the lowest input box on the screen; null when there is none. `sign` matches the start of its first row, by
 * default Claude's prompt character.
 */
export function findRuledInputBox(screen: TerminalScreen, sign = PROMPT_SIGN): RuledInputBox | null {
  const rules = screen.lines.flatMap((line, index) => (isRule(line, screen.width) ? [index] : []));
  for (let i = rules.length - 1; i >= 0; i--) {
    const bottom = rules[i] ?? 0;
    const top = rules[i - 1] ?? -1;
    const rows = screen.lines.slice(top + 1, bottom);
    if (rows.length > 0 && isDraft(rows, ruleText(screen, top), screen.lines.slice(bottom + 1), sign))
      return read(screen, rows, top, bottom, sign);
  }
  return null;
}

function isRule(line: ScreenLine, width: number): boolean {
  return FULL_RULE.test(line.text) && line.text.length >= Math.max(8, width * 0.8);
}

function ruleText(screen: TerminalScreen, index: number): string {
  return screen.lines[index]?.text ?? '';
}

/**
 * Returns whether the rows are a draft: the first has a prompt character unless it is scrolled away; the others are
 * indented.
 */
function isDraft(rows: readonly ScreenLine[], upperRule: string, below: readonly ScreenLine[], sign: RegExp): boolean {
  const [first, ...others] = rows;
  if (first === undefined || !others.every(isIndented)) return false;
  if (sign.test(runText(first))) return true;
  if (!isIndented(first) || rows.every((line) => line.text === '')) return false;
  // Without a prompt character: a rule that states how many rows are above, or no rule and a pane full of rows
  // (2.1.197). A dialog too may fill the pane and contain a rule, but choices and hints follow it, not a footer.
  return (
    SCROLLED.test(upperRule) ||
    (upperRule === '' && others.length > 2 && !below.some((line) => CHOICE_OR_HINT.test(line.text)))
  );
}

const isIndented = (line: ScreenLine): boolean => line.text === '' || line.text.startsWith('  ');

function runText(line: ScreenLine): string {
  return line.runs.map((run) => run.text).join('');
}

function read(
  screen: TerminalScreen,
  lines: readonly ScreenLine[],
  top: number,
  bottom: number,
  promptSign: RegExp,
): RuledInputBox {
  const columns = screen.width - MARGINS;
  const rows = lines.map(draftOf);
  const head = lines[0] === undefined ? '' : runText(lines[0]);
  const mode = head.startsWith('!') ? 'shell' : 'prompt';
  const text = joinRows(rows, columns);
  const sign = lines[0]?.runs[0];
  const scrolled = top < 0 || SCROLLED.test(ruleText(screen, top)) || SCROLLED.test(ruleText(screen, bottom));
  return {
    mode,
    top,
    bottom,
    greySign: sign !== undefined && sign.text.startsWith('❯') && isFaint(sign),
    focused: screen.cursor.y > top && screen.cursor.y < bottom,
    composer: {
      text: mode === 'shell' ? `!${text}` : text,
      // Shell mode without text is no empty input box: the shell would run the next text.
      empty: text === '' && mode === 'prompt',
      whole: !scrolled && !PLACEHOLDER.test(text),
      rows: mode === 'shell' ? [`!${rows[0] ?? ''}`, ...rows.slice(1)] : rows,
      columns,
      gap: TRUNCATED.test(rows.join('').replace(/\s/g, '')) ? TRUNCATED : undefined,
      anchor: promptSign.test(head) ? head : undefined,
    },
  };
}

/** Returns whether the text is faint, which marks the CLI's own: placeholders, suggestions, hints. */
export function isFaint(run: ScreenRun): boolean {
  return run.dim || GREYS.has(run.fg);
}

/**
 * Returns a row without prompt character, placeholder and suggestion. The last two are faint, and the inverse cursor
 * covers their first letter. That letter belongs to the draft only when no faint text follows it.
 */
function draftOf(line: ScreenLine): string {
  let cell = 0;
  let row = '';
  line.runs.forEach((run, index) => {
    const text = [...run.text].slice(Math.max(0, INDENT - cell)).join('');
    cell += [...run.text].length;
    const next = line.runs[index + 1];
    const isOnSuggestion = run.inverse && next !== undefined && next.text.trim() !== '' && isFaint(next);
    if (!isFaint(run) && !isOnSuggestion) row += text;
  });
  return row.trimEnd();
}

/**
 * Joins rows as they were probably written. A row with room for the next word ends a line; a word is split only when it
 * fills a row.
 */
function joinRows(rows: readonly string[], columns: number): string {
  return rows
    .reduce((text, row, index) => {
      if (index === 0) return row;
      const above = rows[index - 1] ?? '';
      const word = length(/^\S*/.exec(row)?.[0] ?? '');
      if (word === 0 || length(above) + 1 + word <= columns) return `${text}\n${row}`;
      return length(above) >= columns && !above.includes(' ') ? text + row : `${text} ${row}`;
    }, '')
    .trimEnd();
}

function length(text: string): number {
  return [...text].length;
}
