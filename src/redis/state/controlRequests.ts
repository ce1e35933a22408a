import type * as z from 'zod';
import type { Clock } from '../../core/base/clock';
import type { Logger } from '../../core/base/logger';
import type { Keys } from '../client/keys';
import { toEntries, type RedisCaller } from '../client/redisCommands';
import { parseJson } from '../decode/schemas';
import { postRequest } from './postRequest';

/** A posted request as the acting process reads it. */
export interface PostedRequest<T> {
  /** Stream id: grows with time. */
  readonly id: string;
  readonly request: T;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * `control:requests`: any process posts a request; the leader, or the host for its own requests, acts and then
 * acknowledges it. A request survives a failover.
 */
export class ControlRequests<T extends object> {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly logger: Logger,
    private readonly schema: z.ZodType<T>,
  ) {}

  async post(request: T): Promise<void> {
    await postRequest(this.redis, this.keys, request, this.clock.now());
  }

  /**
   * Returns the unacknowledged requests, oldest first; only those after `afterId` when given. Removes and logs invalid
   * entries.
   */
  async read(afterId?: string): Promise<readonly PostedRequest<T>[]> {
    const reply = await this.redis.call('XRANGE', this.keys.requests, afterId ? `(${afterId}` : '-', '+', 'COUNT', 100);
    const posted: PostedRequest<T>[] = [];
    for (const { id, fields } of toEntries(reply)) {
      const request = parseJson(this.schema, fields?.['request'] ?? '');
      if (request) posted.push({ id, request, at: Number(fields?.['at'] ?? 0) });
      else {
        this.logger.warn('request.malformed', { id });
        await this.acknowledge(id);
      }
    }
    return posted;
  }

  /** Returns false once the request was acknowledged or withdrawn. */
  async isPosted(id: string): Promise<boolean> {
    return toEntries(await this.redis.call('XRANGE', this.keys.requests, id, id)).length > 0;
  }

  /** Removes a request that was acted upon, or that its sender withdraws. Idempotent. */
  async acknowledge(id: string): Promise<void> {
    await this.redis.call('XDEL', this.keys.requests, id);
  }
}
