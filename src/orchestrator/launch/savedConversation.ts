import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/base/clock';

/**
 * Time without a change after which a CLI has written its conversation, milliseconds. Claude Code 2.1.197 wrote the
 * user's prompt up to 1,000 ms after it had shown the answer, and lost the prompt when its terminal ended before.
 */
const QUIET_MS = 2000;
/** Time limit for a CLI that goes on writing, milliseconds. */
const LIMIT_MS = 6000;
const POLL_MS = 100;

/**
 * Waits until the file of a conversation, `FOLDER/…/ID.jsonl`, has not changed for two seconds, so that the end of its
 * CLI loses nothing. Resolves at once when there is no such file, and after six seconds while it still changes.
 */
export async function untilSaved(folder: string | undefined, conversation: string, clock: Clock): Promise<void> {
  if (folder === undefined || conversation === '') return;
  const end = clock.now() + LIMIT_MS;
  for (;;) {
    const changedAt = await lastChange(folder, conversation);
    // The clock of a file server may be ahead.
    if (Math.abs(clock.now() - changedAt) >= QUIET_MS || clock.now() >= end) return;
    await clock.sleep(POLL_MS);
  }
}

/** Returns the time of the file's last change in milliseconds since the epoch; 0 when there is none. */
async function lastChange(folder: string, conversation: string): Promise<number> {
  const projects = await readdir(folder).catch(() => [] as string[]);
  const changes = projects.map((project) =>
    stat(join(folder, project, `${conversation}.jsonl`)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  return Math.max(0, ...(await Promise.all(changes)));
}
