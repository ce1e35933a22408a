import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { firstLine } from '../../core/base/truncate';

/** The absolute path of a command on `path`, or of a path given as such; null when it cannot be executed. */
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

/** What a short command printed on standard output, whatever its exit code; empty when it cannot be run or takes too long. */
export function outputOf(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, [...args], { env, encoding: 'utf8', timeout: ANSWER_MS }, (_error, stdout) => resolve(stdout));
  });
}

/** The first line of what `command --version` prints; null when it cannot be run. */
export function versionOf(command: string, env: Readonly<Record<string, string | undefined>>): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, ['--version'], { env, encoding: 'utf8', timeout: ANSWER_MS }, (error, stdout) =>
      resolve(error ? null : firstLine(stdout)),
    );
  });
}
