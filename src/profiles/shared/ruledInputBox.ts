import type { Composer, TerminalScreen, ScreenLine, ScreenRun } from '../../core/agents/agentProfile';

/**
 * The composer that Claude Code draws, and the scripted agent after it: `❯` and a no-break space (`!` in shell mode)
 * between two rules as wide as the pane, further rows indented by two cells.
 */
export interface RuledInputBox {
  readonly composer: Composer;
  /** `!`: what is typed would be run by a shell. */
  readonly mode: 'prompt' | 'shell';
  /** The prompt sign is greyed: Claude's own mark that it is at work, whatever the footer has room for. */
  readonly greySign: boolean;
  /** The terminal's cursor stands in the composer, so keys go there. */
  readonly focused: boolean;
  /** Line of the upper rule; -1 when a long draft has pushed it off the pane. */
  readonly top: number;
  /** Line of the lower rule. */
  readonly bottom: number;
}

/** Cells that prompt sign or indent take on the left, and Claude leaves free on the right (measured at 40 to 220 columns). */
const INDENT = 2;
const MARGINS = 4;

const FULL_RULE = /^─+(?: [^─]+ ─+)*$/;
const SCROLLED = / [↑↓] \d+ more /;
/** What stands for a text instead of it: nobody can read back what it hides. */
const PLACEHOLDER = /\[(?:Pasted text #\d+|Image #\d+|\.\.\.Truncated text #\d+)/;
/** 2.1.197 hides the middle of a text over 10,000 characters behind this; the model gets it all the same. Blanks left out: it may be wrapped. */
const TRUNCATED = /\[\.\.\.Truncatedtext#\d+\+\d+lines\.\.\.\]/;
const CHOICE_OR_HINT = /^\s*(?:❯ )?\d+\. |\b(?:Enter|Esc) to (?!interrupt)/i;
const PROMPT_SIGN = /^(❯|!)\u00a0/;
/** The greys that the CLI's themes write its own hints in, beside SGR 2. */
const GREYS: ReadonlySet<string> = new Set(['38;5;246', '38;5;244', '38;5;242', '90']);

/** The lowest composer on the screen, or null. `sign` begins its first row: Claude's unless it is given. */
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

/** Rows of a draft: a prompt sign on the first, unless the first row is scrolled away; the others are indented. */
function isDraft(rows: readonly ScreenLine[], upperRule: string, below: readonly ScreenLine[], sign: RegExp): boolean {
  const [first, ...others] = rows;
  if (first === undefined || !others.every(isIndented)) return false;
  if (sign.test(runText(first))) return true;
  if (!isIndented(first) || rows.every((line) => line.text === '')) return false;
  // Without a sign: a rule that says how much is above, or no rule at all and a pane full of rows (2.1.197). A dialog too may
  // fill the pane and have a rule in it, but below that come choices and hints, not a footer.
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
      // Shell mode without a word is no empty composer: the next text would be run.
      empty: text === '' && mode === 'prompt',
      whole: !scrolled && !PLACEHOLDER.test(text),
      rows: mode === 'shell' ? [`!${rows[0] ?? ''}`, ...rows.slice(1)] : rows,
      columns,
      gap: TRUNCATED.test(rows.join('').replace(/\s/g, '')) ? TRUNCATED : undefined,
      anchor: promptSign.test(head) ? head : undefined,
    },
  };
}

/** Faint text is the CLI's own: placeholders, suggestions, hints. */
export function isFaint(run: ScreenRun): boolean {
  return run.dim || GREYS.has(run.fg);
}

/**
 * A row without prompt sign, placeholder and suggestion. Those two are faint, and the cursor stands on their first letter,
 * inverse: that letter is part of the draft only when no faint text follows it.
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

/** Rows joined as they were probably written: a row on which the next word would still have fitted ends a line; a word is cut only when it fills a row. */
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
