import { agentCommands } from './agentCommands';
import type { CommandSpec } from './commandSpec';
import { deadLetterCommands } from './deadLetterCommands';
import { machineCommands } from './machineCommands';
import { messageCommands } from './messageCommands';
import { planCommands } from './planCommands';
import { pullRequestCommands } from './pullRequestCommands';
import { ruleCommands } from './ruleCommands';
import { serviceCommands } from './serviceCommands';
import { sessionCommands } from './sessionCommands';
import { worktreeCommands } from './worktreeCommands';

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
  ...pullRequestCommands,
  ...machineCommands,
];

/** Meanings of the exit codes, for the help and the docs. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'done'],
  [1, 'refused or failed'],
  [2, 'wrong usage'],
  [3, 'no project, session or Redis available'],
];
