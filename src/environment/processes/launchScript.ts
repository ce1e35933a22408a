import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { shellQuote } from '../../profiles/shared/shellQuote';

/** A program with all that it starts with. The environment is the whole one, but for what tmux says of the pane itself. */
export interface LaunchedProgram {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
}

/** What a POSIX shell can export. Exported functions of bash and the like cannot pass one. */
const NAME = /^[A-Za-z_]\w*$/;
/** What shells keep for themselves: some refuse to set them and end. */
const OF_THE_SHELL = /^(PPID|OPTIND|LINENO|IFS|SHELLOPTS|BASHOPTS|BASH_VERSINFO|_|PWD|OLDPWD|SHLVL)$/;
/** Read-only in bash, and yet exported by users; the value is the same. */
const READ_ONLY = /^E?UID$/;
/** They decide how a shell reads the lines after them. */
const LOCALE = /^(LC_|LANG)/;
/** What tmux tells a pane about itself. */
const OF_THE_PANE = ['TERM', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'TMUX', 'TMUX_PANE'] as const;

/**
 * A shell script that runs the program in its folder with exactly this environment. A tmux server gives every pane the environment of
 * whoever started the server; the script begins by leaving that behind. No value stands in an argument list, where every user of the
 * machine could read it, and no folder reaches tmux, which would run a command that stands in its name.
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
 * Writes the script where only the user can read it, and gives the argument array that runs it. It stays as long as its pane: tmux may
 * start the pane's program again by itself.
 */
export async function writeLaunchScript(file: string, program: LaunchedProgram): Promise<readonly string[]> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, launchScript(program), { mode: 0o600 });
  await rename(draft, file);
  return ['/bin/sh', file];
}

function exportLine(name: string, value: string): string {
  const set = `export ${name}=${shellQuote(value)}`;
  return READ_ONLY.test(name) ? `if [ "\${${name}+x}" ]; then export ${name}; else ${set}; fi` : set;
}
