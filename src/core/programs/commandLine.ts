/** Commands as users write them in settings and options: words, paths and variables. No shell reads them: `$`, `*` and `;` are letters. */
import { basename, resolve } from 'node:path';
import { localizable } from '../base/localizedText';
import { oneLine } from '../base/truncate';
import { errors } from '../errors/errors';
import type { TacoError } from '../errors/tacoError';

export interface CommandPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of `./bin/agent` and of `${workspaceFolder}`. */
  readonly projectDir: string;
}

/** Splits a command line into words at white space; quotes of either kind keep it in a word. */
export function splitWords(text: string): readonly string[] {
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"']|["'](?=[^"']*$))+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_quoted, double?: string, single?: string) => double ?? single ?? ''),
  );
}

/** Returns a command as one line; an argument with white space or quotes is shown as JSON. */
export function commandText(command: readonly string[]): string {
  return oneLine(command.map((word) => (/^[^\s"'`]+$/.test(word) ? word : JSON.stringify(word))).join(' '));
}

/** Whether every quote of a command line has its partner. */
export function hasPairedQuotes(text: string): boolean {
  return !/["']/.test(text.replace(/"[^"]*"|'[^']*'/g, ''));
}

/** The executable that a setting names, where no arguments may follow; the text as it is when it cannot be expanded, so that its use reports it missing. */
export function expandExecutable(text: string, place: CommandPlace): string {
  try {
    return expandPath(text, text.trim(), place);
  } catch {
    return text;
  }
}

/** Expands the executable of a command: a name is for the PATH, a relative path belongs to the project. Throws TacoError usage. */
export function expandPath(text: string, word: string, place: CommandPlace): string {
  const expanded = expandWord(text, word, place);
  return expanded.includes('/') ? resolve(place.projectDir, expanded) : expanded;
}

/** Expands a leading `~` and the variables of one word of the command `text`. Throws TacoError usage for a variable that is not known, or not set. */
export function expandWord(text: string, word: string, { env, projectDir }: CommandPlace): string {
  const home = word === '~' || word.startsWith('~/') ? `${homeOf(text, env)}${word.slice(1)}` : word;
  return home.replace(/\$\{([^}]*)\}/g, (variable, name: string) => {
    if (name === 'userHome') return homeOf(text, env);
    if (name === 'workspaceFolder') return projectDir;
    if (name === 'workspaceFolderBasename') return basename(projectDir);
    if (name === 'pathSeparator' || name === '/') return '/';
    const value = name.startsWith('env:') ? env[name.slice('env:'.length)] : undefined;
    if (value !== undefined) return value;
    if (name.startsWith('env:')) throw notSet(text, name.slice('env:'.length));
    throw errors.commandInvalid(
      text,
      localizable`TACO does not know the variable ${variable}`,
      localizable`It knows ${'${userHome}, ${workspaceFolder}, ${workspaceFolderBasename}, ${env:NAME}'} and a leading ~.`,
    );
  });
}

function homeOf(text: string, env: CommandPlace['env']): string {
  const home = env['HOME'];
  if (home === undefined || home === '') throw notSet(text, 'HOME');
  return home;
}

function notSet(text: string, name: string): TacoError {
  return errors.commandInvalid(
    text,
    localizable`the environment variable ${name} is not set`,
    localizable`Set it where TACO is started, or write the path.`,
  );
}
