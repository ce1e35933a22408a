/**
 * Claims in Redis which of a project's windows shows a notification. An extension host outlives the window of a browser
 * or of a lost remote connection, for hours. It therefore claims and renews only while the window answers. No `vscode`
 * here.
 */
import type { Logger } from '../../core/base/logger';
import type { NotificationClaims } from '../../core/team/teamClient';
import type { ClaimAnswer } from './notificationReducer';

/** Time limit for Redis, milliseconds; after that this window shows the notification without a claim. */
const ANSWER_MS = 2000;

export class NotificationClaimer {
  constructor(
    /** Null: no project is open, so no other window shows it. */
    private readonly claims: () => Promise<NotificationClaims> | null,
    /** Unchanged by a reload, so that this window keeps its claims. */
    private readonly window: string,
    /** Resolves once the window itself has answered. */
    private readonly present: () => PromiseLike<unknown>,
    private readonly logger: Logger,
  ) {}

  /** Claims what it can of these, once the window has answered. Without Redis all are `yours`. Never throws. */
  async take(keys: readonly string[]): Promise<ReadonlyMap<string, ClaimAnswer>> {
    await this.waitForWindow();
    const claims = await this.opened();
    return new Map(
      await Promise.all(
        keys.map(async (key) => [key, claims ? await this.answerOf(claims.take(key, this.window)) : 'yours'] as const),
      ),
    );
  }

  /** Renews the claims of what this window has shown, once the window has answered. Never throws. */
  async renew(keys: readonly string[]): Promise<void> {
    await this.waitForWindow();
    await this.each(keys, (claims, key) => claims.keep(key, this.window));
  }

  /** Marks messages of agents that the user has seen, so that no other window shows them. Never throws. */
  async markShown(keys: readonly string[]): Promise<void> {
    await this.each(keys, (claims, key) => claims.markShown(key));
  }

  private async waitForWindow(): Promise<void> {
    try {
      await this.present();
    } catch (error) {
      // An error is an answer, too: the window exists.
      this.logger.debug('calls.present', { error });
    }
  }

  private async each(
    keys: readonly string[],
    write: (claims: NotificationClaims, key: string) => Promise<void>,
  ): Promise<void> {
    const claims = await this.opened();
    if (!claims) return;
    await Promise.all(keys.map((key) => write(claims, key))).catch((error: unknown) =>
      this.logger.warn('calls.unsaid', { error }),
    );
  }

  private async opened(): Promise<NotificationClaims | null> {
    try {
      return await this.claims();
    } catch (error) {
      this.logger.warn('calls.closed', { error });
      return null;
    }
  }

  private async answerOf(asked: Promise<ClaimAnswer>): Promise<ClaimAnswer> {
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
