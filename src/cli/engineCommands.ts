/**
 * dist/taco-engine.js: the table of all commands, the help, and every command that is not light. A separate bundle, so
 * that `taco send`, `taco done` and `taco hook` do not load it.
 */
import { version } from '../../package.json';
import { errors } from '../core/errors/errors';
import { toTacoError } from '../core/errors/tacoError';
import { commands } from './args/commandTable';
import { renderOverview, renderTopic } from './args/help';
import { globalOptions } from './args/lightCommands';
import { parseCommandLine, type Invocation } from './args/parseArgs';
import { serveMcp } from './mcp/loadServe';
import { CommandContext, type Handler } from './runtime/commandContext';
import { printError, printOutcome, type CommandResult, type Io } from './runtime/io';

/** Loads each command when it runs: `taco agents` needs no engine. */
const handlers: Readonly<Record<string, () => Promise<Handler>>> = {
  // With an option before the name; otherwise `dist/taco.js` runs them.
  send: async () => (await import('./commands/send')).send,
  done: async () => (await import('./commands/proof/done')).done,
  completion: async () => (await import('./commands/completion')).completion,
  up: async () => (await import('./up/up')).up,
  host: async () => (await import('./commands/host')).host,
  down: async () => (await import('./commands/down')).down,
  status: async () => (await import('./commands/status')).status,
  pause: async () => (await import('./commands/pause')).pause,
  resume: async () => (await import('./commands/pause')).resume,
  report: async () => (await import('./commands/report')).report,
  budget: async () => (await import('./commands/budget')).budget,
  messages: async () => (await import('./commands/messages')).messages,
  agents: async () => (await import('./commands/agents')).agents,
  adopt: async () => (await import('./commands/adopt')).adopt,
  projects: async () => (await import('./commands/projects')).projects,
  requests: async () => (await import('./commands/requests/requests')).requests,
  answer: async () => (await import('./commands/requests/answer')).answer,
  'rules list': async () => (await import('./commands/requests/rules')).rulesList,
  'rules add': async () => (await import('./commands/requests/rules')).rulesAdd,
  'rules test': async () => (await import('./commands/requests/rules')).rulesTest,
  'rules remove': async () => (await import('./commands/requests/rules')).rulesRemove,
  relaunch: async () => (await import('./commands/agents')).relaunch,
  'check show': async () => (await import('./commands/proof/check')).checkShow,
  'check run': async () => (await import('./commands/proof/check')).checkRun,
  'check accept': async () => (await import('./commands/proof/check')).checkAccept,
  'check cancel': async () => (await import('./commands/proof/check')).checkCancel,
  'plan validate': async () => (await import('./commands/plan/planFile')).planValidate,
  'plan schema': async () => (await import('./commands/plan/planFile')).planSchema,
  'plan submit': async () => (await import('./commands/plan/planReview')).planSubmit,
  'plan show': async () => (await import('./commands/plan/planReview')).planShow,
  'plan approve': async () => (await import('./commands/plan/planReview')).planApprove,
  'plan reject': async () => (await import('./commands/plan/planReview')).planReject,
  'dead list': async () => (await import('./commands/deadLetters')).deadList,
  'dead retry': async () => (await import('./commands/deadLetters')).deadRetry,
  'dead drop': async () => (await import('./commands/deadLetters')).deadDrop,
  'service register': async () => (await import('./commands/services')).serviceRegister,
  'service list': async () => (await import('./commands/services')).serviceList,
  'service remove': async () => (await import('./commands/services')).serviceRemove,
  port: async () => (await import('./commands/services')).port,
  'worktree list': async () => (await import('./commands/worktree')).worktreeList,
  'worktree diff': async () => (await import('./commands/worktree')).worktreeDiff,
  'worktree merge': async () => (await import('./commands/worktree')).worktreeMerge,
  'worktree conflicts': async () => (await import('./commands/proof/conflicts')).worktreeConflicts,
  'worktree undo': async () => (await import('./commands/proof/undoMerge')).undoMerge,
  'worktree remove': async () => (await import('./commands/worktree')).worktreeRemove,
  'pr open': async () => (await import('./commands/proof/pullRequests')).pullRequestOpen,
  'pr status': async () => (await import('./commands/proof/pullRequests')).pullRequestStatus,
  monitor: async () => (await import('./commands/monitor')).monitor,
  doctor: async () => (await import('./commands/doctor')).doctor,
};

/** Names of the commands here; a test compares them with the table. */
export const runnable: readonly string[] = Object.keys(handlers);

function help(topic: string): CommandResult {
  const text = topic === '' ? renderOverview() : renderTopic(topic);
  if (text === null) throw errors.usage(`Unknown command "${topic}".`, 'See `taco --help`.');
  return { json: { help: text }, text };
}

async function run(invocation: Invocation, io: Io, json: boolean): Promise<number> {
  const { name } = invocation.command;
  if (name === 'mcp') return serveMcp(invocation, io);
  const load = handlers[name];
  if (!load) throw errors.usage(`taco ${name} cannot be run.`, 'See `taco --help`.');
  const context = new CommandContext(invocation, io);
  try {
    return await printOutcome(io, await (await load())(context), json);
  } finally {
    context.dispose();
  }
}

/**
 * Parses a command line by the whole table, runs it, prints its result and returns the exit code. Errors are printed
 * here and not by the caller, whose bundle has its own TacoError class.
 */
export async function runCommandLine(args: readonly string[], io: Io, json: boolean): Promise<number> {
  try {
    const line = parseCommandLine(args, commands, globalOptions);
    if (line.kind === 'version') return await printOutcome(io, { json: { version }, text: `taco ${version}` }, json);
    return await (line.kind === 'help' ? printOutcome(io, help(line.topic), json) : run(line.invocation, io, json));
  } catch (error) {
    return await printError(io, toTacoError(error), json);
  }
}
