/**
 * dist/taco-engine.js: every command that is not light. A separate bundle, so that `taco send`, `taco done` and `taco
 * hook` do not load it.
 */
import { errors } from '../core/errors/errors';
import { toTacoError } from '../core/errors/tacoError';
import type { Invocation } from './args/parseArgs';
import { CommandContext, type Handler } from './runtime/commandContext';
import { printError, printOutcome, type Io } from './runtime/io';

/** Loads each command when it runs: `taco agents` needs no engine. */
const handlers: Readonly<Record<string, () => Promise<Handler>>> = {
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
  'worktree remove': async () => (await import('./commands/worktree')).worktreeRemove,
  monitor: async () => (await import('./commands/monitor')).monitor,
  doctor: async () => (await import('./commands/doctor')).doctor,
};

/** Names of the commands here; a test compares them with the table. */
export const runnable: readonly string[] = Object.keys(handlers);

/**
 * Runs one command, prints its result and returns the exit code. Errors are printed here and not by the caller, whose
 * bundle has its own TacoError class.
 */
export async function runAndPrint(invocation: Invocation, io: Io, json: boolean): Promise<number> {
  const context = new CommandContext(invocation, io);
  try {
    const load = handlers[invocation.command.name];
    if (!load) throw errors.usage(`taco ${invocation.command.name} cannot be run.`, 'See `taco --help`.');
    return await printOutcome(io, await (await load())(context), json);
  } catch (error) {
    return await printError(io, toTacoError(error), json);
  } finally {
    context.dispose();
  }
}
