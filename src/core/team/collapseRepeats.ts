import type { Logger } from '../base/logger';

/** A line that is the same as one written in this time is counted and not written, milliseconds. */
export const REPEATS_MS = 60_000;
/** So many different lines are remembered. */
const REMEMBERED = 64;

interface Written {
  readonly at: number;
  /** The same line came so often since. */
  repeated: number;
}

/**
 * Writes a warning, an error or a debug line that repeats once a minute, with the number of those that were left out
 * (`repeated`). A cause that lasts for hours (Redis is read-only, the disk is full) then does not fill the log.
 */
export function collapseRepeats(logger: Logger, now: () => number = Date.now): Logger {
  const written = new Map<string, Written>();
  const at =
    (level: 'debug' | 'warn' | 'error') =>
    (event: string, fields?: Record<string, unknown>): void => {
      const key = `${level} ${event} ${keyOf(fields)}`;
      const before = written.get(key);
      const time = now();
      if (before && time - before.at < REPEATS_MS && time >= before.at) {
        before.repeated += 1;
        return;
      }
      written.delete(key);
      written.set(key, { at: time, repeated: 0 });
      for (const oldest of written.keys()) {
        if (written.size <= REMEMBERED) break;
        written.delete(oldest);
      }
      const repeated = before?.repeated ?? 0;
      logger[level](event, repeated > 0 ? { ...fields, repeated } : fields);
    };
  return {
    trace: (event, fields) => logger.trace(event, fields),
    debug: at('debug'),
    info: (event, fields) => logger.info(event, fields),
    warn: at('warn'),
    error: at('error'),
  };
}

/** Errors are the same when they say the same: a stack is of one moment. */
function keyOf(fields: Record<string, unknown> | undefined): string {
  try {
    return JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? value.message : value)) ?? '';
  } catch {
    return '';
  }
}
