import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { RedisConnection } from '../../redis/client/connection';
import type { Keys } from '../../redis/client/keys';
import { toHash, type RedisArgument } from '../../redis/client/redisCommands';
import type { RedisStateStore } from '../../redis/state/stateStore';
import type { CopiedState, SessionCopy } from './sessionCopy';

type Write = readonly [string, string, ...RedisArgument[]];
type Hashes = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Age from which a memory may be another leader's past, milliseconds. */
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
 * Remembers the session's state in the leading process, so that it can be written back into a Redis that lost it
 * (a fail-over to an empty replica, an eviction, FLUSHALL): the session, its agents with their secrets, services, hosts
 * and the plan. Messages are not among it. A copy on this machine outlives the process.
 */
export class SessionMemory {
  private last: Remembered | null = null;

  constructor(
    private readonly redis: Pick<RedisConnection, 'pipeline'>,
    private readonly keys: Keys,
    private readonly log: Logger,
    private readonly copy: Pick<SessionCopy, 'read' | 'write' | 'remove'>,
  ) {}

  /** The session was ended on purpose. */
  async forget(): Promise<void> {
    this.last = null;
    await this.copy.remove();
  }

  /**
   * Compares Redis with what is remembered, writes back what is missing, and remembers what there is then.
   * @param store of the term: what it writes is fenced
   */
  async keep(store: RedisStateStore): Promise<WrittenBack> {
    const { keys } = this;
    const now = await this.read();
    const gone = !now.hashes.has(keys.session);
    // The end of a session writes that in the same step; a session that is merely gone was lost.
    if (gone && (await store.clearedAt()) !== null && now.windows.length === 0) {
      await this.forget();
      return 'nothing';
    }
    const last = await this.remembered(now);
    const writes = last === null ? [] : gone ? allOf(keys, last) : missingOf(keys, last, now);
    if (writes.length > 0) await store.writeBack(writes);
    await this.remember(writes.length > 0 ? await this.read() : now);
    return writes.length === 0 ? 'nothing' : gone ? 'all' : 'some';
  }

  /** Returns what this process remembers, or the copy of an earlier one; null: nothing of this session. */
  private async remembered(now: Remembered): Promise<Remembered | null> {
    if (this.last && Date.now() - this.last.at < FRESH_MS) return this.last;
    if (this.last) return null;
    const copied = await this.copy.read();
    if (!copied) return null;
    const last = { at: Date.now(), ...copied, hashes: new Map(copied.hashes) };
    const [present, earlier] = [this.identityOf(now), this.identityOf(last)];
    return earlier !== '' && (present === earlier || !now.hashes.has(this.keys.session)) ? last : null;
  }

  private async remember(now: Remembered): Promise<void> {
    this.last = now.hashes.has(this.keys.session) ? now : null;
    const identity = this.identityOf(now);
    if (identity === '') return;
    const { hashes, windows, services, plan } = now;
    const state: CopiedState = { hashes: [...hashes], windows: [...windows], services: [...services], plan };
    // A full disk must not stop the leader.
    await this.copy
      .write(identity, state)
      .catch((error: unknown) => this.log.debug('session.copy', { error: errorMessage(error) }));
  }

  private identityOf({ hashes }: Remembered): string {
    return hashes.get(this.keys.session)?.['identity'] ?? '';
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
