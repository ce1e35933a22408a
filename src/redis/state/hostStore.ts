import type { Clock } from '../../core/base/clock';
import type { Logger } from '../../core/base/logger';
import {
  hostInfoSchema,
  hostRequestSchema,
  type HostInfo,
  type HostRequest,
  type HostView,
} from '../../core/team/hosts';
import type { RedisConnection } from '../client/connection';
import { HostKeys, type Keys } from '../client/keys';
import { toHash } from '../client/redisCommands';
import { parseJson } from '../decode/schemas';
import { ControlRequests } from './controlRequests';

/** Stores the hosts that joined the project and posts requests to one of them. */
export class HostStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly log: Logger,
  ) {}

  async list(): Promise<readonly HostView[]> {
    return hostViews(this.redis, this.keys, await this.redis.call('HGETALL', this.keys.hosts));
  }

  async get(host: string): Promise<HostInfo | null> {
    const text = await this.redis.call('HGET', this.keys.hosts, host);
    return typeof text === 'string' ? parseJson(hostInfoSchema, text) : null;
  }

  async set(info: Omit<HostInfo, 'seenAt'>): Promise<void> {
    await this.redis.call(
      'HSET',
      this.keys.hosts,
      info.name,
      JSON.stringify({ ...info, seenAt: this.clock.now() } satisfies HostInfo),
    );
  }

  async remove(host: string): Promise<void> {
    await this.redis.call('HDEL', this.keys.hosts, host);
  }

  requests(host: string): ControlRequests<HostRequest> {
    return new ControlRequests(
      this.redis,
      new HostKeys(this.keys.projectId, host),
      this.clock,
      this.log,
      hostRequestSchema,
    );
  }
}

/** Converts the reply for `hosts` to views. If there are any hosts, one more round trip checks which are connected. */
export async function hostViews(redis: RedisConnection, keys: Keys, reply: unknown): Promise<readonly HostView[]> {
  const infos = Object.values(toHash(reply)).flatMap((text) => parseJson(hostInfoSchema, text) ?? []);
  if (infos.length === 0) return [];
  const there = await redis.pipeline(
    infos.map(({ name }) => ['EXISTS', new HostKeys(keys.projectId, name).lease] as const),
  );
  return infos
    .map(({ name, machine, socket, seenAt }, i) => ({
      name,
      machine,
      socket,
      awaySince: there[i] === 1 ? null : seenAt,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
