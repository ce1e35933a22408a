/** The commands for which an agent waits: `dist/taco.js` parses them without the table of all commands. */
import type { CommandSpec, OptionSpec } from './commandSpec';
import { timeout } from './sharedOptions';

/** Options that every command takes. */
export const globalOptions = {
  json: {
    type: 'boolean',
    summary: 'exactly one JSON document on standard output; errors as {"error":{"code","message","hint"}}',
  },
  project: {
    type: 'text',
    value: 'DIR',
    summary: 'the project; default: TACO_PROJECT, else the nearest known project at or above the current folder',
  },
  redis: {
    type: 'text',
    value: 'URL',
    summary: 'Redis to use (redis://, rediss://, redis+cluster:// or a socket path); default: the project’s own',
  },
  socket: { type: 'text', value: 'NAME', summary: 'tmux server socket name (tmux -L); default: taco' },
  help: { type: 'boolean', summary: 'show this help' },
} as const satisfies Record<string, OptionSpec>;

export const sendCommand: CommandSpec = {
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
};

export const doneCommand: CommandSpec = {
  name: 'done',
  summary: 'report (as an agent) that the work is done; TACO notifies its `notifies`',
  details: [
    'With a check in the plan (or the setting taco.check) TACO runs it first: the work counts as done when it exits 0. Otherwise the agent gets the end of its output as a message.',
  ],
  arguments: [{ name: 'TEXT', summary: 'a summary for the notified agents', optional: true, rest: true }],
  options: {},
  examples: ['taco done "42 tests pass"'],
};

export const mcpCommand: CommandSpec = {
  name: 'mcp',
  summary: 'serve TACO’s tools to an agent over the Model Context Protocol (standard input and output)',
  details: [
    'Claude Code is launched with it. The tools have the rights of the window they run in: the agent’s in an agent’s window, the user’s elsewhere.',
  ],
  arguments: [],
  options: {},
  examples: ['taco mcp'],
};

/** Returns the command that `word` names; undefined: it needs the table of all commands. */
export function lightCommand(word: string | undefined): CommandSpec | undefined {
  return [sendCommand, doneCommand, mcpCommand].find(({ name }) => name === word);
}
