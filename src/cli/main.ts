#!/usr/bin/env node
/**
 * The `taco` command: parses the command line by the table. Commands that an agent waits for (`send`, `done`, `hook`)
 * are here; the others are loaded.
 */
import { createRequire } from 'node:module';
import { errors } from '../core/errors/errors';
import { toTacoError } from '../core/errors/tacoError';
import { commands, globalOptions } from './args/commandTable';
import { completionScript } from './args/completion';
import { renderOverview, renderTopic } from './args/help';
import { parseCommandLine, type Invocation } from './args/parseArgs';
import { done } from './commands/done';
import { send } from './commands/send';
import type * as Rest from './engineCommands';
import { runHook } from './hooks/hook';
import type * as Mcp from './mcp/serve';
import { CommandContext, type Handler } from './runtime/commandContext';
import { exitProcess, watchOutput } from './runtime/disconnect';
import { printError, printOutcome, type Io, type CommandResult } from './runtime/io';
import { version } from './runtime/version';

function help(topic: string): CommandResult {
  const text = topic === '' ? renderOverview() : renderTopic(topic);
  if (text === null) throw errors.usage(`Unknown command "${topic}".`, 'See `taco --help`.');
  return { json: { help: text }, text };
}

function completion(shell: string): CommandResult {
  const script = completionScript(shell as 'bash' | 'zsh' | 'fish');
  return { json: { script }, text: script.trimEnd() };
}

async function runLight(handler: Handler, invocation: Invocation, io: Io, json: boolean): Promise<number> {
  const context = new CommandContext(invocation, io);
  try {
    return await printOutcome(io, await handler(context), json);
  } finally {
    context.dispose();
  }
}

function run(invocation: Invocation, io: Io, json: boolean): Promise<number> | number {
  switch (invocation.command.name) {
    case 'completion':
      return printOutcome(io, completion(invocation.argument(0)), json);
    case 'send':
      return runLight(send, invocation, io, json);
    case 'done':
      return runLight(done, invocation, io, json);
    case 'mcp':
      return (createRequire(__filename)('./taco-mcp.js') as typeof Mcp).serveMcp(invocation, io);
    default:
      return (createRequire(__filename)('./taco-engine.js') as typeof Rest).runAndPrint(invocation, io, json);
  }
}

async function main(args: readonly string[], io: Io): Promise<number> {
  // Comes before everything that could fail: a hook never fails, whatever is wrong with it.
  if (args[0] === 'hook' && args[1] !== undefined && !args[1].startsWith('-')) return runHook(args[1], io);
  // Known before the command line is parsed, so that an invalid one is also answered in the requested form.
  const json = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--json');
  try {
    const line = parseCommandLine(args, commands, globalOptions);
    if (line.kind === 'version') return await printOutcome(io, { json: { version }, text: `taco ${version}` }, json);
    return await (line.kind === 'help' ? printOutcome(io, help(line.topic), json) : run(line.invocation, io, json));
  } catch (error) {
    return await printError(io, toTacoError(error), json);
  }
}

/** Returns the current folder; of one that was deleted the path where it was. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    process.chdir('/'); // what else asks for the folder would fail
    return process.env['PWD'] ?? '/';
  }
}

const io: Io = {
  env: process.env,
  cwd: currentFolder(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
};
const output = watchOutput(io);

void main(process.argv.slice(2), io)
  // Sockets and timers of a finished command must not keep the process alive.
  .then((code) => exitProcess(io, code || (output.failed ? 1 : 0)));
