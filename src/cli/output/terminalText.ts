/** Text in terminal cells: text of agents is made safe, measured and cut to a width. */
import { eastAsianWidth } from 'get-east-asian-width';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Code points without a cell: marks, joiners, variation selectors, soft hyphens. */
const WIDTHLESS = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]+$/u;
/** An emoji of several code points: joined ones, flags, and characters with an emoji selector. */
const EMOJI_SEQUENCE = /[\u200d\ufe0f\u{1f3fb}-\u{1f3ff}]|^[\u{1f1e6}-\u{1f1ff}]{2}$/u;

function cellsOfGrapheme(grapheme: string): number {
  if (PRINTABLE_ASCII.test(grapheme)) return grapheme.length;
  if (WIDTHLESS.test(grapheme)) return 0;
  if (EMOJI_SEQUENCE.test(grapheme)) return 2;
  return eastAsianWidth(grapheme.codePointAt(0) ?? 0);
}

/** Returns the number of cells of `text`, which has no escape sequences. */
export function cellsOf(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of graphemes.segment(text)) cells += cellsOfGrapheme(segment);
  return cells;
}

/** Returns `text` cut to `columns` cells, with `…` at the cut; never cuts a wide character in half. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (cellsOf(text) <= columns) return text;
  let result = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const width = cellsOfGrapheme(segment);
    if (used + width > columns - 1) break;
    result += segment;
    used += width;
  }
  return `${result}…`;
}

/** Returns `text` cut or padded with spaces to exactly `columns` cells. */
export function pad(text: string, columns: number): string {
  const short = cut(text, columns);
  return short + ' '.repeat(Math.max(0, columns - cellsOf(short)));
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta' | 'plain';

const SGR: Readonly<Record<Style, string>> = {
  plain: '',
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  magenta: '35',
  cyan: '36',
};

/** A part of a line in one style. */
export type Segment = readonly [text: string, style?: Style];

/** Joins segments to one line of at most `columns` cells, with colours if requested. */
export function paint(segments: readonly Segment[], columns: number, color: boolean): string {
  let left = columns;
  let line = '';
  segments.forEach(([text, style = 'plain'], i) => {
    // A segment that just fits is also cut when another follows it, so that the cut is visible.
    const more = segments.slice(i + 1).some(([next]) => next !== '');
    const short = cut(more && cellsOf(text) === left ? `${text} ` : text, left);
    left -= cellsOf(short);
    line += color && style !== 'plain' && short !== '' ? `\u001b[${SGR[style]}m${short}\u001b[0m` : short;
  });
  return line;
}

/** Returns rows as aligned columns with two spaces between them; the last column is not padded. */
export function columnsOf(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cellsOf(cell))));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
