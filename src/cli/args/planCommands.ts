import type { CommandSpec } from './commandSpec';

const planFile = {
  name: 'FILE',
  summary: 'a plan: JSON, or a text with a plan block; - reads standard input',
  complete: 'file',
} as const;

/** Commands about the plan under review. */
export const planCommands: readonly CommandSpec[] = [
  {
    name: 'plan validate',
    summary: 'check a plan and list every problem; exit 1 if there is one',
    arguments: [planFile],
    options: {
      'max-agents': { type: 'number', value: 'N', summary: 'maximum number of agents in a plan; default 50' },
      screen: {
        type: 'boolean',
        summary: 'FILE is a capture of a terminal: joins wrapped rows, removes frames and bullets',
      },
    },
    examples: [
      'taco plan validate team.taco-plan.json',
      'tmux capture-pane -p -S - | taco plan validate - --screen --json',
    ],
  },
  {
    name: 'plan submit',
    summary: 'submit a plan for review to the running session',
    arguments: [planFile],
    options: {},
    examples: ['taco plan submit team.taco-plan.json'],
  },
  {
    name: 'plan show',
    summary: 'show the plan under review',
    arguments: [],
    options: {},
    examples: ['taco plan show', 'taco plan show --json'],
  },
  {
    name: 'plan approve',
    summary: 'approve the plan under review, or FILE instead, and launch its agents',
    arguments: [{ ...planFile, optional: true }],
    options: {},
    examples: ['taco plan approve', 'taco plan approve edited.json'],
  },
  {
    name: 'plan reject',
    summary: 'send the plan back to Mother with a note',
    arguments: [{ name: 'NOTE', summary: 'what Mother should change', optional: true, rest: true }],
    options: {},
    examples: ['taco plan reject "One agent for the front end is enough"'],
  },
  {
    name: 'plan schema',
    summary: 'print the JSON Schema of a plan',
    arguments: [{ name: 'FILE', summary: 'write it here; default: standard output', optional: true, complete: 'file' }],
    options: {},
    examples: ['taco plan schema', 'taco plan schema plan.schema.json'],
  },
];
