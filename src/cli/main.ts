#!/usr/bin/env node
/**
 * The `taco` command. The commands that an agent waits for (`send`, `done`, `hook`) are here; the others, the help and
 * the table of all commands are loaded.
 */
import { createRequire } from 'node:module';
import { toTacoError } from '../core/errors/tacoError';
import { globalOptions, lightCommand } from './args/lightCommands';
import { parseCommandLine, type Invocation } from './args/parseArgs';
import { done } from './commands/proof/done';
import { send } from './commands/send';
import type * as Rest from './engineCommands';
import { runHook } from './hooks/hook';
import { serveMcp } from './mcp/loadServe';
import { CommandContext } from './runtime/commandContext';
import { exitProcess, watchOutput } from './runtime/disconnect';
import { printError, printOutcome, type Io } from './runtime/io';

async function run(invocation: Invocation, io: Io, json: boolean): Promise<number> {
  const { name } = invocation.command;
  if (name === 'mcp') return serveMcp(invocation, io);
  const context = new CommandContext(invocation, io);
  try {
    return await printOutcome(io, await (name === 'done' ? done : send)(context), json);
  } finally {
    context.dispose();
  }
}

async function main(args: readonly string[], io: Io): Promise<number> {
  // Comes before everything that could fail: a hook never fails, whatever is wrong with it.
  if (args[0] === 'hook' && args[1] !== undefined && !args[1].startsWith('-')) return runHook(args[1], io);
  // Known before the command line is parsed, so that an invalid one is also answered in the requested form.
  const json = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--json');
  try {
    const light = lightCommand(args[0]);
    const line = light && parseCommandLine(args, [light], globalOptions);
    if (line?.kind === 'run') return await run(line.invocation, io, json);
    return await (createRequire(__filename)('./taco-engine.js') as typeof Rest).runCommandLine(args, io, json);
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
