/**
 * Shows each notification once although several windows may show one project. A window claims a notification when it
 * would show it; a window without the focus does so a little later. It polls the claims of other windows until they end
 * or that window has gone. An extension host outlives the window of a browser or of a lost remote connection, for
 * hours. It therefore claims and renews only while the window answers. No `vscode` here.
 */
import type { Logger } from '../../core/base/logger';
import type { NotificationClaims } from '../../core/team/teamClient';
import type { Notification } from './notifications';

/** Time that a window without the focus leaves a notification to the one that has it, milliseconds. */
export const UNFOCUSED_MS = 1500;
/** Interval at which this window polls claims of other windows and renews its own, milliseconds. */
export const POLL_INTERVAL_MS = 3000;
/** Time limit for Redis, milliseconds; after that this window shows the notification without a claim. */
const ANSWER_MS = 2000;

interface Waiting {
  readonly since: number;
  /** Earliest time of the next poll. */
  askAt: number;
  shown: boolean;
}

export class NotificationClaimer {
  private readonly waiting = new Map<string, Waiting>();
  private renewedAt = 0;
  private keeping = false;

  constructor(
    /** Null: no project is open, so no other window shows it. */
    private readonly book: () => Promise<NotificationClaims> | null,
    /** Unchanged by a reload, so that this window keeps its claims. */
    private readonly window: string,
    /** Resolves once the window itself has answered. */
    private readonly present: () => PromiseLike<unknown>,
    private readonly logger: Logger,
  ) {}

  /** Returns those of the waiting notifications that this window may try to claim now. */
  free(calls: readonly Notification[], focused: boolean, now: number): readonly Notification[] {
    for (const key of this.waiting.keys()) if (!calls.some((call) => call.key === key)) this.waiting.delete(key);
    return calls.filter(({ key }) => {
      const seen = this.waiting.get(key) ?? { since: now, askAt: now, shown: false };
      this.waiting.set(key, seen);
      return !seen.shown && now >= seen.askAt && (focused || now - seen.since >= UNFOCUSED_MS);
    });
  }

  /** Returns true for a notification that another window has shown, and that needs no notification any more. */
  wasShown({ key }: Notification): boolean {
    return this.waiting.get(key)?.shown ?? false;
  }

  /**
   * Claims what it can of these, once the window has answered. Returns the ones to show here: without Redis, all. Never
   * throws.
   */
  async take(calls: readonly Notification[], now: number): Promise<readonly Notification[]> {
    await this.isThere();
    const book = await this.opened();
    if (!book) return calls;
    const got = await Promise.all(
      calls.map(async (call) => {
        const answer = await this.answerOf(book.take(call.key, this.window));
        const seen = this.waiting.get(call.key);
        if (answer === 'yours') return [call];
        if (seen) Object.assign(seen, { askAt: now + POLL_INTERVAL_MS, shown: answer === 'told' });
        return [];
      }),
    );
    return got.flat();
  }

  /** Renews the claims of what this window has shown, at most every `LOOK_MS`. Never throws. */
  async keep(keys: readonly string[], now: number): Promise<void> {
    if (keys.length === 0 || this.keeping || now - this.renewedAt < POLL_INTERVAL_MS) return;
    this.renewedAt = now;
    this.keeping = true;
    try {
      await this.isThere();
      await this.each(keys, (book, key) => book.keep(key, this.window));
    } finally {
      this.keeping = false;
    }
  }

  /** Marks messages of agents that the user has seen, so that no other window shows them. Never throws. */
  async seen(calls: readonly Notification[]): Promise<void> {
    await this.each(
      calls.filter(({ kind }) => kind === 'message').map(({ key }) => key),
      (book, key) => book.markShown(key),
    );
  }

  /**
   * Returns the time until the next poll or renewal, milliseconds; null: none. @param keeps whether this window has
   * shown something that still waits
   */
  leftMs(keeps: boolean, focused: boolean, now: number): number | null {
    const asks = [...this.waiting.values()]
      .filter(({ shown }) => !shown)
      .map(({ since, askAt }) => Math.max(askAt, focused ? 0 : since + UNFOCUSED_MS) - now)
      .filter((ms) => ms > 0);
    const all = keeps ? [...asks, Math.max(0, this.renewedAt + POLL_INTERVAL_MS - now)] : asks;
    return all.length === 0 ? null : Math.min(...all);
  }

  private async isThere(): Promise<void> {
    try {
      await this.present();
    } catch (error) {
      // An error is an answer, too: the window exists.
      this.logger.debug('calls.present', { error });
    }
  }

  private async each(
    keys: readonly string[],
    say: (book: NotificationClaims, key: string) => Promise<void>,
  ): Promise<void> {
    const book = keys.length === 0 ? null : await this.opened();
    if (!book) return;
    await Promise.all(keys.map((key) => say(book, key))).catch((error: unknown) =>
      this.logger.warn('calls.unsaid', { error }),
    );
  }

  private async opened(): Promise<NotificationClaims | null> {
    try {
      return await this.book();
    } catch (error) {
      this.logger.warn('calls.closed', { error });
      return null;
    }
  }

  private async answerOf(asked: ReturnType<NotificationClaims['take']>): Promise<'yours' | 'theirs' | 'told'> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'yours'>((resolve) => (timer = setTimeout(() => resolve('yours'), ANSWER_MS)));
    try {
      return await Promise.race([asked, late]);
    } catch (error) {
      this.logger.warn('calls.take', { error });
      return 'yours';
    } finally {
      clearTimeout(timer);
    }
  }
}
