import { errorMessage } from '../../core/base/errors';
import { shortened } from '../../core/base/truncate';
import type { Logger, StateStore } from '../../core/team/ports';

/** A set-up prints faster than anybody reads; the session shows its last line this often, milliseconds. */
const REPORT_INTERVAL_MS = 2000;
const MAX_SHOWN = 120;

/** Shows what is done for an agent's worktree in the session's detail, where VS Code and `taco up` display it. */
export class WorktreeProgress {
  private reportedAt = 0;

  constructor(
    private readonly agent: string,
    private readonly store: Pick<StateStore, 'setSession'>,
    private readonly log: Logger,
  ) {}

  /** Returns at once; a text that comes soon after another is left out. */
  report(text: string): void {
    const now = Date.now();
    if (now - this.reportedAt < REPORT_INTERVAL_MS) return;
    this.reportedAt = now;
    this.show(`Worktree of ${this.agent}: ${shortened(text, MAX_SHOWN)}`);
  }

  /** The worktree is done, or failed: nothing of it is shown any more. */
  end(): void {
    if (this.reportedAt > 0) this.show('');
  }

  private show(detail: string): void {
    this.store
      .setSession({ detail })
      .catch((error: unknown) => this.log.debug('worktree.progress', { error: errorMessage(error) }));
  }
}
