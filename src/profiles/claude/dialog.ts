import { createHash } from 'node:crypto';
import type { Dialog, TerminalScreen } from '../../core/agents/agentProfile';
import { readClaudeScreen } from './screen';

const RULE = /^\s*(?:─{8,}|▔{8,})\s*$/;
const INNER_RULE = /^[\s─▔╌]*$/;
const SELECTED = /^(\s*)❯ (\S.*)$/;
const NUMBERED = /^\s*(?:❯ )?\s*(\d{1,2})\. ?(\S.*)$/;
/** Maximum rows between two choices, which explain the first. */
const EXPLANATION_ROWS = 4;
/** Number of rows that tmux compares before each key: enough to distinguish dialogs. */
const FENCE_ROWS = 4;

interface Choice {
  readonly row: number;
  readonly label: string;
}

/**
 * Returns the choices of the dialog on a screen of Claude Code, and the one that Enter selects; null when there is no
 * choice.
 */
export function readClaudeDialog(screen: TerminalScreen): Dialog | null {
  const { kind, composer } = readClaudeScreen(screen);
  // Next to an input box these rows are text, or a menu that completes a draft.
  if (kind !== 'dialog' || composer !== null) return null;
  const rows = screen.lines.map(({ text }) => text);
  const at = rows.findLastIndex((row) => SELECTED.test(row) && !/^❯ (?!\d+\.)/.test(row));
  if (at < 0) return null;
  const choices = NUMBERED.test(rows[at] ?? '') ? numbered(rows, at) : plain(rows, at);
  const selected = choices.findIndex(({ row }) => row === at);
  const first = choices[0];
  if (first === undefined || choices.length < 2) return null;
  const edge = rows.slice(0, first.row).findLastIndex((row) => RULE.test(row));
  const text = rows.slice(edge + 1, first.row).filter((row) => !INNER_RULE.test(row));
  const labels = choices.map(({ label }) => label);
  const lines = text.map((row) => row.trim());
  return {
    lines,
    choices: labels,
    selected,
    digest: createHash('sha1')
      .update(JSON.stringify([lines, labels]))
      .digest('hex')
      .slice(0, 16),
    rows: [rows[at] ?? '', ...[...text].sort((a, b) => b.trim().length - a.trim().length).slice(0, FENCE_ROWS)],
  };
}

/** Finds choices such as `❯ 1. Yes`, `  2. No` by their numbers, whatever explanations are in between. */
function numbered(rows: readonly string[], at: number): readonly Choice[] {
  const choices: Choice[] = [];
  const take = (row: number): number | null => {
    const match = NUMBERED.exec(rows[row] ?? '');
    if (!match) return null;
    choices.push({ row, label: match[2] ?? '' });
    return Number(match[1]);
  };
  const own = take(at);
  for (const step of [-1, 1]) {
    let last = at;
    for (
      let row = at + step, number = (own ?? 0) + step;
      row >= 0 && row < rows.length && Math.abs(row - last) <= EXPLANATION_ROWS;
      row += step
    ) {
      if (Number(NUMBERED.exec(rows[row] ?? '')?.[1]) !== number) continue;
      take(row);
      last = row;
      number += step;
    }
  }
  return choices.sort((a, b) => a.row - b.row);
}

/** Finds choices such as `❯ No, exit`, `  Yes, I trust this folder`: adjacent rows that start in the same column. */
function plain(rows: readonly string[], at: number): readonly Choice[] {
  const [, indent = '', label = ''] = SELECTED.exec(rows[at] ?? '') ?? [];
  const same = new RegExp(`^ {${indent.length + 2}}(\\S.*)$`);
  const choices: Choice[] = [{ row: at, label }];
  for (const step of [-1, 1]) {
    for (let row = at + step; same.test(rows[row] ?? ''); row += step)
      choices.push({ row, label: same.exec(rows[row] ?? '')?.[1] ?? '' });
  }
  return choices.sort((a, b) => a.row - b.row);
}
