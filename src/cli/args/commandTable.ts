import { agentCommands } from './agentCommands';
import type { CommandSpec, OptionSpec } from './commandSpec';
import { deadLetterCommands } from './deadLetterCommands';
import { machineCommands } from './machineCommands';
import { messageCommands } from './messageCommands';
import { planCommands } from './planCommands';
import { ruleCommands } from './ruleCommands';
import { serviceCommands } from './serviceCommands';
import { sessionCommands } from './sessionCommands';
import { worktreeCommands } from './worktreeCommands';

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

/** All commands; others do not exist. */
export const commands: readonly CommandSpec[] = [
  ...sessionCommands,
  ...messageCommands,
  ...agentCommands,
  ...ruleCommands,
  ...planCommands,
  ...deadLetterCommands,
  ...serviceCommands,
  ...worktreeCommands,
  ...machineCommands,
];

/** Meanings of the exit codes, for the help and the docs. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'done'],
  [1, 'refused or failed'],
  [2, 'wrong usage'],
  [3, 'no project, session or Redis available'],
];
