import type { CommandSpec } from './commandSpec';

const deadId = { name: 'ID', summary: 'the message, as `taco dead list` shows it' } as const;

/** Commands about dead and uncertain messages. */
export const deadLetterCommands: readonly CommandSpec[] = [
  {
    name: 'dead list',
    summary: 'messages that were given up or whose fate is uncertain',
    arguments: [],
    options: {},
    examples: ['taco dead list', 'taco dead list --json'],
  },
  {
    name: 'dead retry',
    summary: 'send a dead or uncertain message again from the start',
    arguments: [deadId],
    options: {},
    examples: ['taco dead retry cmd_01HZX4'],
  },
  {
    name: 'dead drop',
    summary: 'drop a waiting, dead or uncertain message for good',
    arguments: [deadId],
    options: {},
    examples: ['taco dead drop cmd_01HZX4'],
  },
];
