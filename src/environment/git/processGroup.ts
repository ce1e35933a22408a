import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Time between SIGTERM and SIGKILL, milliseconds. */
const TERM_GRACE_MS = 2000;
/** Poll interval of a group that must end, milliseconds. */
const GROUP_POLL_INTERVAL_MS = 50;
/**
 * Silence that counts as the end of output after the program ended, milliseconds: a background process can hold the
 * output open.
 */
const DRAIN_MS = 500;

export interface ProcessGroupOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
  /** Ends the program with every process that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Maximum run time, milliseconds. */
  readonly timeoutMs?: number;
}

export interface ProcessEnd {
  readonly how: 'exited' | 'cancelled' | 'timed-out' | 'not-started';
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** The error of a failed start; else null. */
  readonly error: NodeJS.ErrnoException | null;
}

/**
 * Runs a program in its own process group, without a terminal and without input, and streams its output. It collects
 * nothing, so the size of the output does not matter. After a cancellation or timeout the result comes only when
 * every process of the group has ended.
 */
export function runProcessGroup(
  command: string,
  args: readonly string[],
  { cwd, env, onStdout, onStderr, signal, timeoutMs }: ProcessGroupOptions,
): Promise<ProcessEnd> {
  if (signal?.aborted) return Promise.resolve({ how: 'cancelled', exitCode: null, error: null });
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let how: ProcessEnd['how'] = 'exited';
    let killAt = 0;
    let killTimer: NodeJS.Timeout | undefined;
    const stop = (reason: 'cancelled' | 'timed-out'): void => {
      if (how !== 'exited') return;
      how = reason;
      killAt = Date.now() + TERM_GRACE_MS;
      signalGroup(child.pid, 'SIGTERM');
      killTimer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), TERM_GRACE_MS);
      killTimer.unref();
    };
    const onAbort = (): void => stop('cancelled');
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop('timed-out'), timeoutMs);
    const finish = (end: ProcessEnd): void => {
      clearTimeout(timer);
      // The group's id may belong to another group by then.
      clearTimeout(killTimer);
      signal?.removeEventListener('abort', onAbort);
      resolve(end);
    };
    child.stdout.on('data', onStdout);
    child.stderr.on('data', onStderr);
    child.once('error', (error) => {
      if (child.pid === undefined) finish({ how: 'not-started', exitCode: null, error });
    });
    child.once('exit', (exitCode) => {
      void drained([child.stdout, child.stderr])
        .then(() => (how === 'exited' ? undefined : groupEnded(child.pid, killAt)))
        .then(() => finish({ how, exitCode, error: null }));
    });
  });
}

/** Returns false when the group has no processes left. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Resolves once the group has no processes left; kills the remaining ones at `killAt` (milliseconds since the epoch).
 */
async function groupEnded(pid: number | undefined, killAt: number): Promise<void> {
  while (signalGroup(pid, 0)) {
    // An unreaped zombie stays a group member: after the kill no code of the group runs any more.
    if (Date.now() >= killAt) return void signalGroup(pid, 'SIGKILL');
    await new Promise((next) => setTimeout(next, GROUP_POLL_INTERVAL_MS));
  }
}

/** Resolves once the streams have ended, or were silent for a while. */
function drained(streams: readonly Readable[]): Promise<void> {
  return new Promise((resolve) => {
    const open = new Set(streams.filter((stream) => !stream.readableEnded && !stream.destroyed));
    const giveUp = (): void => {
      for (const stream of open) stream.destroy();
      resolve();
    };
    let timer = setTimeout(giveUp, DRAIN_MS);
    const close = (stream: Readable): void => {
      open.delete(stream);
      if (open.size > 0) return;
      clearTimeout(timer);
      resolve();
    };
    if (open.size === 0) {
      clearTimeout(timer);
      return resolve();
    }
    for (const stream of open) {
      stream.on('data', () => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, DRAIN_MS);
      });
      stream.once('close', () => close(stream));
    }
  });
}
