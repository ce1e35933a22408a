import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { shellQuote } from '../../profiles/shared/shellQuote';

/** A program with its folder and complete environment, except for the variables that tmux sets for the pane itself. */
export interface LaunchedProgram {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
}

/** Names that a POSIX shell can export. Exported functions of bash and similar names cannot. */
const NAME = /^[A-Za-z_]\w*$/;
/** Variables that shells manage: some shells refuse to set them and exit. */
const OF_THE_SHELL = /^(PPID|OPTIND|LINENO|IFS|SHELLOPTS|BASHOPTS|BASH_VERSINFO|_|PWD|OLDPWD|SHLVL)$/;
/** Read-only in bash but exported by some users; the value is the same. */
const READ_ONLY = /^E?UID$/;
/** Variables that decide how a shell reads the lines after them. */
const LOCALE = /^(LC_|LANG)/;
/** Variables that tmux sets for a pane. */
const OF_THE_PANE = ['TERM', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'TMUX', 'TMUX_PANE'] as const;

/**
 * Returns a shell script that runs the program in its folder with exactly this environment. A tmux server gives every
 * pane the environment of the process that started the server; the script first clears it. No value is in an argument
 * list, where every user of the machine could read it. No folder reaches tmux, which would run a command in its name.
 */
export function launchScript({ argv, env, cwd }: LaunchedProgram): string {
  const names = Object.keys(env).filter((name) => NAME.test(name) && !OF_THE_SHELL.test(name));
  const inOrder = [...names.filter((name) => !LOCALE.test(name)), ...names.filter((name) => LOCALE.test(name))];
  return [
    '#!/bin/sh',
    '# Written by TACO for each launch. It holds secrets of the project.',
    'if [ "$1" != clean ]; then',
    `  exec /usr/bin/env -i ${OF_THE_PANE.map((name) => `\${${name}+"${name}=$${name}"}`).join(' ')} /bin/sh "$0" clean`,
    'fi',
    ...inOrder.map((name) => exportLine(name, env[name] ?? '')),
    `cd ${shellQuote(cwd)} || exit 1`,
    'unset OLDPWD',
    'export PWD',
    `exec ${argv.map(shellQuote).join(' ')}`,
    '',
  ].join('\n');
}

/**
 * Writes the script so that only the user can read it, and returns the argument array that runs it. The file exists
 * as long as its pane: tmux may start the pane's program again by itself.
 */
export async function writeLaunchScript(file: string, program: LaunchedProgram): Promise<readonly string[]> {
  await writeFileAtomic(file, launchScript(program));
  return ['/bin/sh', file];
}

function exportLine(name: string, value: string): string {
  const set = `export ${name}=${shellQuote(value)}`;
  return READ_ONLY.test(name) ? `if [ "\${${name}+x}" ]; then export ${name}; else ${set}; fi` : set;
}
