/**
 * Several windows may show one project, and each call is told once. A window takes a call at the moment in which it would show it, one that
 * has not the focus a little later; what another has is asked for again and again, until it is over or that window has gone. An extension host
 * outlives the window of a browser or of a remote connection that is lost, for hours: it takes and keeps nothing by itself. No `vscode` here.
 */
import type { Logger } from '../../core/team/ports';
import type { NotificationClaims } from '../../core/team/teamClient';
import type { Notification } from './notifications';

/** How long a window without the focus leaves a call to the one that has it, milliseconds. */
export const UNFOCUSED_MS = 1500;
/** How often what another window has is asked for, and what is ours is kept, milliseconds. */
export const LOOK_MS = 3000;
/** A Redis that does not answer within this keeps nobody from being told, milliseconds. */
const ANSWER_MS = 2000;

interface Waiting {
  readonly since: number;
  /** Not before this. */
  askAt: number;
  told: boolean;
}

export class NotificationClaimer {
  private readonly waiting = new Map<string, Waiting>();
  private keptAt = 0;
  private keeping = false;

  constructor(
    /** Null: no project is open, so nobody else shows it. */
    private readonly book: () => Promise<NotificationClaims> | null,
    /** The same after a reload, so that what was told before it stays this window's. */
    private readonly window: string,
    /** Resolves once the window itself has answered. */
    private readonly present: () => PromiseLike<unknown>,
    private readonly logger: Logger,
  ) {}

  /** Of the calls that this window wants to tell, those that it may try to take now. */
  free(calls: readonly Notification[], focused: boolean, now: number): readonly Notification[] {
    for (const key of this.waiting.keys()) if (!calls.some((call) => call.key === key)) this.waiting.delete(key);
    return calls.filter(({ key }) => {
      const seen = this.waiting.get(key) ?? { since: now, askAt: now, told: false };
      this.waiting.set(key, seen);
      return !seen.told && now >= seen.askAt && (focused || now - seen.since >= UNFOCUSED_MS);
    });
  }

  /** True for a call that another window has told, and that needs no telling any more. */
  isTold({ key }: Notification): boolean {
    return this.waiting.get(key)?.told ?? false;
  }

  /** Takes what it can of these, once the window is there; what it got is this window's to tell. Never throws: without Redis all of it is. */
  async take(calls: readonly Notification[], now: number): Promise<readonly Notification[]> {
    await this.isThere();
    const book = await this.opened();
    if (!book) return calls;
    const got = await Promise.all(
      calls.map(async (call) => {
        const answer = await this.answerOf(book.take(call.key, this.window));
        const seen = this.waiting.get(call.key);
        if (answer === 'yours') return [call];
        if (seen) Object.assign(seen, { askAt: now + LOOK_MS, told: answer === 'told' });
        return [];
      }),
    );
    return got.flat();
  }

  /** This window is still there: keeps what it has told, at most every `LOOK_MS`. Never throws. */
  async keep(keys: readonly string[], now: number): Promise<void> {
    if (keys.length === 0 || this.keeping || now - this.keptAt < LOOK_MS) return;
    this.keptAt = now;
    this.keeping = true;
    try {
      await this.isThere();
      await this.each(keys, (book, key) => book.keep(key, this.window));
    } finally {
      this.keeping = false;
    }
  }

  /** The person has seen what an agent wrote: no other window needs to tell it. Never throws. */
  async seen(calls: readonly Notification[]): Promise<void> {
    await this.each(
      calls.filter(({ kind }) => kind === 'message').map(({ key }) => key),
      (book, key) => book.told(key),
    );
  }

  /** When something is to be asked or kept again, milliseconds from now; null: never. @param keeps whether this window has told what still waits */
  leftMs(keeps: boolean, focused: boolean, now: number): number | null {
    const asks = [...this.waiting.values()]
      .filter(({ told }) => !told)
      .map(({ since, askAt }) => Math.max(askAt, focused ? 0 : since + UNFOCUSED_MS) - now)
      .filter((ms) => ms > 0);
    const all = keeps ? [...asks, Math.max(0, this.keptAt + LOOK_MS - now)] : asks;
    return all.length === 0 ? null : Math.min(...all);
  }

  private async isThere(): Promise<void> {
    try {
      await this.present();
    } catch (error) {
      // It has answered, if not well.
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
