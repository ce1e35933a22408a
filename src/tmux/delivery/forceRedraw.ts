import type { Clock } from '../../core/base/clock';
import type { Logger } from '../../core/base/logger';
import type { KeyGuard, PaneDriver, PaneState } from '../pane/paneDriver';

/**
 * Milliseconds until an unreadable screen that does not change is redrawn; a start or a slow program has finished by
 * then.
 */
const SENSELESS_FOR = 3000;
/** Cells that a screen needs so that a CLI draws its input box whole (measured with Claude Code at 40 × 15). */
const LEAST_COLUMNS = 40;
const LEAST_ROWS = 12;

/**
 * Makes a program redraw its whole screen when TACO cannot read it. Some programs draw only changes. A warning that
 * scrolled the terminal, or another process's output, then stays until the terminal is resized. It would hold a message
 * for as long. A window that a small terminal left behind gets a usable size. Types nothing, and ignores a screen that a client shows.
 */
export class ForceRedraw {
  /** By pane: the last screen, the time since which it is unchanged, and the screen that was already redrawn. */
  private readonly seen = new Map<
    string,
    { readonly text: string; readonly since: number; readonly tried: string | null }
  >();

  constructor(
    private readonly panes: PaneDriver,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Called for each capture of an unreadable screen; redraws each screen once. */
  async onUnreadable(state: PaneState, fence: KeyGuard): Promise<void> {
    const { width, height } = state.screen;
    if (!state.watched && (width < LEAST_COLUMNS || height < LEAST_ROWS)) {
      this.log.info('screen.enlarged', { pane: state.pane, width, height });
      await this.panes.enlarge(state, fence);
      return;
    }
    const text = state.screen.lines.map((line) => line.text).join('\n');
    const before = this.seen.get(state.pane);
    const now = this.clock.now();
    if (before?.text !== text) this.seen.set(state.pane, { text, since: now, tried: before?.tried ?? null });
    else if (before.tried !== text && now - before.since >= SENSELESS_FOR && !state.watched) {
      this.seen.set(state.pane, { ...before, tried: text });
      this.log.info('screen.redrawn', { pane: state.pane });
      await this.panes.redraw(state, fence);
    }
  }

  /** Called when the screen is readable again. */
  onReadable(pane: string): void {
    this.seen.delete(pane);
  }
}
