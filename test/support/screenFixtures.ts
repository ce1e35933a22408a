/**
 * Screens of the real Claude Code, captured with `capture-pane -p -e`; the first line contains the pane's size and
 * cursor.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerminalScreen } from '../../src/core/agents/agentProfile';
import { type ScreenMeta } from '../../src/tmux/pane/screenParser';
import { parseScreen } from './parseScreen';

const DIR = 'test/fixtures/screens';

export function screenNames(): string[] {
  return readdirSync(DIR).map((file) => file.replace(/\.txt$/, ''));
}

export function screenOf(name: string): TerminalScreen {
  const [meta = '', ...lines] = readFileSync(join(DIR, `${name}.txt`), 'utf8')
    .replace(/\n$/, '')
    .split('\n');
  return parseScreen(lines, JSON.parse(meta.slice(2)) as ScreenMeta);
}
