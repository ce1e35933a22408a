import type { Logger } from '../../core/base/logger';
import { shortened } from '../../core/base/truncate';
import { errorMessage } from '../../core/errors/tacoError';
import type { StateStore } from '../../core/team/ports';

/** Minimum time between two updates, milliseconds: a set-up prints faster than the user can read. */
const REPORT_INTERVAL_MS = 2000;
const MAX_SHOWN = 120;

/** Shows the progress of an agent's worktree in the session's detail, which VS Code and `taco up` display. */
export class WorktreeProgress {
  private reportedAt = 0;

  constructor(
    private readonly agent: string,
    private readonly store: Pick<StateStore, 'setSession'>,
    private readonly log: Logger,
  ) {}

  /** Returns at once; skips a text that comes soon after another. */
  report(text: string): void {
    const now = Date.now();
    if (now - this.reportedAt < REPORT_INTERVAL_MS) return;
    this.reportedAt = now;
    this.show(`Worktree of ${this.agent}: ${shortened(text, MAX_SHOWN)}`);
  }

  /** Ends the display after the worktree is complete or has failed. */
  end(): void {
    if (this.reportedAt > 0) this.show('');
  }

  private show(detail: string): void {
    this.store
      .setSession({ detail })
      .catch((error: unknown) => this.log.debug('worktree.progress', { error: errorMessage(error) }));
  }
}
