import type { PlanBlock } from './planBlocks';
import { lostSpaces, exactRowsOf, FENCE, rowsOf, type Break, type TerminalRow, type TextSource } from './terminalRows';

/**
 * Placeholder where a row break inside a string swallowed a space, or may have. It cannot occur in a text, because it
 * is a Unicode noncharacter.
 */
const LOST_BLANK = '\ufdd0';
/** Maximum nesting. A plan nests four deep; deeper nesting is not a plan and would overflow the parser. */
const MAX_DEPTH = 32;
/** Prose members, in which lost spaces are restored. Names and keys contain no spaces. */
const PROSE: ReadonlySet<string> = new Set(['role', 'task']);

/** The JSON of a block before a terminal wrapped and decorated it. */
export interface Unwrapped {
  /** From the first bracket to its closing bracket (to the end of the block when `whole` is false). */
  readonly json: string;
  readonly whole: boolean;
  /** True when line breaks or tabs inside strings, which JSON forbids, were converted to escapes (exact texts only). */
  readonly escaped: boolean;
}

/** A quote ends a string only if something that may follow a string comes next. */
const STRING_ENDS = /^\s*(?:[}\]:]|,\s*(?:["{[}\]]|$)|$)/;
const MAX_LOOKAHEAD = 40;

/**
 * Extracts the JSON of a block. JSON has no raw line feed inside a string. In a screen capture, a raw line feed comes
 * from wrapping: rows, decoration and row breaks are removed. In an exact text it is the author's and becomes `\n`;
 * tabs become `\t`. Outside strings a break means nothing. Returns null when the block has no bracket or nests too
 * deep.
 * @param fix adds missing backslashes before quotes and backslashes inside strings: a CLI that renders Markdown shows
 * `\"` as `"`
 */
export function unwrapJson(block: PlanBlock, source: TextSource, fix = false): Unwrapped | null {
  const content = block.content.replaceAll(LOST_BLANK, '');
  const lines = source.exact ? exactRowsOf(content) : rowsOf({ ...block, content });
  const start = openingOf(lines.rows);
  if (!start) return null;

  const scan = new Scan(fix, source.exact);
  for (let index = start.row; index < lines.rows.length; index++) {
    const row = lines.rows[index]!;
    scan.row(
      index === start.row ? { ...row, text: row.text.slice(start.column) } : row,
      lines.rows[index + 1]?.text.trimStart() ?? '',
    );
    if (scan.tooDeep) return null;
    if (scan.whole) break;
  }
  return {
    json: scan.text(lostSpaces(scan.breaks, lines, scan.breaks.length > 0 && source.isWider(lines.width))),
    whole: scan.whole,
    escaped: scan.escaped,
  };
}

/** Restores lost spaces in a value read from `unwrapJson`'s text: a space in prose, nothing in names. */
export function restoreSpaces(value: unknown, field = ''): unknown {
  if (typeof value === 'string')
    return value.includes(LOST_BLANK) ? value.replaceAll(LOST_BLANK, PROSE.has(field) ? ' ' : '') : value;
  if (Array.isArray(value)) return value.map((item) => restoreSpaces(item, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const name = key.replaceAll(LOST_BLANK, '');
      return [name, restoreSpaces(item, name)];
    }),
  );
}

/** Finds the first `{` outside comments, or the `[` just before it. */
function openingOf(rows: readonly TerminalRow[]): { row: number; column: number } | null {
  const row = rows.findIndex(({ text }) => text.includes('{') && !/^\s*(?:\/\/|#)/.test(text));
  if (row < 0) return null;
  const column = rows[row]!.text.indexOf('{');
  const before = rows[row]!.text.slice(0, column).trimEnd();
  if (before.endsWith('[')) return { row, column: before.length - 1 };
  const above = rows[row - 1]?.text.trimEnd() ?? '';
  return !before && above.endsWith('[') ? { row: row - 1, column: above.length - 1 } : { row, column };
}

/** Reads JSON row by row and tracks whether a row ends inside a string. */
class Scan {
  readonly breaks: Break[] = [];
  whole = false;
  tooDeep = false;
  escaped = false;
  private readonly pieces: string[] = [];
  /** Indices of `pieces` that a lost space may fill; parallel to `breaks`. */
  private readonly gaps: number[] = [];
  private quote = '';
  /** Remaining characters of an escape sequence. */
  private escape = 0;
  /** True just after the backslash. */
  private escapeBegins = false;
  private comment: '' | 'line' | 'block' = '';
  private depth = 0;
  /** The last non-space character outside strings. */
  private last = '';
  private previous: { width: number; run: number } | null = null;
  /** Positions in the present row where a backslash is missing or a character needs an escape. */
  private fixes: { readonly at: number; readonly insert: string; readonly drop: number }[] = [];

  constructor(
    private readonly repairs: boolean,
    private readonly exact: boolean,
  ) {}

  /** @param following the next row; it decides whether a quote at this row's end closes a string */
  row({ text, width }: TerminalRow, following: string): void {
    if (this.quote ? !this.exact && !text.trim() : FENCE.test(text)) return;
    const joined = this.previous ? this.join(text, this.previous) : text;
    const end = this.read(joined, following);
    let from = 0;
    for (const { at, insert, drop } of this.fixes) {
      this.pieces.push(joined.slice(from, at), insert);
      from = at + drop;
    }
    this.fixes = [];
    this.pieces.push(joined.slice(from, end));
    const tail = joined.length - 1 - joined.lastIndexOf(' ');
    this.previous = { width, run: tail === joined.length ? tail + (this.previous?.run ?? 0) : tail };
    if (this.comment === 'line') {
      this.comment = '';
      this.pieces.push('\n');
    }
  }

  text(lost: readonly boolean[]): string {
    this.gaps.forEach((piece, index) => (this.pieces[piece] = lost[index] ? LOST_BLANK : ''));
    return this.pieces.join('');
  }

  /** Records the break before a row and returns the row as the continuation of the previous one. */
  private join(text: string, previous: { width: number; run: number }): string {
    if (this.exact) {
      this.pieces.push(this.quote ? this.lineFeed() : '\n');
      return text;
    }
    if (!this.quote) {
      // Two halves of a number or word are joined; anything else may stay separate.
      const halves = /[\w.+-]/.test(this.pieces[this.pieces.length - 1]?.slice(-1) ?? '') && /^\w/.test(text);
      if (!halves) this.pieces.push('\n');
      return text;
    }
    if (this.escape > 0) return text.trimStart();
    const next = /^\s{2}/.test(text) ? text.trimStart() : text; // more than one space is a hanging indent
    this.breaks.push({
      width: previous.width,
      run: previous.run + (/^\S*/.exec(next.slice(0, 400))?.[0].length ?? 0),
      next,
    });
    this.gaps.push(this.pieces.push('') - 1);
    return next;
  }

  /** Returns the escape of a line break inside a string; a backslash at the end of the line already begins it. */
  private lineFeed(): string {
    this.escaped = true;
    const begun = this.escape > 0 && this.escapeBegins;
    this.escape = 0;
    this.escapeBegins = false;
    return begun ? 'n' : '\\n';
  }

  /** Reads one row and returns where it stopped: after the bracket that closes everything, or at the row's end. */
  private read(text: string, following: string): number {
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!;
      if (this.comment === 'block') {
        if (character === '*' && text[at + 1] === '/') {
          this.comment = '';
          at++;
        }
      } else if (this.quote) {
        this.inString(
          character,
          at,
          () => text.slice(at + 1, at + 1 + MAX_LOOKAHEAD) + following.slice(0, MAX_LOOKAHEAD),
        );
      } else if (character === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
        this.comment = text[at + 1] === '/' ? 'line' : 'block';
        if (this.comment === 'line') return text.length;
        at++;
      } else if (this.structure(character)) {
        return at + 1;
      }
    }
    return text.length;
  }

  private inString(character: string, at: number, ahead: () => string): void {
    if (this.escape > 0) {
      this.escape = this.escapeBegins && character === 'u' ? 4 : this.escape - 1;
      this.escapeBegins = false;
    } else if (character === '\\') {
      this.escape = 1;
      this.escapeBegins = true;
      if (this.repairs && !/^["\\/bfnrtu]/.test(ahead())) this.fix(at);
    } else if (character === '\t' && this.exact) {
      this.escaped = true;
      this.fix(at, '\\t', 1);
    } else if (character === this.quote) {
      if ((character === '"' && !this.repairs) || STRING_ENDS.test(ahead())) this.quote = '';
      else if (character === '"') this.fix(at);
    }
  }

  private fix(at: number, insert = '\\', drop = 0): void {
    this.fixes.push({ at, insert, drop });
  }

  /** Tracks brackets and quotes outside strings; returns true when everything is closed. */
  private structure(character: string): boolean {
    if (character === '"' || (character === "'" && '{[,:'.includes(this.last))) this.quote = character;
    else if (character === '{' || character === '[') this.tooDeep = ++this.depth > MAX_DEPTH || this.tooDeep;
    else if (character === '}' || character === ']') this.whole = --this.depth <= 0;
    if (character.trim()) this.last = character;
    return this.whole;
  }
}
