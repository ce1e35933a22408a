import { hostVitalsSchema, type HostVitals } from '../../core/vitals/vitals';
import type { Keys } from '../client/keys';
import { toHash, type RedisCaller } from '../client/redisCommands';
import { parseJson } from '../decode/schemas';
import type { EpochFence } from '../leadership/fence';
import { fencedScripts } from '../scripts/scripts';

/** `vitals`: host → what its executor measured last, JSON. Only executors write it, behind their fence. */
export class VitalsStore {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly fence: EpochFence,
  ) {}

  /** Throws TacoError not-leader when another process leads. @param wakes views read it at once, not later */
  async set(vitals: HostVitals, wakes: boolean): Promise<void> {
    await this.fence.run(fencedScripts.write, [this.keys.vitals], ['HSET', vitals.host, JSON.stringify(vitals)]);
    if (wakes) await this.redis.call('PUBLISH', this.keys.events, JSON.stringify({ kind: 'session' }));
  }
}

/** Returns the valid entries of the hash. */
export function vitalsEntries(reply: unknown): HostVitals[] {
  return Object.values(toHash(reply)).flatMap((text) => parseJson(hostVitalsSchema, text) ?? []);
}
