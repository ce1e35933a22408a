/**
 * Ends a long-running command when its terminal is closed, its connection is cut, or the reader of its output ends.
 */
import { closeSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Io } from './io';

type Streams = Pick<Io, 'stdin' | 'stdout' | 'stderr'>;

/**
 * Calls `then` for each disconnection event; more than once, as a shell and the kernel each hang up. The handlers
 * stay for the rest of the process. A SIGHUP after the other events would otherwise kill it while it ends, before it
 * has released its resources.
 */
export function onDisconnect({ stdin, stdout, stderr }: Streams, then: () => void): void {
  process.on('SIGHUP', then);
  for (const stream of [stdin, stdout, stderr]) stream.on('error', then);
}

/**
 * Ends the process when the reader of its output (`taco messages | head`) or its terminal is gone; that is no failure
 * of TACO. Output that cannot be written for another reason (a full disk) is reported in one sentence, and ends the
 * process with 1. A command with its own error listener has something to end first, and ends by itself.
 * @returns `failed`: whether output could not be written
 */
export function watchOutput({ stdin, stdout, stderr }: Streams): { readonly failed: boolean } {
  const output = { failed: false };
  for (const stream of [stdin, stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      const isClosed = error.code === 'EPIPE' || (error.code === 'EIO' && stream.isTTY);
      if (!isClosed && !output.failed)
        report(`Cannot write the output: ${error.message}. What the command did is done.`);
      output.failed ||= !isClosed;
      if (stream.listenerCount('error') === 1) exitProcess({ stdin, stdout, stderr }, isClosed ? 0 : 1);
    });
  }
  return output;
}

/** Writes to standard error at once: the stream may be the one that fails. */
function report(sentence: string): void {
  try {
    writeSync(2, `taco: ${sentence}\n`);
  } catch {
    // It cannot be written either.
  }
}

/**
 * Ends the process. Node restores its terminals at exit and aborts if one is closed, so closed ones are released
 * first.
 */
export function exitProcess({ stdin, stdout, stderr }: Streams, code: number): never {
  for (const [descriptor, { isTTY }] of [stdin, stdout, stderr].entries()) {
    if (isTTY && !isatty(descriptor)) closeSync(descriptor);
  }
  process.exit(code);
}
