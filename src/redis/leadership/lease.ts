import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../../core/base/clock';
import { Emitter } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { Lease } from '../../core/team/ports';
import type { Keys } from '../client/keys';
import { runScript, type RedisCaller } from '../client/redisCommands';
import { scripts } from '../scripts/scripts';

export const LEASE_TTL_MS = 5000;

/** The JSON in `lease:executor`: the leader, and a nonce that distinguishes its leader terms. */
export interface LeaseHolder {
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly nonce: string;
}

/**
 * Leadership by a key with a time to live, renewed at each third of it. The holder also watches its own clocks. After
 * it slept or could not reach Redis for the whole time to live, it considers the lease lost without asking Redis. Two
 * processes may still both believe for a moment that they lead; the epoch in every write makes that harmless.
 */
export class RedisLease implements Lease {
  private readonly lost = new Emitter<void>((error) =>
    this.logger.error('lease.listener', { error: errorMessage(error) }),
  );
  readonly onLost = this.lost.event;
  private holder = this.newHolder();
  private held: { readonly epoch: number; since: Moment } | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly ttlMs: number = LEASE_TTL_MS,
  ) {}

  get epoch(): number | null {
    if (this.held && this.elapsed(this.held.since) >= this.ttlMs) this.lose('not renewed in time');
    return this.held?.epoch ?? null;
  }

  async acquire(): Promise<number | null> {
    if (this.epoch !== null) return this.epoch;
    const since = this.moment();
    const epoch = Number(
      await runScript(
        this.redis,
        scripts.leaseAcquire,
        [this.keys.lease, this.keys.epoch],
        [JSON.stringify(this.holder), this.ttlMs],
      ),
    );
    if (epoch === 0 || this.elapsed(since) >= this.ttlMs) return null;
    this.held = { epoch, since };
    this.timer = setInterval(() => void this.renew(), this.ttlMs / 3);
    this.logger.info('lease.acquired', { epoch });
    return epoch;
  }

  async release(): Promise<void> {
    const holder = this.holder;
    this.end();
    await runScript(this.redis, scripts.leaseRelease, [this.keys.lease], [JSON.stringify(holder)]);
  }

  /**
   * Makes the next terms greater than `epoch`, which tmux knows from a term that Redis has lost. Every process stays
   * able to lead.
   */
  static async raise(redis: RedisCaller, keys: Keys, epoch: number): Promise<void> {
    await runScript(redis, scripts.leaseRaise, [keys.epoch], [epoch]);
  }

  /** Stops without contacting Redis; the key expires by itself. */
  dispose(): void {
    this.end();
    this.lost.dispose();
  }

  private async renew(): Promise<void> {
    const held = this.held;
    if (!held || this.epoch === null) return;
    const since = this.moment();
    try {
      const renewed = await runScript(
        this.redis,
        scripts.leaseRenew,
        [this.keys.lease],
        [JSON.stringify(this.holder), this.ttlMs],
      );
      if (this.held !== held) return;
      if (renewed === 1) held.since = since;
      else this.lose('another holds it, or it ran out');
    } catch (error) {
      // The lease is not lost yet: the next renewal tries again until the time to live has passed.
      this.logger.warn('lease.renew', { error: errorMessage(error) });
    }
  }

  private lose(reason: string): void {
    this.logger.warn('lease.lost', { reason, epoch: this.held?.epoch });
    this.end();
    this.lost.fire();
  }

  private end(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.held = null;
    this.holder = this.newHolder(); // each leader term has a new nonce
  }

  private newHolder(): LeaseHolder {
    return { host: hostname(), pid: process.pid, startedAt: Date.now(), nonce: randomBytes(8).toString('hex') };
  }

  private moment(): Moment {
    return { wall: this.clock.now(), steady: performance.now() };
  }

  // The steady clock stops while the machine sleeps, and the wall clock may be set back, so the longer time counts.
  private elapsed(since: Moment): number {
    return Math.max(this.clock.now() - since.wall, performance.now() - since.steady);
  }
}

interface Moment {
  readonly wall: number;
  readonly steady: number;
}
