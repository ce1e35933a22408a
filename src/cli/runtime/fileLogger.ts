import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DisposableLike } from '../../core/base/disposable';
import { toTacoError } from '../../core/base/errors';
import { redact } from '../../core/base/redact';
import type { Logger } from '../../core/team/ports';

/** A log file beyond this size is renamed once, bytes. */
const LONGEST_LOG = 5 * 1024 * 1024;
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** Converts an error to plain fields with its code and hint; redacts secrets everywhere. */
function plain(fields: Record<string, unknown>): unknown {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? { ...toTacoError(value).toJSON(), stack: value.stack } : value,
  ]);
  return redact(Object.fromEntries(entries));
}

/**
 * Writes one JSON object per line: `{"time","level","event",…}`. The file is private to the user. A failed write
 * stops nothing.
 */
export function fileLogger(dir: string, name: string, lowest: (typeof LEVELS)[number]): Logger & DisposableLike {
  let file: number | null = null;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const path = join(dir, name);
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LONGEST_LOG) renameSync(path, `${path}.old`);
    file = openSync(path, 'a', 0o600);
  } catch {
    // A read-only or full disk must not stop the team.
  }
  const write =
    (level: (typeof LEVELS)[number]) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (file === null || LEVELS.indexOf(level) < LEVELS.indexOf(lowest)) return;
      try {
        appendFileSync(
          file,
          `${JSON.stringify({ time: new Date().toISOString(), level, event, ...(plain(fields) as object) })}\n`,
        );
      } catch {
        // Same as above.
      }
    };
  return {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    dispose: () => {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}
