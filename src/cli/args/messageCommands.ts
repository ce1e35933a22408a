import type { CommandSpec } from './commandSpec';
import { timeout } from './sharedOptions';

/** Commands that send messages and show them. */
export const messageCommands: readonly CommandSpec[] = [
  {
    name: 'send',
    summary: 'send a message to an agent, to Mother, to the person or to all',
    details: [
      'Inside an agent’s window the message is sent in that agent’s name, elsewhere in the person’s. It is kept at once and typed into the receiver’s terminal when that is safe; while Redis is away it is spooled to disk and sent later, and the command says so.',
    ],
    arguments: [
      {
        name: 'AGENT',
        summary: 'an agent’s name, window number or AGENT-n; mother; user; all (every agent but the sender)',
        complete: 'agent',
      },
      {
        name: 'TEXT',
        summary: 'the message; - reads it from standard input; several words are joined by blanks',
        rest: true,
      },
    ],
    options: {
      priority: {
        type: 'text',
        choices: ['low', 'normal', 'high'],
        summary: 'order between receivers, never within one; default normal',
      },
      wait: {
        type: 'text',
        choices: ['delivered', 'received'],
        summary: 'wait until the message is there; exit 1 when it will not be',
      },
      timeout: timeout('how long --wait waits, seconds; default 60'),
      slash: { type: 'boolean', summary: 'type TEXT as a slash command of the agent’s CLI; only the person may' },
      interrupt: {
        type: 'boolean',
        summary: 'press Escape first: interrupts what the agent is doing; only the person and Mother may',
      },
    },
    examples: [
      'taco send backend "API spec is in docs/api.md"',
      'git diff | taco send reviewer -',
      'taco send all "Stop at 17:00" --priority high',
      'taco send backend /compact --slash',
      'taco send user "Shall I delete the old schema?" --wait delivered',
    ],
  },
  {
    name: 'messages',
    summary: 'messages and how far each got; with ID, its whole life',
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
        summary: 'only these; `open` is every state that is not final',
      },
      agent: { type: 'text', value: 'AGENT', summary: 'only to or from this agent' },
    },
    examples: ['taco messages', 'taco messages --state held', 'taco messages cmd_01HZX4 --json'],
  },
];
