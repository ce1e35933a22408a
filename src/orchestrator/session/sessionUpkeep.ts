import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { RedisCommandConsumer } from '../../redis/queue/redisQueue';
import { scripts } from '../../redis/scripts/scripts';
import type { Team } from '../../team/team';
import { SpooledHookReplayer } from '../agents/spooledHooks';

/**
 * Interval at which the spools are read, milliseconds. A process that spooled because Redis was full, or slow for it
 * alone, sends no event.
 */
const SPOOL_EVERY_MS = 1000;
/** Ended messages that became too old go this often, milliseconds; those that are too many go at once. */
const FORGET_EVERY_MS = 60_000;

/** Regular work on a led session: it sends what was spooled on disk, and forgets messages that ended long ago. */
export class SessionUpkeep implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly spooledHooks: SpooledHookReplayer;
  private draining = false;

  constructor(
    private readonly team: Team,
    private readonly consumer: RedisCommandConsumer,
    private readonly log: Logger,
  ) {
    const hooksDir = team.options.paths.hooksDir(team.projectId);
    this.spooledHooks = new SpooledHookReplayer(team.redis, team.keys, hooksDir, log);
  }

  /** Sends what was spooled so far, and from then on what comes. */
  async begin(): Promise<void> {
    await this.drain();
    const drain = setInterval(() => void this.drain(), SPOOL_EVERY_MS);
    this.disposables.add({ dispose: () => clearInterval(drain) });
    const forget = setInterval(() => void this.forgetEnded(), FORGET_EVERY_MS);
    this.disposables.add({ dispose: () => clearInterval(forget) });
  }

  onRedisBack(): void {
    this.loadHookScript().catch((error: unknown) => this.log.warn('hook.script', { error: errorMessage(error) }));
    void this.drain();
  }

  /** Publishes the spooled hook reports of one window. */
  async drainHooksOf(window: number): Promise<void> {
    await this.spooledHooks.drainOf(window);
  }

  /**
   * Loads the script that hooks call by its digest (shim.ts) into Redis; a restarted server has lost it. Hooks call
   * it on a socket only.
   */
  async loadHookScript(): Promise<void> {
    if (this.team.endpoint.socket === null) return;
    await this.team.redis.call('SCRIPT', 'LOAD', scripts.hookRaw.source);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async forgetEnded(): Promise<void> {
    await this.consumer
      .forgetEnded()
      .catch((error: unknown) => this.log.debug('history.forget', { error: errorMessage(error) }));
  }

  /** Sends what agents and senders have put on disk while Redis was away. Never throws. */
  private async drain(): Promise<void> {
    if (this.draining) return;
    this.draining = true;
    try {
      await this.spooledHooks.drain();
      await this.team.drainSpool();
    } catch (error) {
      this.log.debug('spool.drain', { error: errorMessage(error) });
    } finally {
      this.draining = false;
    }
  }
}
