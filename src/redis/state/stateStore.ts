import { type AgentRecord, agentRecordSchema } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import type { DisposableLike, EventLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import type { PlanReview } from '../../core/plan/planReview';
import { type ServiceRecord, serviceRecordSchema } from '../../core/services/serviceRecord';
import type { ControlRequest } from '../../core/team/controlRequest';
import { MAX_AGENT_STEPS } from '../../core/team/history';
import type { MonitorEvent } from '../../core/team/monitorEvent';
import type { StateStore } from '../../core/team/ports';
import type { SessionState } from '../../core/team/session';
import type { MessageView, Snapshot } from '../../core/team/snapshot';
import type { RedisCommand, RedisConnection } from '../client/connection';
import type { Keys } from '../client/keys';
import { runScript, toEntries, toHash, type RedisArgument } from '../client/redisCommands';
import { toMessageView } from '../decode/messageView';
import { controlRequestSchema, monitorEventSchema, parseJson } from '../decode/schemas';
import type { EpochFence } from '../leadership/fence';
import { hashSecret } from '../queue/commandProducer';
import { fencedScripts, scripts } from '../scripts/scripts';
import { ControlRequests } from './controlRequests';
import { FinishedMessageCache, reader, readSnapshot, toPlan, toSession } from './readSnapshot';
import { StateEvents } from './stateEvents';
import { UsageStore } from './usageStore';

const MAX_ACTIVITY = 1000;
/** As in `enqueue.lua`. */
const CLOCKS_DIFFER_MS = 60_000;

/** A hook report as stored for a leader that missed the event. */
export interface StoredHookReport {
  /** Stream id: grows with time. */
  readonly id: string;
  readonly window: number;
  readonly event: string;
  readonly data: HookData;
  readonly at: number;
}

/** The project's state in Redis hashes. */
export class RedisStateStore implements StateStore, DisposableLike {
  readonly requests: ControlRequests<ControlRequest>;
  readonly usage: UsageStore;
  readonly onEvent: EventLike<MonitorEvent>;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly logger: Logger,
    /** The fence of one leader term; null for a process that does not lead. */
    private readonly fence: EpochFence | null = null,
    private readonly events = new StateEvents(redis, keys, logger),
    private readonly finished = new FinishedMessageCache(),
  ) {
    this.onEvent = events.onEvent;
    this.usage = new UsageStore(redis, keys, clock);
    this.requests = new ControlRequests(redis, keys, clock, logger, controlRequestSchema);
  }

  /**
   * Returns the same store for the leader of one term. Once another process leads, its writes throw TacoError
   * not-leader and change nothing.
   */
  withFence(fence: EpochFence): RedisStateStore {
    const { redis, keys, clock, logger, events, finished } = this;
    return new RedisStateStore(redis, keys, clock, logger, fence, events, finished);
  }

  async snapshot(): Promise<Snapshot> {
    return await readSnapshot(this.redis, this.keys, this.clock.now(), this.logger, this.finished);
  }

  async message(id: string): Promise<MessageView | null> {
    return toMessageView(await this.hash(this.keys.command(id)));
  }

  async session(): Promise<SessionState | null> {
    return toSession(await this.hash(this.keys.session), this.logger);
  }

  async setSession(patch: Partial<SessionState>): Promise<void> {
    const fields = flat(patch);
    if (fields.length > 0) await this.write(['HSET', this.keys.session, ...fields]);
    await this.publish({ kind: 'session' });
  }

  /** Marks the session as failed and keeps the reason for the user until a new session starts, at most `ttlMs`. */
  async failSession(detail: string, ttlMs: number): Promise<void> {
    await this.write(
      ['HSET', this.keys.session, 'phase', 'failed', 'detail', detail],
      ['PEXPIRE', this.keys.session, ttlMs],
    );
    await this.publish({ kind: 'session' });
  }

  async agents(): Promise<readonly AgentRecord[]> {
    const windows = (await this.redis.call('SMEMBERS', this.keys.agentWindows)) as string[];
    const hashes = await this.redis.pipeline(
      windows.map((window) => ['HGETALL', this.keys.agent(Number(window))] as const),
    );
    const read = reader(this.logger);
    return hashes
      .flatMap((reply) => read('agent', agentRecordSchema, toHash(reply)))
      .sort((a, b) => a.window - b.window);
  }

  async agent(window: number): Promise<AgentRecord | null> {
    return reader(this.logger)('agent', agentRecordSchema, await this.hash(this.keys.agent(window)))[0] ?? null;
  }

  /** The first patch of an agent must contain its name. A patch for a removed agent changes nothing. */
  async setAgent(window: number, patch: Partial<AgentRecord>): Promise<void> {
    await this.agentScript(window, flat({ ...patch, window }));
  }

  async removeAgent(window: number): Promise<void> {
    await this.agentScript(window, []);
  }

  async services(): Promise<readonly ServiceRecord[]> {
    const names = (await this.redis.call('SMEMBERS', this.keys.serviceNames)) as string[];
    const hashes = await this.redis.pipeline(names.map((name) => ['HGETALL', this.keys.service(name)] as const));
    const read = reader(this.logger);
    return hashes
      .flatMap((reply) => read('service', serviceRecordSchema, toHash(reply)))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  async setService(record: ServiceRecord): Promise<void> {
    const checked = serviceRecordSchema.parse(record);
    await this.write(
      ['HSET', this.keys.service(checked.name), ...flat(checked)],
      ['SADD', this.keys.serviceNames, checked.name],
    );
    await this.publish({ kind: 'service', name: checked.name });
  }

  async removeService(name: string): Promise<void> {
    await this.write(['SREM', this.keys.serviceNames, name], ['DEL', this.keys.service(name)]);
    await this.publish({ kind: 'service', name });
  }

  async plan(): Promise<PlanReview | null> {
    return toPlan((await this.redis.call('GET', this.keys.plan)) as string | null, this.logger);
  }

  async setPlan(review: PlanReview | null): Promise<void> {
    await this.write(review === null ? ['DEL', this.keys.plan] : ['SET', this.keys.plan, JSON.stringify(review)]);
    await this.publish({ kind: 'plan' });
  }

  async registerSender(label: string, secret: string): Promise<void> {
    await this.run('senderSet', [this.keys.senders], [label, hashSecret(secret)]);
  }

  /** Returns whether this is the secret with which the label was launched. */
  async isSender(label: string, secret: string): Promise<boolean> {
    return (await this.redis.call('HGET', this.keys.senders, hashSecret(secret))) === label;
  }

  /** Revokes the label's secret, because its process has ended. */
  async revokeSender(label: string): Promise<void> {
    await this.run('senderSet', [this.keys.senders], [label, '']);
  }

  async note(text: string): Promise<void> {
    await this.redis.call(
      'XADD',
      this.keys.activity,
      'MAXLEN',
      '~',
      MAX_ACTIVITY,
      '*',
      'at',
      this.clock.now(),
      'text',
      text,
    );
  }

  async publish(event: MonitorEvent): Promise<void> {
    await this.redis.call('PUBLISH', this.keys.events, JSON.stringify(event));
  }

  async postRequest(request: ControlRequest): Promise<void> {
    await this.requests.post(request);
  }

  /** Returns the stored hook reports after a stream id (all, when none is given), oldest first. */
  async hooksAfter(afterId?: string): Promise<readonly StoredHookReport[]> {
    const reply = await this.redis.call('XRANGE', this.keys.hooks, afterId ? `(${afterId}` : '-', '+', 'COUNT', 500);
    return toEntries(reply).flatMap(({ id, fields }) => {
      const event = parseJson(monitorEventSchema, fields?.['event'] ?? '');
      if (event?.kind !== 'hook') return [];
      return [{ id, window: event.window, event: event.event, data: event.data, at: Number(fields?.['at']) }];
    });
  }

  /** Removes all keys of the project except leases and epochs (which may only grow), joined hosts and open requests. */
  async clear(): Promise<void> {
    const { keys } = this;
    let cursor = '0';
    do {
      cursor = String(
        await this.run('clear', [keys.epoch], [cursor, keys.pattern, 1000, keys.leases, keys.requests, keys.hosts]),
      );
    } while (cursor !== '0');
    // The ids of earlier commands are gone: it is unknown whether a repeated one was accepted.
    const now = this.clock.now();
    await this.write(['HSET', keys.idsSince, 'earlier', now - CLOCKS_DIFFER_MS, 'current', now]);
    await this.publish({ kind: 'session' });
  }

  /** When the last session was ended, milliseconds; null when none was, or when Redis has lost all it knew. */
  async clearedAt(): Promise<number | null> {
    const at = (await this.redis.call('HGET', this.keys.idsSince, 'current')) as string | null;
    return at === null ? null : Number(at);
  }

  /** Plain commands, each with its key first, behind the fence if there is one. */
  async writeBack(commands: readonly (readonly [string, string, ...RedisArgument[]])[]): Promise<void> {
    await this.write(...commands);
  }

  dispose(): void {
    this.events.dispose();
  }

  private async agentScript(window: number, fields: readonly string[]): Promise<void> {
    const { keys } = this;
    await this.run(
      'agentSet',
      [keys.agent(window), keys.agentWindows, keys.activeAgents, keys.agentHistory],
      [window, keys.events, MAX_AGENT_STEPS, ...fields],
    );
  }

  private async run(
    name: 'agentSet' | 'senderSet' | 'clear',
    keys: readonly string[],
    args: readonly RedisArgument[],
  ): Promise<unknown> {
    return this.fence
      ? this.fence.run(fencedScripts[name], keys, args)
      : runScript(this.redis, scripts[name], keys, args);
  }

  /** Runs plain commands; the first argument of each is its key. */
  private async write(...commands: readonly (readonly [string, string, ...RedisArgument[]])[]): Promise<void> {
    const { fence } = this;
    if (!fence) await this.redis.pipeline(commands satisfies readonly RedisCommand[]);
    else
      for (const [command, key, ...args] of commands) await fence.run(fencedScripts.write, [key], [command, ...args]);
  }

  private async hash(key: string): Promise<Record<string, string>> {
    return toHash(await this.redis.call('HGETALL', key));
  }
}

/** Returns fields and values for HSET; undefined values are omitted. */
function flat(record: object): string[] {
  return Object.entries(record).flatMap(([field, value]) => (value === undefined ? [] : [field, String(value)]));
}
