/** Commands as users write them in settings, options and profiles: arguments are split off here and nowhere else. */
import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, resolve } from 'node:path';
import { localizable } from '../../core/base/localizedText';
import { errors } from '../../core/errors/errors';
import {
  type CommandPlace,
  expandPath,
  expandWord,
  hasPairedQuotes,
  splitWords,
} from '../../core/programs/commandLine';

/** A program to execute: an absolute path, or a name for the PATH; and the arguments that the user wrote behind it. */
export interface ProgramCommand {
  readonly command: string;
  readonly args: readonly string[];
}

const SHELL = /^(?:ba|z|fi|da|k|a|mk|tc|c)?sh$/;

/**
 * Reads `claude`, `~/bin/agent`, `./bin/agent`, `${userHome}/bin/agent`, `"${env:TOOLS}/my agent" --model opus`, `npx foo`. A text that names an executable
 * file as a whole is that file, spaces included. Throws TacoError usage when it cannot be expanded, or arguments that follow would be lost.
 */
export function parseCommand(text: string, place: CommandPlace): ProgramCommand {
  const whole = expandPath(text, text.trim(), place);
  if (isAbsolute(whole) && isExecutable(whole)) return { command: whole, args: [] };
  if (!hasPairedQuotes(text))
    throw errors.commandInvalid(
      text,
      localizable`its quotes do not match`,
      localizable`Put each word with spaces into quotes.`,
    );
  const [first = '', ...rest] = splitWords(text);
  if (first === '') throw errors.commandInvalid(text, localizable`it is empty`, localizable`Give an executable.`);
  const command = expandPath(text, first, place);
  const args = rest.map((word) => expandWord(text, word, place));
  refuseLostArguments(text, command, args);
  return { command, args };
}

/** The same command with the absolute path of its executable; null when there is none that can be run. */
export function findCommand({ command, args }: ProgramCommand, path: string): ProgramCommand | null {
  const candidates = isAbsolute(command)
    ? [command]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((dir) => resolve(dir, command));
  const found = candidates.find(isExecutable);
  return found === undefined ? null : { command: found, args };
}

/** True for a shell: as the foreground process it shows a prompt that runs whatever is typed. */
export function isShell(command: string): boolean {
  return SHELL.test(basename(command));
}

/** `bash -c "claude"` would take the arguments that TACO adds for itself, and the CLI would run without its hooks. */
function refuseLostArguments(text: string, command: string, args: readonly string[]): void {
  const options = args.findIndex((arg) => !arg.startsWith('-'));
  const at = args.slice(0, options < 0 ? args.length : options).findIndex((arg) => /^-[a-z]*c$/.test(arg));
  if (at < 0 || !isShell(command) || (/\$[@*]/.test(args[at + 1] ?? '') && args.length > at + 2)) return;
  throw errors.commandInvalid(
    text,
    localizable`${basename(command)} would keep the arguments that TACO adds from the agent CLI`,
    localizable`Write a script that ends with ${'exec claude "$@"'}, or use ${'bash -c \'exec claude "$@"\' agent'}.`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
