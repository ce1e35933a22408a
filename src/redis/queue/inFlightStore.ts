import type { Keys } from '../client/keys';
import type { RedisCaller } from '../client/redisCommands';
import type { EpochFence } from '../leadership/fence';
import { scripts } from '../scripts/scripts';
import { readInflight } from './hookReports';

/** The text in flight to each window, as the executor writes it and the door reads it. Each write is fenced. */
export class RedisInflightStore {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly fence: EpochFence,
    /** Tells what this window's hooks said and could not tell: a receipt may be among it. */
    private readonly tellKept: (window: number) => Promise<void> = () => Promise.resolve(),
  ) {}

  /** A receipt for this id that is there already stays: the hook may be faster than the executor. */
  async set(window: number, id: string, phase: 'typing' | 'typed' | 'entered', text: string): Promise<void> {
    await this.fence.run(scripts.inflight, [this.keys.inflight(window)], [id, phase, text]);
  }

  /** Forgets text and receipt, if they are this id's. */
  async clear(window: number, id: string): Promise<void> {
    await this.fence.run(scripts.inflight, [this.keys.inflight(window)], [id, '', '']);
  }

  /** The message that was last in flight to the window, received or not; null when it was forgotten. */
  async last(window: number): Promise<{ readonly id: string; readonly text: string } | null> {
    return readInflight(this.redis, this.keys, window);
  }

  /** What the door recorded of this command; null while it has not. */
  async receipt(window: number, id: string): Promise<'received' | 'refused' | null> {
    await this.tellKept(window);
    const inflight = await readInflight(this.redis, this.keys, window);
    if (inflight?.id !== id) return null;
    return inflight.phase === 'received' || inflight.phase === 'refused' ? inflight.phase : null;
  }
}
