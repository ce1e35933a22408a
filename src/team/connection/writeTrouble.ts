import type { RedisConnection } from '../../redis/client/connection';
import { storageTrouble } from '../../redis/server/storage';

/** An answer is as good as a new one for this long, milliseconds. */
const ANSWER_MS = 1000;

/** Why nothing can be written now: Redis refuses it, or the disk of TACO_HOME does. In their words, for every view. */
export class WriteTrouble {
  private last: { readonly at: number; readonly why: Promise<string | null> } | null = null;

  constructor(
    private readonly redis: Pick<RedisConnection, 'probe'>,
    private readonly home: string,
  ) {}

  /** Null while all can be written. Never throws. */
  why(): Promise<string | null> {
    const now = Date.now();
    if (this.last === null || now - this.last.at > ANSWER_MS) this.last = { at: now, why: this.ask() };
    return this.last.why;
  }

  private async ask(): Promise<string | null> {
    const [redis, storage] = await Promise.all([this.redis.probe(), storageTrouble(this.home)]);
    return redis === null ? storage : `Redis: ${redis}`;
  }
}
