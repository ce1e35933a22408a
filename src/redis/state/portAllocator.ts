import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { errors } from '../../core/base/errors';
import type { Keys } from '../client/keys';
import { runScript, type RedisCaller } from '../client/redisCommands';
import { scripts } from '../scripts/scripts';

/** Both ends belong to the range. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export const DEFAULT_PORTS: PortRange = { first: 20_000, last: 29_999 };

/**
 * Gives out ports of a range, each to one owner of the project at a time. A port that something listens on is passed
 * over. Not promised: that nothing outside this project takes a port after it was given out.
 */
export class PortAllocator {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly range: PortRange = DEFAULT_PORTS,
    private readonly isFree: (port: number) => Promise<boolean> = canBind,
  ) {}

  /** Reserves `count` ports for an owner (`AGENT-4`, `USER`). Throws TacoError quota-exceeded when the range is used up. */
  async take(owner: string, count = 1): Promise<readonly number[]> {
    const candidates = this.candidates();
    const taken: number[] = [];
    const busy: number[] = [];
    while (taken.length < count) {
      const wanted = count - taken.length;
      const reserved = (await runScript(
        this.redis,
        scripts.portsTake,
        [this.keys.ports],
        [owner, nonce(), wanted, ...candidates],
      )) as string[];
      if (reserved.length === 0) {
        await this.free(owner, [...taken, ...busy]);
        throw errors.quotaExceeded(`ports from ${this.range.first} to ${this.range.last}`, candidates.length);
      }
      for (const port of reserved.map(Number)) ((await this.isFree(port)) ? taken : busy).push(port);
    }
    // Kept reserved until now, so that they were not offered again.
    await this.free(owner, busy);
    return taken.sort((a, b) => a - b);
  }

  /** Frees ports of an owner. */
  async free(owner: string, ports: readonly number[]): Promise<void> {
    if (ports.length > 0) await runScript(this.redis, scripts.portsFree, [this.keys.ports], [owner, ...ports]);
  }

  /** Frees all an owner has: when it ends. */
  async freeAll(owner: string): Promise<void> {
    await runScript(this.redis, scripts.portsFree, [this.keys.ports], [owner]);
  }

  // Each project begins elsewhere in the range: two projects on one machine seldom meet.
  private candidates(): number[] {
    const { first, last } = this.range;
    const size = last - first + 1;
    const offset = Number.parseInt(this.keys.projectId.slice(0, 8), 16) % size || 0;
    return Array.from({ length: size }, (_, i) => first + ((offset + i) % size));
  }
}

/** True when nothing listens on the port, on any local address. */
export function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function nonce(): string {
  return randomBytes(8).toString('hex');
}
