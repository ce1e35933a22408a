import type { Keys } from '../core/keys';
import type { Clock, ControlRequest, Logger } from '../core/ports';
import { toEntries, type RedisCaller } from './caller';
import { postRequest } from './postRequest';
import { controlRequestSchema, parseJson } from './schemas';

/** A request as the leader finds it. */
export interface PostedRequest {
  /** Stream id: grows with time. */
  readonly id: string;
  readonly request: ControlRequest;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** `control:requests`: anyone asks, the leader acts and then acknowledges. A request outlives a change of leaders. */
export class Requests {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly logger: Logger,
  ) {}

  async post(request: ControlRequest): Promise<void> {
    await postRequest(this.redis, this.keys, request, this.clock.now());
  }

  /** Requests that nobody has acknowledged, oldest first; those after `afterId` when given. What is none is removed and logged. */
  async read(afterId?: string): Promise<readonly PostedRequest[]> {
    const reply = await this.redis.call('XRANGE', this.keys.requests, afterId ? `(${afterId}` : '-', '+', 'COUNT', 100);
    const posted: PostedRequest[] = [];
    for (const { id, fields } of toEntries(reply)) {
      const request = parseJson(controlRequestSchema, fields?.['request'] ?? '');
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
