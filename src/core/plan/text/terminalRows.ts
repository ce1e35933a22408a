import type { PlanBlock } from './planBlocks';

/** Origin of a plan's text. */
export interface TextSource {
  /**
   * True when it arrived as it was written (a file, a hook): every line break is the author's. False for a screen
   * capture.
   */
  readonly exact: boolean;
  /** Returns whether some row of the whole text is wider than this, cells. */
  readonly isWider: (width: number) => boolean;
}

/** A row of the block as the terminal showed it. */
export interface TerminalRow {
  /** Without decoration, base indent and trailing spaces. */
  readonly text: string;
  /** Width of the row on the screen, cells, decoration included. */
  readonly width: number;
}

/** The rows of a block, and the width at which the terminal wraps them. */
export interface Rows {
  readonly rows: readonly TerminalRow[];
  readonly base: number;
  /** Width of the widest row, cells. */
  readonly width: number;
}

/** Decoration at the beginning of a row: echoed REPL prompts, bullets, borders and quote marks. */
const DECORATION =
  /^(?:[ \t]{0,8}(?:(?:claude|codex|gemini|qwen|opencode|copilot|mother|taco)> ?|[⏺●⎿│┃❯](?: |\u00a0|$)))+/iu;
/** A row that is only a code fence. */
export const FENCE = /^[ \t]*`{3,}[\w-]*$/;

/** Splits a block into rows without bullets, prompts, borders and the indent that all rows share. */
export function rowsOf(block: PlanBlock): Rows {
  const raw = block.content.split('\n');
  const widths = raw.map((line, index) => cellWidth((index === 0 ? block.lead : '') + line.trimEnd()));
  const undecorated = raw.map((line, index) => (index === 0 ? line.trimEnd() : undecorate(line)));
  let base = block.endIndent ?? Infinity;
  for (const line of undecorated.slice(1)) if (line.trim()) base = Math.min(base, line.search(/\S/));
  if (!Number.isFinite(base)) base = 0;
  const rows = undecorated.map((line, index) => ({
    text: index === 0 ? line : line.slice(Math.min(base, line.search(/\S|$/))),
    width: widths[index] ?? 0,
  }));
  return { rows, base, width: Math.max(0, ...chunkMaxima(rows)) };
}

/** Returns the lines of an exact text, in which nothing is decoration and every space counts. */
export function exactRowsOf(content: string): Rows {
  return { rows: content.split('\n').map((text) => ({ text, width: 0 })), base: 0, width: 0 };
}

/** Returns the maxima of chunks, because one spread of a million rows would overflow the stack. */
function chunkMaxima(rows: readonly TerminalRow[]): number[] {
  const maxima: number[] = [];
  for (let at = 0; at < rows.length; at += 10_000)
    maxima.push(Math.max(...rows.slice(at, at + 10_000).map(({ width }) => width)));
  return maxima;
}

function undecorate(line: string): string {
  line = line.trimEnd();
  const match = DECORATION.exec(line);
  if (!match) return line;
  const framed = /[│┃]/.test(match[0]) && /[│┃]$/.test(line.slice(-1));
  const rest = framed ? line.slice(0, -1) : line;
  // A bullet counts as indent: the rows below it have the same indent.
  return ' '.repeat(cellWidth(match[0])) + rest.slice(match[0].length).trimEnd();
}

/** One position where a row ended inside a text. */
export interface Break {
  /** Width of the row that ended, cells. */
  readonly width: number;
  /** Characters without a space just before and after the break. */
  readonly run: number;
  /** The next row's text. */
  readonly next: string;
}

/**
 * Decides for each break whether a space was lost there. There are two ways of wrapping. A terminal breaks at the last
 * column, inside words, and loses a space only in that column. A program that draws its own rows breaks at spaces, and
 * inside words only if they are longer than a row. `wider`: the screen has wider rows than the block.
 */
export function lostSpaces(breaks: readonly Break[], { width, base }: Rows, wider: boolean): boolean[] {
  const cutByTerminal = !wider && breaks.every((at) => width - at.width <= 1);
  return breaks.map((at) => {
    if (/^\s/.test(at.next)) return false; // the row begins with the space
    const full = at.width >= width;
    if (cutByTerminal) return !full && cellWidth([...at.next.slice(0, 2)][0] ?? '') < 2; // a wide character leaves its column empty
    return !(full && at.run > width - base);
  });
}

/**
 * Returns whether some row of the text is wider than `width` cells. Counts characters, which is enough for rules and
 * frames.
 */
export function hasWiderRow(text: string, width: number): boolean {
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 ? text.length : newline;
    if (to - from > width && cellWidth(text.slice(from, to).trimEnd()) > width) return true;
    from = to + 1;
  }
  return false;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/gu;
const ZERO = /[\p{Mn}\p{Me}\u200b-\u200f\ufe00-\ufe0f]/gu;

/** Returns the width of a one-row text, cells: wide characters two, combining marks none. */
function cellWidth(text: string): number {
  if (/^[\u0000-\u02ff]*$/.test(text)) return text.length;
  return [...text].length + (text.match(WIDE)?.length ?? 0) - (text.match(ZERO)?.length ?? 0);
}
