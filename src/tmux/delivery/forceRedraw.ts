import type { Clock, Logger } from '../../core/team/ports';
import type { KeyGuard, PaneDriver, PaneState } from '../pane/paneDriver';

/** A screen that makes no sense for this long, and does not change, is drawn anew, milliseconds: a start or a slow program is through by then. */
const SENSELESS_FOR = 3000;

/**
 * Has a program draw its whole screen anew when what it shows makes no sense. Some draw only what changes, so that a
 * warning that scrolled the terminal, or another process's output, stays between their own words until somebody resizes
 * the terminal; a message would be held as long. Nothing is typed, and a screen that somebody watches is left alone.
 */
export class ForceRedraw {
  /** By pane: the screen as it was last seen, since when, and the one that was drawn anew already. */
  private readonly seen = new Map<
    string,
    { readonly text: string; readonly since: number; readonly tried: string | null }
  >();

  constructor(
    private readonly panes: PaneDriver,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** To be called at each look that makes no sense; each screen is drawn anew once. */
  async onUnreadable(look: PaneState, fence: KeyGuard): Promise<void> {
    const text = look.screen.lines.map((line) => line.text).join('\n');
    const before = this.seen.get(look.pane);
    const now = this.clock.now();
    if (before?.text !== text) this.seen.set(look.pane, { text, since: now, tried: before?.tried ?? null });
    else if (before.tried !== text && now - before.since >= SENSELESS_FOR && !look.watched) {
      this.seen.set(look.pane, { ...before, tried: text });
      this.log.info('screen.redrawn', { pane: look.pane });
      await this.panes.redraw(look, fence);
    }
  }

  /** The screen makes sense again. */
  onReadable(pane: string): void {
    this.seen.delete(pane);
  }
}
