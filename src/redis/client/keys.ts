import { createHash } from 'node:crypto';
import { hostOfTarget } from '../../core/messages/address';

/** 12 hex digits of the SHA-256 of the project's real path: names the project everywhere. */
export function projectIdOf(realProjectDir: string): string {
  return createHash('sha256').update(realProjectDir).digest('hex').slice(0, 12);
}

/**
 * Every Redis key of a project, in one place. The braces make one hash slot of them, so that each script
 * also runs on Redis Cluster.
 */
export class Keys {
  private readonly prefix: string;
  constructor(readonly projectId: string) {
    this.prefix = `taco:{${projectId}}:`;
  }

  protected key(name: string): string {
    return this.prefix + name;
  }

  readonly group = 'executors';
  readonly consumer = 'executor';

  get queue(): string {
    return this.key('commands:queue');
  }
  /** Both the stream and the pub/sub channel. */
  get completed(): string {
    return this.key('commands:completed');
  }
  get dead(): string {
    return this.key('commands:dead');
  }
  command(id: string): string {
    return this.key(`cmd:${id}`);
  }
  /** Commands whose retry is due at the score, milliseconds. */
  get retries(): string {
    return this.key('commands:retries');
  }
  /** Hash: target → messages not yet final. Quotas and "messages waiting" read it. */
  get depth(): string {
    return this.key('commands:depth');
  }
  /** Hash: state → how many commands are in it (final ones leave, but for `dead` and `uncertain`). */
  get states(): string {
    return this.key('commands:states');
  }
  dedupe(id: string): string {
    return this.key(`dedupe:${id}`);
  }
  /** The text now in flight to a window, for the door: hash `id text phase`. */
  inflight(window: number): string {
    return this.key(`inflight:${window}`);
  }
  agent(window: number): string {
    return this.key(`agents:${window}`);
  }
  /** Set of the windows that have a hash. */
  get agentWindows(): string {
    return this.key('agents:windows');
  }
  /** Stream, trimmed: each change of an agent's state. */
  get agentHistory(): string {
    return this.key('agents:history');
  }
  /** Hash: SHA-256 of an agent's secret → its sender label. */
  get senders(): string {
    return this.key('senders');
  }
  service(name: string): string {
    return this.key(`services:${name}`);
  }
  get serviceNames(): string {
    return this.key('services:names');
  }
  /** Hash: conversation id → tokens and cost, JSON. */
  get usage(): string {
    return this.key('usage');
  }
  get ports(): string {
    return this.key('ports:alloc');
  }
  get session(): string {
    return this.key('session:state');
  }
  get plan(): string {
    return this.key('plan:current');
  }
  /** Stream of messages to the person. */
  get userInbox(): string {
    return this.key('user:inbox');
  }
  /** Stream of what people and tools ask the leader to do. */
  get requests(): string {
    return this.key('control:requests');
  }
  /** Pub/sub: wake-ups, never the truth. */
  get events(): string {
    return this.key('monitor:events');
  }
  /** Stream, trimmed: what the agents' hooks reported, for a leader that missed the event. */
  get hooks(): string {
    return this.key('monitor:hooks');
  }
  /** Hash: id → what an agent needs the person for, JSON. */
  get needs(): string {
    return this.key('needs');
  }
  /** List: the answer on its way to the one who asked. */
  answer(id: string): string {
    return this.key(`answer:${id}`);
  }
  /** Hash: who gave the answer, and what became of it. */
  answered(id: string): string {
    return this.key(`answered:${id}`);
  }
  /** Which window tells the person of a call, for as long as that window is there; `told`: it needs no telling any more. */
  call(key: string): string {
    return this.key(`calls:${key}`);
  }
  /** Stream, trimmed: one line per notable event, for "Recent activity". */
  get activity(): string {
    return this.key('monitor:activity');
  }
  get enqueuedTotal(): string {
    return this.key('commands:enqueued:total');
  }
  get executedTotal(): string {
    return this.key('commands:executed:total');
  }
  get failedTotal(): string {
    return this.key('commands:failed:total');
  }
  get activeAgents(): string {
    return this.key('agents:active:count');
  }
  get lease(): string {
    return this.key('lease:executor');
  }
  get epoch(): string {
    return this.key('lease:epoch');
  }
  /** What all leases and epochs begin with, those of hosts included. */
  get leases(): string {
    return this.key('lease:');
  }
  /** Hash: host → what is known of it, JSON. */
  get hosts(): string {
    return this.key('hosts');
  }
  /** Matches every key of the project, for SCAN. */
  get pattern(): string {
    return this.prefix.replace(/[{}]/g, (c) => `\\${c}`) + '*';
  }
}

/** The same for a host that joined: a queue, a lease, an epoch and requests of its own, all else is the project's. */
export class HostKeys extends Keys {
  constructor(
    projectId: string,
    readonly host: string,
  ) {
    super(projectId);
  }

  override get queue(): string {
    return this.key(`commands:queue:${this.host}`);
  }
  override get requests(): string {
    return this.key(`control:requests:${this.host}`);
  }
  override get lease(): string {
    return this.key(`lease:executor:${this.host}`);
  }
  override get epoch(): string {
    return this.key(`lease:epoch:${this.host}`);
  }
}

/** The keys by which a target's commands are kept and carried. */
export function keysFor(keys: Keys, target: string): Keys {
  const host = hostOfTarget(target);
  return host === '' ? keys : new HostKeys(keys.projectId, host);
}
