import { execFile } from 'node:child_process';

/** Runs a program to its end; resolves with its output, rejects when it failed. */
export function spawned(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...args],
      { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 20_000 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${command} ${args[0] ?? ''}: ${(stderr || error.message).trim().slice(0, 200)}`));
        else resolve(stdout);
      },
    );
  });
}
