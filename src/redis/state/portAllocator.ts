import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { errors } from '../../core/errors/errors';
import type { Keys } from '../client/keys';
import { runScript, type RedisCaller } from '../client/redisCommands';
import { scripts } from '../scripts/scripts';

/** A range of ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const DEFAULT_PORTS: PortRange = { first: 20_000, last: 29_999 };

/**
 * Allocates ports of a range, each to one owner of the project at a time. Skips ports that a process listens on. A
 * process outside this project may still take a port after its allocation.
 */
export class PortAllocator {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly range: PortRange = DEFAULT_PORTS,
    private readonly isFree: (port: number) => Promise<boolean> = canBind,
  ) {}

  /**
   * Reserves `count` ports for an owner (`AGENT-4`, `USER`). Throws TacoError quota-exceeded when the range is
   * exhausted.
   */
  async take(owner: string, count = 1): Promise<readonly number[]> {
    const { first, last } = this.range;
    const size = last - first + 1;
    // Each project starts at another place in the range, so two projects on one machine seldom collide.
    const offset = Number.parseInt(this.keys.projectId.slice(0, 8), 16) % size || 0;
    const taken: number[] = [];
    const busy: number[] = [];
    while (taken.length < count) {
      const wanted = count - taken.length;
      const reserved = (await runScript(
        this.redis,
        scripts.portsTake,
        [this.keys.ports],
        [owner, nonce(), wanted, first, size, offset],
      )) as string[];
      if (reserved.length === 0) {
        await this.free(owner, [...taken, ...busy]);
        throw errors.quotaExceeded(`ports from ${first} to ${last}`, size);
      }
      for (const port of reserved.map(Number)) ((await this.isFree(port)) ? taken : busy).push(port);
    }
    // The busy ports stay reserved until now, so that they are not offered again.
    await this.free(owner, busy);
    return taken.sort((a, b) => a - b);
  }

  /** Frees ports of an owner. */
  async free(owner: string, ports: readonly number[]): Promise<void> {
    if (ports.length > 0) await runScript(this.redis, scripts.portsFree, [this.keys.ports], [owner, ...ports]);
  }

  /** Frees all ports of an owner that ends. */
  async freeAll(owner: string): Promise<void> {
    await runScript(this.redis, scripts.portsFree, [this.keys.ports], [owner]);
  }
}

/** Resolves to true when nothing listens on the port, on any local address. */
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
