import { createHash } from 'node:crypto';
import { hostOfTarget } from '../../core/messages/address';

/** Returns the project id: 12 hex digits of the SHA-256 of the project's real path. */
export function projectIdOf(realProjectDir: string): string {
  return createHash('sha256').update(realProjectDir).digest('hex').slice(0, 12);
}

/**
 * Defines every Redis key of a project. The braces put all of them into one hash slot, so that each script also runs on
 * Redis Cluster.
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
  /** Both a stream and a pub/sub channel. */
  get completed(): string {
    return this.key('commands:completed');
  }
  get dead(): string {
    return this.key('commands:dead');
  }
  command(id: string): string {
    return this.key(`cmd:${id}`);
  }
  /** Hash: target → number of unfinished messages. Quotas and "messages waiting" read it. */
  get depth(): string {
    return this.key('commands:depth');
  }
  /** Hash: state → number of commands in it. Of the final states only `dead` and `uncertain` are counted. */
  get states(): string {
    return this.key('commands:states');
  }
  /** A request that was posted, by its nonce. */
  dedupe(nonce: string): string {
    return this.key(`dedupe:${nonce}`);
  }
  /** Set of the ids that were enqueued last. */
  get ids(): string {
    return this.key('ids');
  }
  /** Set of those before, as many. */
  get earlierIds(): string {
    return this.key('ids:earlier');
  }
  /** Hash: since when every id is in `ids` (`current`), or in one of the two (`earlier`), milliseconds. */
  get idsSince(): string {
    return this.key('ids:since');
  }
  /** Hash `id text phase`: the text in flight to a window, for the prompt check. */
  inflight(window: number): string {
    return this.key(`inflight:${window}`);
  }
  agent(window: number): string {
    return this.key(`agents:${window}`);
  }
  /** Set of the windows that have an agent hash. */
  get agentWindows(): string {
    return this.key('agents:windows');
  }
  /** Trimmed stream: each change of an agent's state. */
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
  /** Hash: host/account → the limit of that account, JSON. */
  get limits(): string {
    return this.key('limits');
  }
  /** Hash: host → what its executor measured of its agents, JSON. */
  get vitals(): string {
    return this.key('vitals');
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
  /** Stream of messages to the user. */
  get userInbox(): string {
    return this.key('user:inbox');
  }
  /** Stream of requests from users and tools to the leader. */
  get requests(): string {
    return this.key('control:requests');
  }
  /** Pub/sub channel for wake-ups. An event may be lost; the state is in the other keys. */
  get events(): string {
    return this.key('monitor:events');
  }
  /** Trimmed stream: hook reports of the agents, for a leader that missed the event. */
  get hooks(): string {
    return this.key('monitor:hooks');
  }
  /** Hash: id → an agent's input request, JSON. */
  get inputRequests(): string {
    return this.key('needs');
  }
  /** List: the answer to an input request, until the asking process fetches it. */
  answer(id: string): string {
    return this.key(`answer:${id}`);
  }
  /** Hash: the sender of the answer and the result. */
  answered(id: string): string {
    return this.key(`answered:${id}`);
  }
  /**
   * String: the window that shows a notification to the user, with a time to live. `told`: no window shows it any more.
   */
  call(key: string): string {
    return this.key(`calls:${key}`);
  }
  /** Trimmed stream: answered permission requests, each with the rule or the user that answered it. */
  get decisions(): string {
    return this.key('requests:decisions');
  }
  /** Trimmed stream: one line per notable event, for "Recent activity". */
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
  /** Prefix of all leases and epochs, including those of hosts. */
  get leases(): string {
    return this.key('lease:');
  }
  /** Hash: host → its record, JSON. */
  get hosts(): string {
    return this.key('hosts');
  }
  /** Pattern that matches every key of the project, for SCAN. */
  get pattern(): string {
    return this.prefix.replace(/[{}]/g, (c) => `\\${c}`) + '*';
  }
}

/** The keys of a host that joined: its own queue, lease, epoch and requests; all other keys are the project's. */
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

/** Returns the keys that hold and deliver the commands of a target. */
export function keysFor(keys: Keys, target: string): Keys {
  const host = hostOfTarget(target);
  return host === '' ? keys : new HostKeys(keys.projectId, host);
}
