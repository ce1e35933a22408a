import type { RedisConnection } from '../../redis/client/connection';
import type { Keys } from '../../redis/client/keys';
import { toHash, type RedisArgument } from '../../redis/client/redisCommands';
import type { RedisStateStore } from '../../redis/state/stateStore';

type Write = readonly [string, string, ...RedisArgument[]];
type Hashes = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What was remembered longer ago may be another leader's past, milliseconds. */
const FRESH_MS = 60_000;

interface Remembered {
  readonly at: number;
  readonly hashes: Hashes;
  readonly windows: readonly string[];
  readonly services: readonly string[];
  readonly plan: string | null;
}

/** How much of what Redis lost was written back. */
export type WrittenBack = 'nothing' | 'some' | 'all';

/**
 * What the leading process remembers of its session's state, so that a Redis which lost it (a fail-over to a replica that was empty, an
 * eviction, FLUSHALL) is told again: the session, its agents with their secrets, services, hosts and the plan. Messages are not among it.
 * Lives as long as the process, whatever terms it leads in.
 */
export class SessionMemory {
  private last: Remembered | null = null;

  constructor(
    private readonly redis: Pick<RedisConnection, 'pipeline'>,
    private readonly keys: Keys,
  ) {}

  /** The session was ended on purpose. */
  forget(): void {
    this.last = null;
  }

  /**
   * Compares Redis with what is remembered, writes back what is missing, and remembers what there is then.
   * @param store of the term: what it writes is fenced
   */
  async keep(store: RedisStateStore): Promise<WrittenBack> {
    const { keys } = this;
    const last = this.last && Date.now() - this.last.at < FRESH_MS ? this.last : null;
    const now = await this.read();
    if (last === null) {
      this.last = now.hashes.has(keys.session) ? now : null;
      return 'nothing';
    }
    const gone = !now.hashes.has(keys.session);
    // Who ends a session says so in the same step; what is merely gone was lost.
    if (gone && (await store.clearedAt()) !== null && now.windows.length === 0) {
      this.forget();
      return 'nothing';
    }
    const writes = gone ? allOf(keys, last) : missingOf(keys, last, now);
    if (writes.length > 0) await store.writeBack(writes);
    this.last = writes.length > 0 ? await this.read() : now;
    return writes.length === 0 ? 'nothing' : gone ? 'all' : 'some';
  }

  private async read(): Promise<Remembered> {
    const { redis, keys } = this;
    const [windows, services, plan] = (await redis.pipeline([
      ['SMEMBERS', keys.agentWindows],
      ['SMEMBERS', keys.serviceNames],
      ['GET', keys.plan],
    ])) as [string[], string[], string | null];
    const names = [
      keys.session,
      keys.senders,
      keys.hosts,
      keys.usage,
      ...windows.map((window) => keys.agent(Number(window))),
      ...services.map((name) => keys.service(name)),
    ];
    const replies = await redis.pipeline(names.map((name) => ['HGETALL', name] as const));
    const hashes = new Map(names.map((name, index) => [name, toHash(replies[index])] as const));
    for (const [name, hash] of hashes) if (Object.keys(hash).length === 0) hashes.delete(name);
    return { at: Date.now(), hashes, windows, services, plan };
  }
}

function allOf(keys: Keys, { hashes, windows, services, plan }: Remembered): Write[] {
  return [
    ...[...hashes].map(([name, hash]) => hset(name, hash)),
    ...sets(keys, windows, services),
    ...(plan === null ? [] : [['SET', keys.plan, plan] as const]),
  ];
}

/** A record that leaves the team leaves the list of windows in the same step: one that is listed and not there was lost. */
function missingOf(keys: Keys, last: Remembered, now: Remembered): Write[] {
  const listed = [
    keys.senders,
    ...now.windows.map((window) => keys.agent(Number(window))),
    ...now.services.map((name) => keys.service(name)),
  ];
  const records = listed.flatMap((name) => {
    const hash = last.hashes.get(name);
    return hash && !now.hashes.has(name) ? [hset(name, hash)] : [];
  });
  // The list itself: Mother is in it as long as there is a session.
  const list = now.windows.length === 0 && last.windows.length > 0 ? sets(keys, last.windows, []) : [];
  return [...records, ...list];
}

function hset(name: string, hash: Readonly<Record<string, string>>): Write {
  return ['HSET', name, ...Object.entries(hash).flat()];
}

function sets(keys: Keys, windows: readonly string[], services: readonly string[]): Write[] {
  return [
    ...(windows.length === 0 ? [] : [['SADD', keys.agentWindows, ...windows] as const]),
    ...(services.length === 0 ? [] : [['SADD', keys.serviceNames, ...services] as const]),
  ];
}
