import type { CommandSpec } from './commandSpec';
import { sendCommand } from './lightCommands';

/** Commands that send messages and show them. */
export const messageCommands: readonly CommandSpec[] = [
  sendCommand,
  {
    name: 'messages',
    summary: 'list messages and their states; with ID, the full history',
    arguments: [{ name: 'ID', summary: 'one message', optional: true }],
    options: {
      state: {
        type: 'text',
        choices: [
          'queued',
          'held',
          'typing',
          'typed',
          'entered',
          'delivered',
          'received',
          'retrying',
          'dead',
          'uncertain',
          'dropped',
          'open',
        ],
        summary: 'only this state; `open` is every state that is not final',
      },
      agent: { type: 'text', value: 'AGENT', summary: 'only to or from this agent' },
    },
    examples: ['taco messages', 'taco messages --state held', 'taco messages cmd_01HZX4 --json'],
  },
];
