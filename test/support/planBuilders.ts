import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSpec, Plan } from '../../src/core/models';
import { parsePlan, type ParsedPlan } from '../../src/core/plan/parser';

/** Returns an agent with the given members, and defaults for the rest. */
export function agent(window: number, name: string, more: Partial<AgentSpec> = {}): AgentSpec {
  return { window, name, role: `Work of ${name}`, depends_on: [], notifies: [], wait_for: [], ...more };
}

export function block(value: unknown): string {
  return `AGENT_SPEC_JSON_START\n${typeof value === 'string' ? value : JSON.stringify(value)}\nAGENT_SPEC_JSON_END`;
}

/** Parses the capture of a terminal. */
export function parseScreen(text: string): ParsedPlan {
  return parsePlan(text, { isScreen: true });
}

export function fixture(name: string): string {
  return readFileSync(join('test/fixtures/plans', name), 'utf8');
}

/** Wraps as a terminal does: at the last column, in the middle of words; captured without the spaces at a row's end. */
export function wrapHard(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const rows: string[] = [];
      let row = '';
      let width = 0;
      for (const character of line) {
        const cells = cellsOf(character);
        if (width + cells > columns) {
          rows.push(row);
          row = '';
          width = 0;
        }
        row += character;
        width += cells;
      }
      return [...rows, row].map((each) => each.replace(/ +$/, ''));
    })
    .join('\n');
}

/**
 * Wraps as a program that draws its own rows does: at spaces, inside words only where they are longer than a row; with
 * an indent and a bullet.
 */
export function wrapWords(text: string, columns: number, indent = '  ', bullet = '⏺ '): string {
  const rows = text.split('\n').flatMap((line) => {
    const out: string[] = [];
    let row = /^ */.exec(line)?.[0] ?? '';
    let first = true;
    for (let word of line.trim().split(' ')) {
      if (!first && row.length + 1 + word.length > columns - indent.length && word.length <= columns - indent.length) {
        out.push(row);
        row = '';
      } else if (!first) row += ' ';
      while (row.length + word.length > columns - indent.length) {
        const room = columns - indent.length - row.length;
        out.push(row + word.slice(0, room));
        word = word.slice(room);
        row = '';
      }
      row += word;
      first = false;
    }
    return [...out, row];
  });
  return rows.map((row, index) => ((index === 0 ? bullet : indent) + row).trimEnd()).join('\n');
}

function cellsOf(character: string): number {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(character) ? 2 : 1;
}

export const TEAM: Plan = {
  agents: [
    agent(3, 'frontend_dev', {
      role: 'Build the React components: forms, tables and the login page',
      notifies: ['validator'],
    }),
    agent(4, 'backend_dev', {
      role: 'Write the REST API and its database schema',
      notifies: ['frontend_dev', 'validator'],
    }),
    agent(5, 'validator', {
      role: 'Run every test and report what fails',
      depends_on: ['frontend_dev', 'backend_dev'],
      wait_for: ['backend_dev'],
    }),
  ],
};
