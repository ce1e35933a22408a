import { errors } from '../core/errors';
import { CommandContext, type Handler } from './context';
import type { Io, Outcome } from './io';
import type { Invocation } from './parse';

/** Each command is loaded when it runs: an agent waits for `taco send`, and it needs a fraction of what is here. */
const handlers: Readonly<Record<string, () => Promise<Handler>>> = {
  up: async () => (await import('./commands/up')).up,
  down: async () => (await import('./commands/session')).down,
  status: async () => (await import('./commands/session')).status,
  send: async () => (await import('./commands/send')).send,
  messages: async () => (await import('./commands/messages')).messages,
  agents: async () => (await import('./commands/agents')).agents,
  relaunch: async () => (await import('./commands/agents')).relaunch,
  done: async () => (await import('./commands/agents')).done,
  'plan validate': async () => (await import('./commands/planFile')).planValidate,
  'plan schema': async () => (await import('./commands/planFile')).planSchema,
  'plan submit': async () => (await import('./commands/planReview')).planSubmit,
  'plan show': async () => (await import('./commands/planReview')).planShow,
  'plan approve': async () => (await import('./commands/planReview')).planApprove,
  'plan reject': async () => (await import('./commands/planReview')).planReject,
  'dead list': async () => (await import('./commands/dead')).deadList,
  'dead retry': async () => (await import('./commands/dead')).deadRetry,
  'dead drop': async () => (await import('./commands/dead')).deadDrop,
  'service register': async () => (await import('./commands/services')).serviceRegister,
  'service list': async () => (await import('./commands/services')).serviceList,
  'service remove': async () => (await import('./commands/services')).serviceRemove,
  port: async () => (await import('./commands/services')).port,
  monitor: async () => (await import('./commands/monitor')).monitor,
  doctor: async () => (await import('./commands/doctor')).doctor,
};

/** Names of the commands that can be run; a test compares them with the table. */
export const runnable: readonly string[] = Object.keys(handlers);

/** Runs one command. Throws TacoError. */
export async function runCommand(invocation: Invocation, io: Io): Promise<Outcome> {
  const load = handlers[invocation.command.name];
  if (!load) throw errors.usage(`taco ${invocation.command.name} cannot be run.`, 'See `taco --help`.');
  const context = new CommandContext(invocation, io);
  try {
    return await (await load())(context);
  } finally {
    context.dispose();
  }
}
