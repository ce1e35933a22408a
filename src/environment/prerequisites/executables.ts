import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { firstLine } from '../../core/base/truncate';

/** Returns the absolute path of a command on `path`, or of a given path; null when it cannot be executed. */
export async function findExecutable(command: string, path: string): Promise<string | null> {
  const candidates = isAbsolute(command)
    ? [command]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((dir) => join(dir, command));
  for (const candidate of candidates) {
    const usable = await access(candidate, constants.X_OK).then(
      async () => (await stat(candidate)).isFile(),
      () => false,
    );
    if (usable) return candidate;
  }
  return null;
}

const ANSWER_MS = 10_000;

/**
 * Returns the standard output of a short command, whatever its exit code; empty when it cannot run or takes too long.
 */
export function outputOf(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, [...args], { env, encoding: 'utf8', timeout: ANSWER_MS }, (_error, stdout) => resolve(stdout));
  });
}

/** Returns the first line of `command --version`; null when it cannot run. @param args arguments before `--version` */
export function versionOf(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[] = [],
): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, [...args, '--version'], { env, encoding: 'utf8', timeout: ANSWER_MS }, (error, stdout) =>
      resolve(error ? null : firstLine(stdout)),
    );
  });
}
