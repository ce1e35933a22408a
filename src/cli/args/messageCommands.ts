import type { CommandSpec } from './commandSpec';
import { timeout } from './sharedOptions';

/** Commands that send messages and show them. */
export const messageCommands: readonly CommandSpec[] = [
  {
    name: 'send',
    summary: 'send a message to an agent, to Mother, to the user or to all',
    details: [
      'Inside an agent’s window the sender is that agent, elsewhere the user. TACO stores the message at once and types it into the receiver’s terminal when that is safe. While Redis is unreachable, the command spools the message to disk, reports this, and TACO sends it later.',
    ],
    arguments: [
      {
        name: 'AGENT',
        summary: 'an agent’s name, window number or AGENT-n; mother; user; all (every agent but the sender)',
        complete: 'agent',
      },
      {
        name: 'TEXT',
        summary: 'the message; - reads it from standard input; several words are joined by spaces',
        rest: true,
      },
    ],
    options: {
      priority: {
        type: 'text',
        choices: ['low', 'normal', 'high'],
        summary: 'order between receivers, never within one receiver; default normal',
      },
      wait: {
        type: 'text',
        choices: ['delivered', 'received'],
        summary: 'wait for this state; exit 1 if the message cannot reach it',
      },
      timeout: timeout('how long --wait waits, seconds; default 60'),
      slash: { type: 'boolean', summary: 'type TEXT as a slash command of the agent’s CLI; only the user may' },
      when: {
        type: 'text',
        choices: ['now', 'idle'],
        summary:
          'when a working agent gets it: now, between two tool calls, or idle, at the end of its turn; default: as `taco up --when-busy` says',
      },
      interrupt: {
        type: 'boolean',
        summary: 'press Escape first, which interrupts the agent; only the user and Mother may',
      },
    },
    examples: [
      'taco send backend "API spec is in docs/api.md"',
      'git diff | taco send reviewer -',
      'taco send all "Stop at 17:00" --priority high',
      'taco send backend "Then update the changelog" --when idle',
      'taco send backend /compact --slash',
      'taco send user "May I delete the old schema?" --wait delivered',
    ],
  },
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
