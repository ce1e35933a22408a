import type * as z from 'zod';
import type { Clock, Logger } from '../../core/team/ports';
import type { Keys } from '../client/keys';
import { toEntries, type RedisCaller } from '../client/redisCommands';
import { parseJson } from '../decode/schemas';
import { postRequest } from './postRequest';

/** A request as whoever acts on it finds it. */
export interface PostedRequest<T> {
  /** Stream id: grows with time. */
  readonly id: string;
  readonly request: T;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** `control:requests`: anyone asks, the leader (for a host's own: that host) acts and then acknowledges. A request outlives a change of who acts. */
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

  /** Requests that nobody has acknowledged, oldest first; those after `afterId` when given. What is none is removed and logged. */
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

  /** The request was acted upon. Idempotent. */
  async acknowledge(id: string): Promise<void> {
    await this.redis.call('XDEL', this.keys.requests, id);
  }
}
