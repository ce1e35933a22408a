import { errorMessage } from '../../core/base/errors';
import type { Logger } from '../../core/team/ports';
import type { Keys } from '../../redis/client/keys';
import { isTransient, type RedisCaller } from '../../redis/client/redisCommands';
import { hookSaidSchema, parseJson } from '../../redis/decode/schemas';
import { drainHooks, drainHooksOf } from '../../redis/offline/hookSpool';
import { publishHook } from '../../redis/queue/hookReports';
import { verifyPrompt } from './verifyPrompt';

/**
 * Tells what agents' hooks said while Redis was away, each report once and in its order. A message whose hook spoke then is thereby proven `received`,
 * a turn's end is heard, and Mother's plan is not lost.
 */
export class SpooledHookReplayer {
  /** @param dir where hooks on this machine keep what they could not tell (TacoPaths.hooksDir) */
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly dir: string,
    private readonly log: Logger,
  ) {}

  /** Throws TacoError while Redis is away; what was not told then stays. */
  async drain(): Promise<void> {
    this.note(await drainHooks(this.dir, (window, text) => this.tell(window, text)));
  }

  /** The same for one window: the proof of a message may lie here, and comes before anybody asks what became of it. */
  async drainOf(window: number): Promise<void> {
    this.note(await drainHooksOf(this.dir, window, (of, text) => this.tell(of, text)));
  }

  private async tell(window: number, text: string): Promise<void> {
    const { redis, keys, log } = this;
    const said = parseJson(hookSaidSchema, text);
    if (said === null) return log.warn('hook.unreadable', { window });
    try {
      // Its model has had the prompt long since: nothing is refused any more.
      await publishHook(
        redis,
        keys,
        window,
        said.data.commandId === undefined ? await verifyPrompt(redis, keys, window, said, false) : said,
        true,
      );
    } catch (error) {
      if (isTransient(error)) throw error;
      log.warn('hook.refused', { window, event: said.event, error: errorMessage(error) }); // it would hold up all others for ever
    }
  }

  private note(told: number): void {
    if (told > 0) this.log.info('hooks.told', { told });
  }
}
