import type { PlanBlock } from './planBlocks';
import { lostSpaces, exactRowsOf, FENCE, rowsOf, type Break, type Rows, type TextSource } from './terminalRows';

/** A row that begins an entry: `AGENT:3:frontend_dev:Build …` or `DEPENDS_ON: a, b`. */
const KEYWORD = /^\s*(agent|depends_on|notifies|wait_for|task)[ \t]*:[ \t]*(.*)$/i;
const NONE = /^(?:none|nobody|n\/a|-|\[\])?$/i;
const LIST_MEMBERS = ['depends_on', 'notifies', 'wait_for'];

/** One `KEY:value` and the rows over which its value was wrapped. */
interface Entry {
  readonly keyword: string;
  readonly rows: string[];
  /** The break before each row except the first. */
  readonly breaks: Break[];
}

/** Returns whether the block has the older text format. */
export function isLegacyTextFormat(block: PlanBlock, source: TextSource): boolean {
  return !block.content.includes('{') && linesOf(block, source).rows.some(({ text }) => /^\s*agent[ \t]*:/i.test(text));
}

function linesOf(block: PlanBlock, source: TextSource): Rows {
  return source.exact ? exactRowsOf(block.content) : rowsOf(block);
}

/**
 * Reads the older text format into the value that the JSON format gives. Text before the first `AGENT:` is ignored;
 * `none` or nothing is the empty list. In an exact text a value keeps its line breaks.
 */
export function readLegacyTextFormat(block: PlanBlock, source: TextSource): { agents: Record<string, unknown>[] } {
  const lines = linesOf(block, source);
  const entries: Entry[] = [];
  let previousWidth = 0;
  for (const { text, width } of lines.rows) {
    const match = KEYWORD.exec(text);
    const last = entries[entries.length - 1];
    if (match) entries.push({ keyword: match[1]!.toLowerCase(), rows: [match[2]!.trimEnd()], breaks: [] });
    else if (last && source.exact) last.rows.push(text);
    else if (last && text.trim() && !FENCE.test(text)) {
      const above = last.rows[last.rows.length - 1] ?? '';
      const run = above.length - 1 - above.lastIndexOf(' ') + `${text.slice(0, 400)} `.indexOf(' ');
      last.breaks.push({ width: previousWidth, run, next: text });
      last.rows.push(text);
    }
    previousWidth = width;
  }

  const breaks = entries.flatMap((entry) => entry.breaks);
  const lost = lostSpaces(breaks, lines, breaks.length > 0 && source.isWider(lines.width));
  let at = 0;
  const agents: Record<string, unknown>[] = [];
  for (const { keyword, rows } of entries) {
    const value = source.exact
      ? withoutClosingFence(rows).join('\n').trimEnd()
      : rows.map((row, index) => (index > 0 && lost[at++] ? ` ${row}` : row)).join('');
    if (keyword === 'agent') agents.push(agentOf(value));
    else if (LIST_MEMBERS.includes(keyword))
      Object.assign(agents[agents.length - 1] ?? {}, { [keyword]: namesOf(value) });
    else Object.assign(agents[agents.length - 1] ?? {}, { [keyword]: value });
  }
  return { agents };
}

/** Removes the closing fence of a block that is fenced as a whole. */
function withoutClosingFence(rows: readonly string[]): readonly string[] {
  const last = rows.findLastIndex((row) => row.trim() !== '');
  const isOpen = rows.filter((row) => FENCE.test(row)).length % 2 === 1;
  return isOpen && FENCE.test(rows[last] ?? '') ? rows.slice(0, last) : rows;
}

/** Parses `3:frontend_dev:Build React components`; the role may contain colons. */
function agentOf(value: string): Record<string, unknown> {
  const [window = '', name = '', ...role] = value.split(':');
  return {
    window: /^\s*\d{1,9}\s*$/.test(window) ? Number(window) : window.trim(),
    name: name.trim(),
    role: role.join(':').trim(),
  };
}

function namesOf(value: string): string[] {
  return value
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter((name) => !NONE.test(name));
}
