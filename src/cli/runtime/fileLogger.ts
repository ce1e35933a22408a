import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { redact } from '../../core/base/redact';
import { toTacoError } from '../../core/errors/tacoError';
import { collapseRepeats } from '../../core/team/collapseRepeats';

/** A log that has grown to this is set aside as `NAME.old`, in the place of the one before, bytes: a log takes twice this at most. */
const MAX_LOG_BYTES = 2 * 1024 * 1024;
/** Several processes may write one log, so its size is read again after this many bytes of our own. */
const CHECK_EVERY_BYTES = 16 * 1024;
/** Its folder may have been deleted since, milliseconds. */
const CHECK_EVERY_MS = 2000;
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** Converts an error to plain fields with its code and hint; redacts secrets everywhere. */
function plain(fields: Record<string, unknown>): unknown {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? { ...toTacoError(value).toJSON(), stack: value.stack } : value,
  ]);
  return redact(Object.fromEntries(entries));
}

/** A file that is set aside when it has become too long, also while it is written. What cannot be written is left out. */
class LogFile implements DisposableLike {
  private file: number | null = null;
  private sinceCheck = 0;
  private openedAt = 0;

  constructor(
    private readonly path: string,
    private readonly maxBytes: number,
  ) {
    this.open();
  }

  write(line: string): void {
    if (this.file === null) return;
    try {
      if (Date.now() - this.openedAt > CHECK_EVERY_MS) this.openAgain();
      this.sinceCheck += writeSync(this.file, line);
      if (this.sinceCheck >= Math.min(CHECK_EVERY_BYTES, this.maxBytes)) this.openAgain();
    } catch {
      // A read-only or full disk must not keep the team from running.
    }
  }

  dispose(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }

  private openAgain(): void {
    this.dispose();
    this.open();
  }

  /** Opens the file of this name, which another process may have made since, and its folder. */
  private open(): void {
    try {
      this.sinceCheck = 0;
      this.openedAt = Date.now();
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      if ((statSync(this.path, { throwIfNoEntry: false })?.size ?? 0) >= this.maxBytes)
        renameSync(this.path, `${this.path}.old`);
      this.file = openSync(this.path, 'a', 0o600);
    } catch {
      // As above.
    }
  }
}

/**
 * One JSON object a line: `{"time","level","event",…}`; what repeats is written once a minute. The file is private to the user and
 * takes 4 MiB at most with the one that was set aside; a log that cannot be written stops nothing.
 */
export function fileLogger(
  dir: string,
  name: string,
  lowest: (typeof LEVELS)[number],
  maxBytes = MAX_LOG_BYTES,
): Logger & DisposableLike {
  const file = new LogFile(join(dir, name), maxBytes);
  const write =
    (level: (typeof LEVELS)[number]) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(lowest)) return;
      file.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...(plain(fields) as object) })}\n`);
    };
  const logger = collapseRepeats({
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  });
  return { ...logger, dispose: () => file.dispose() };
}
