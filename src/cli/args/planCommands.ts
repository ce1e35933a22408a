import type { CommandSpec } from './commandSpec';

const planFile = {
  name: 'FILE',
  summary: 'a plan: JSON, or any text with a plan block in it; - reads standard input',
  complete: 'file',
} as const;

/** Commands about the plan under review. */
export const planCommands: readonly CommandSpec[] = [
  {
    name: 'plan validate',
    summary: 'check a plan and list every problem; exit 1 when there is one',
    arguments: [planFile],
    options: {
      'max-agents': { type: 'number', value: 'N', summary: 'most agents a plan may have; default 50' },
      screen: {
        type: 'boolean',
        summary: 'FILE is a capture of a terminal: rows that it wrapped are joined, frames and bullets are taken out',
      },
    },
    examples: [
      'taco plan validate team.taco-plan.json',
      'tmux capture-pane -p -S - | taco plan validate - --screen --json',
    ],
  },
  {
    name: 'plan submit',
    summary: 'put a plan up for review in the running session',
    arguments: [planFile],
    options: {},
    examples: ['taco plan submit team.taco-plan.json'],
  },
  {
    name: 'plan show',
    summary: 'the plan under review',
    arguments: [],
    options: {},
    examples: ['taco plan show', 'taco plan show --json'],
  },
  {
    name: 'plan approve',
    summary: 'approve the plan under review, or FILE in its place: the agents are launched',
    arguments: [{ ...planFile, optional: true }],
    options: {},
    examples: ['taco plan approve', 'taco plan approve edited.json'],
  },
  {
    name: 'plan reject',
    summary: 'send the plan back to Mother with a note',
    arguments: [{ name: 'NOTE', summary: 'what she is to change', optional: true, rest: true }],
    options: {},
    examples: ['taco plan reject "One agent for the front end is enough"'],
  },
  {
    name: 'plan schema',
    summary: 'the JSON Schema of a plan',
    arguments: [{ name: 'FILE', summary: 'write it here; default: standard output', optional: true, complete: 'file' }],
    options: {},
    examples: ['taco plan schema', 'taco plan schema plan.schema.json'],
  },
];
