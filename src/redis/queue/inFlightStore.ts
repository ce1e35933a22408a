import type { Keys } from '../client/keys';
import type { RedisCaller } from '../client/redisCommands';
import type { EpochFence } from '../leadership/fence';
import { scripts } from '../scripts/scripts';
import { readInflight, type InFlightMessage } from './hookReports';

/** The text in flight to each window. The executor writes it and the prompt check reads it. Each write is fenced. */
export class RedisInflightStore {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly fence: EpochFence,
    /** Publishes this window's spooled hook reports; a receipt may be among them. */
    private readonly drainSpool: (window: number) => Promise<void> = () => Promise.resolve(),
  ) {}

  /**
   * Sets the text in flight. An existing receipt for this id stays, because the hook may be faster than the executor.
   * @param queued text of another message that the CLI still keeps in its own queue; empty: none
   */
  async set(
    window: number,
    id: string,
    phase: 'typing' | 'typed' | 'entered',
    text: string,
    typedAt = 0,
    queued = '',
  ): Promise<void> {
    await this.fence.run(scripts.inflight, [this.keys.inflight(window)], [id, phase, text, typedAt, queued]);
  }

  /** Removes the text and the receipt, if they belong to this id. */
  async clear(window: number, id: string): Promise<void> {
    await this.fence.run(scripts.inflight, [this.keys.inflight(window)], [id, '', '', 0, '']);
  }

  /** Returns the record with the result of the prompt check, if it is about this command; else null. */
  async record(window: number, id: string): Promise<InFlightMessage | null> {
    await this.drainSpool(window);
    const inflight = await readInflight(this.redis, this.keys, window);
    return inflight?.id === id ? inflight : null;
  }

  /** Returns the result of the prompt check for this command; null before it. */
  async receipt(window: number, id: string): Promise<'received' | 'refused' | null> {
    const phase = (await this.record(window, id))?.phase;
    return phase === 'received' || phase === 'refused' ? phase : null;
  }
}
