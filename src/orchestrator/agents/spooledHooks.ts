import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { Keys } from '../../redis/client/keys';
import { isTransient, type RedisCaller } from '../../redis/client/redisCommands';
import { hookReportSchema, parseJson } from '../../redis/decode/schemas';
import { drainHooks, drainHooksOf } from '../../redis/offline/hookSpool';
import { publishHook } from '../../redis/queue/hookReports';
import { verifyPrompt } from './verifyPrompt';

/**
 * Publishes the hook reports that were spooled while Redis was unreachable, each once and in order. They prove
 * messages `received`, report ends of turns, and preserve Mother's plan.
 */
export class SpooledHookReplayer {
  /** @param dir where hooks on this machine spool their reports (TacoPaths.hooksDir) */
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly dir: string,
    private readonly log: Logger,
  ) {}

  /** Throws TacoError while Redis is unreachable; the remaining reports stay. */
  async drain(): Promise<void> {
    this.note(await drainHooks(this.dir, (window, text) => this.publish(window, text)));
  }

  /**
   * Drains the spool of one window: it may hold the proof of a message, which must come before the message's state is
   * judged.
   */
  async drainOf(window: number): Promise<void> {
    this.note(await drainHooksOf(this.dir, window, (of, text) => this.publish(of, text)));
  }

  private async publish(window: number, text: string): Promise<void> {
    const { redis, keys, log } = this;
    const report = parseJson(hookReportSchema, text);
    if (report === null) return log.warn('hook.unreadable', { window });
    try {
      // The model got the prompt long ago: nothing is refused now.
      await publishHook(
        redis,
        keys,
        window,
        report.data.commandId === undefined ? await verifyPrompt(redis, keys, window, report, false) : report,
        true,
      );
    } catch (error) {
      if (isTransient(error)) throw error;
      // The report is dropped: one that always fails would block all others.
      log.warn('hook.refused', { window, event: report.event, error: errorMessage(error) });
    }
  }

  private note(reports: number): void {
    if (reports > 0) this.log.info('hooks.told', { reports });
  }
}
