import type { CommandSpec } from './commandSpec';

const deadId = { name: 'ID', summary: 'the message, as `taco dead list` shows it' } as const;

/** Commands about dead and uncertain messages. */
export const deadLetterCommands: readonly CommandSpec[] = [
  {
    name: 'dead list',
    summary: 'list messages that failed or whose delivery is uncertain',
    arguments: [],
    options: {},
    examples: ['taco dead list', 'taco dead list --json'],
  },
  {
    name: 'dead retry',
    summary: 'retry a failed or uncertain message from the start',
    arguments: [deadId],
    options: {},
    examples: ['taco dead retry cmd_01HZX4'],
  },
  {
    name: 'dead drop',
    summary: 'delete a waiting, failed or uncertain message',
    arguments: [deadId],
    options: {},
    examples: ['taco dead drop cmd_01HZX4'],
  },
];
