import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withoutGitVariables } from '../git/git';
import { OutputTail } from '../git/outputTail';
import { runProcessGroup } from '../git/processGroup';

/** Bytes of output that the log of a check holds. */
const MAX_LOG_BYTES = 10 * 1024 * 1024;

export interface CheckOptions {
  /** A program and its arguments; no shell parses them. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** File that gets the output while the check runs. Only the user can read it. */
  readonly log: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CheckEnd {
  readonly isGreen: boolean;
  readonly isCancelled: boolean;
  readonly exitCode: number | null;
  /** The outcome, as the end of a sentence: `ended with exit code 1`; empty when it is green. */
  readonly reason: string;
  readonly durationMs: number;
  /** The end of its output as plain text. */
  readonly output: string;
}

/** Runs a check to its end. Afterwards no process of its group runs, unless it ended by itself. Never throws for a red one. */
export async function runCheck({ command, folder, env, log, timeoutMs, signal }: CheckOptions): Promise<CheckEnd> {
  const [program = '', ...args] = command;
  await mkdir(dirname(log), { recursive: true, mode: 0o700 });
  const file = createWriteStream(log, { mode: 0o600 });
  const failed = new Promise<void>((resolve) => file.once('error', () => resolve()));
  const tail = new OutputTail();
  let room = MAX_LOG_BYTES;
  const onOutput = (chunk: Buffer): void => {
    tail.add(chunk);
    if (room <= 0) return;
    file.write(chunk.subarray(0, room));
    room -= chunk.length;
    if (room <= 0) file.write('\n… (the rest of the output is not kept)\n');
  };
  const begun = Date.now();
  const { how, exitCode, error } = await runProcessGroup(program, args, {
    cwd: folder,
    env: withoutGitVariables(env),
    signal,
    timeoutMs,
    onStdout: onOutput,
    onStderr: onOutput,
  });
  await Promise.race([failed, new Promise<void>((resolve) => file.end(() => resolve()))]);
  const reason =
    how === 'cancelled'
      ? 'was cancelled'
      : how === 'timed-out'
        ? `ran for more than ${timeText(timeoutMs)} and was ended`
        : how === 'not-started'
          ? `cannot be run (${error?.code === 'ENOENT' ? `${program} was not found` : (error?.message ?? '')})`
          : exitCode === null
            ? 'was ended by a signal'
            : exitCode === 0
              ? ''
              : `ended with exit code ${exitCode}`;
  return {
    isGreen: how === 'exited' && exitCode === 0,
    isCancelled: how === 'cancelled',
    exitCode: how === 'exited' ? exitCode : null,
    reason,
    durationMs: Date.now() - begun,
    output: tail.text,
  };
}

function timeText(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`;
}
