import type { Clock } from '../../core/base/clock';
import type { DisposableLike } from '../../core/base/disposable';
import type { MessageView } from '../../core/team/snapshot';

export interface ScreenReplyWatcherOptions {
  readonly message: (id: string) => Promise<MessageView | null>;
  /** Returns Mother's screen with its history; null while it cannot be read. */
  readonly screen: () => Promise<{ readonly text: string; readonly ready: boolean } | null>;
  /** Called with her reply to TACO's message, once her screen is at rest. */
  readonly onSaid: (text: string) => void;
  readonly clock: Clock;
}

const POLL_INTERVAL_MS = 1000;
/** Polls in a row that must show her at rest with the same text: she has finished and not paused. */
const POLLS_AT_REST = 2;

/**
 * Reads Mother's answer from her pane when her CLI's hooks send no reports. A message that ended as `delivered`,
 * never as `received`, will have no `Stop` hook either.
 */
export class ScreenReplyWatcher implements DisposableLike {
  private watching = new AbortController();
  private disposed = false;

  constructor(private readonly options: ScreenReplyWatcherOptions) {}

  /** Watches after TACO sent her a message, until its receipt comes or her screen shows the answer. */
  watch(id: string): void {
    if (this.disposed) return;
    this.watching.abort();
    this.watching = new AbortController();
    void this.poll(id, this.watching.signal);
  }

  dispose(): void {
    this.disposed = true;
    this.watching.abort();
  }

  private async poll(id: string, signal: AbortSignal): Promise<void> {
    let last = '';
    let atRest = 0;
    for (;;) {
      await this.options.clock.sleep(POLL_INTERVAL_MS, signal);
      if (signal.aborted) return;
      const message = await this.options.message(id).catch(() => null);
      if (message?.state === 'received') return; // her hooks work: the exact text comes from there
      if (message?.state !== 'delivered' || message.endedAt === undefined) continue;
      const screen = await this.options.screen().catch(() => null);
      atRest = screen?.ready && screen.text === last ? atRest + 1 : 0;
      last = screen?.text ?? '';
      if (atRest >= POLLS_AT_REST) return this.options.onSaid(sinceOurMessage(last));
    }
  }
}

/** Returns the text after TACO's last message to her: earlier plans on the screen are not her answer. */
function sinceOurMessage(text: string): string {
  const at = text.lastIndexOf('[TACO → MOTHER]:');
  return at < 0 ? text : text.slice(at);
}
