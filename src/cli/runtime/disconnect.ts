/** What ends a command that stays although nobody ends it: its terminal was closed, its connection cut, or the reader of its output has gone. */
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Io } from './io';

type Streams = Pick<Io, 'stdin' | 'stdout' | 'stderr'>;

/**
 * Calls `then` for each sign that nobody is there: more than once, as a shell and the kernel each hang up. It is for the rest of this
 * process: a SIGHUP that comes later than the other signs would kill it while it ends, with what it holds not given back.
 */
export function onDisconnect({ stdin, stdout, stderr }: Streams, then: () => void): void {
  process.on('SIGHUP', then);
  for (const stream of [stdin, stdout, stderr]) stream.on('error', then);
}

/**
 * Ends the process when nobody reads its output any more (`taco messages | head`), or its terminal is gone: no failure of ours.
 * A command that listens for errors itself has something to end first, and is left to that. Any other error is thrown.
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

/** Ends the process. Node sets its terminals back at the end, and aborts where one is gone: those are closed before. */
export function exitProcess({ stdin, stdout, stderr }: Streams, code: number): never {
  for (const [descriptor, { isTTY }] of [stdin, stdout, stderr].entries()) {
    if (isTTY && !isatty(descriptor)) closeSync(descriptor);
  }
  process.exit(code);
}
