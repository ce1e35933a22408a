/**
 * Ends a long-running command when its terminal is closed, its connection is cut, or the reader of its output ends.
 */
import { closeSync } from 'node:fs';
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
 * of TACO. A command with its own error listener has something to end first, and handles the error itself. Throws any
 * other error.
 */
export function exitOnClosedPipe({ stdin, stdout, stderr }: Streams): void {
  for (const stream of [stdin, stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (stream.listenerCount('error') > 1) return;
      if (error.code === 'EPIPE' || (error.code === 'EIO' && stream.isTTY)) exitProcess({ stdin, stdout, stderr }, 0);
      throw error;
    });
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
