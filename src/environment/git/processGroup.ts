import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How long a program has to end by itself after SIGTERM before SIGKILL, milliseconds. */
const TERM_GRACE_MS = 2000;
/** How often a group that must end is checked, milliseconds. */
const GROUP_POLL_INTERVAL_MS = 50;
/** A background process can hold the output open after the program has ended: silence for this long counts as its end, milliseconds. */
const DRAIN_MS = 500;

export interface ProcessGroupOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
  /** Ends the program with everything it started. */
  readonly signal?: AbortSignal | undefined;
  /** The program is ended when it runs longer, milliseconds. */
  readonly timeoutMs?: number;
}

export interface ProcessEnd {
  readonly how: 'exited' | 'cancelled' | 'timed-out' | 'not-started';
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** Why it could not be started; else null. */
  readonly error: NodeJS.ErrnoException | null;
}

/**
 * Runs a program in its own process group, without a terminal and without input, and streams its output: nothing is collected here, so
 * its size does not matter. When it is cancelled or takes too long, the result comes only after every process of its group has ended.
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
    const stop = (reason: 'cancelled' | 'timed-out'): void => {
      if (how !== 'exited') return;
      how = reason;
      killAt = Date.now() + TERM_GRACE_MS;
      signalGroup(child.pid, 'SIGTERM');
      setTimeout(() => signalGroup(child.pid, 'SIGKILL'), TERM_GRACE_MS).unref();
    };
    const onAbort = (): void => stop('cancelled');
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop('timed-out'), timeoutMs);
    const finish = (end: ProcessEnd): void => {
      clearTimeout(timer);
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

/** False when no process of the group is left. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Resolves once no process of the group is left; what is still there at `killAt` (milliseconds since the epoch) is killed. */
async function groupEnded(pid: number | undefined, killAt: number): Promise<void> {
  while (signalGroup(pid, 0)) {
    // A zombie that nobody reaps counts as a member for good: after the kill nothing runs there any more.
    if (Date.now() >= killAt) return void signalGroup(pid, 'SIGKILL');
    await new Promise((next) => setTimeout(next, GROUP_POLL_INTERVAL_MS));
  }
}

/** Resolves once the streams have ended, or nothing came from them for a while. */
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
