#!/usr/bin/env node
/** The `taco` command: reads the command line by the table and runs one command, loading only what that one needs. */
import { errors, toTacoError } from '../core/errors';
import { completionScript } from './completion';
import { renderOverview, renderTopic } from './help';
import { runHook } from './hook';
import { printError, printOutcome, type Io, type Outcome } from './io';
import { parseCommandLine, type Invocation } from './parse';
import { runCommand } from './run';
import { commands, globalOptions } from './table';

function help(topic: string): Outcome {
  const text = topic === '' ? renderOverview() : renderTopic(topic);
  if (text === null) throw errors.usage(`There is no command "${topic}".`, 'See `taco --help`.');
  return { json: { help: text }, text };
}

async function run(invocation: Invocation, io: Io): Promise<Outcome> {
  if (invocation.command.name === 'completion') {
    const script = completionScript(invocation.argument(0) as 'bash' | 'zsh' | 'fish');
    return { json: { script }, text: script.trimEnd() };
  }
  return runCommand(invocation, io);
}

async function main(args: readonly string[], io: Io): Promise<number> {
  // Before anything that could complain: a hook never fails, whatever is wrong with it.
  if (args[0] === 'hook' && args[1] !== undefined && !args[1].startsWith('-')) return runHook(args[1], io);
  // Known before the command line is, so that also a wrong one is answered in the form that was asked for.
  const json = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--json');
  try {
    const line = parseCommandLine(args, commands, globalOptions);
    return await printOutcome(io, line.kind === 'help' ? help(line.topic) : await run(line.invocation, io), json);
  } catch (error) {
    return await printError(io, toTacoError(error), json);
  }
}

// A reader that has enough (`taco messages | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void main(process.argv.slice(2), { env: process.env, cwd: process.cwd(), stdin: process.stdin, stdout: process.stdout, stderr: process.stderr })
  // Sockets and timers of a command that is through must not keep it alive.
  .then((code) => process.exit(code));
