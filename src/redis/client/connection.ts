import { ReplyError } from 'ioredis';
import { DisposableStore, Emitter, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { Client } from './createClient';
import type { RedisEndpoint } from './endpoint';
import { replyCode } from './redisCommands';
import { whyNoWrites } from './redisCommands';
import { NotSentError, toRedisError, type RedisArgument, type RedisCaller } from './redisCommands';
import { ResilientClient } from './resilientClient';
import { RedisReplyError } from './resp';

const IoredisReplyError = ReplyError as new () => Error;
const COMMAND_TIMEOUT_MS = 1500;
const WATCH_EVERY_MS = 1000;
const WEDGED_AFTER_MS = 5000;
const RESTART_AFTER_MS = 400;
const MAX_RESTART_DELAY_MS = 10_000;
/** A node that became a replica: so long until the address is connected to again, growing, milliseconds. */
const REPLICA_PAUSE_MS = 250;
const MAX_REPLICA_PAUSE_MS = 10_000;
/** A refusal of writes counts for this long, milliseconds: the leader writes more often. */
const TROUBLE_MS = 4000;
/** The message of ioredis for a command that it has not sent. */
const NOT_SENT = "Stream isn't writeable";

export interface RedisConnectionOptions {
  readonly endpoint: RedisEndpoint;
  readonly logger: Logger;
  /** Starts TACO's own Redis again (`ensureRedis`). Called while there is no connection, with growing pauses. */
  readonly restart?: (() => Promise<unknown>) | undefined;
}

export type RedisCommand = readonly [string, ...RedisArgument[]];

/** Commands of the one who has the connection exclusively. */
export interface ExclusiveConnection extends RedisCaller {
  /** Runs commands whose replies are not text in one round trip: strings come as a Buffer. */
  pipelineOfBytes(commands: readonly RedisCommand[]): Promise<unknown[]>;
}

/**
 * Holds all connections of one long-lived process: one for commands, one for blocking reads and one for subscriptions.
 * The last two are created on first use. A watchdog replaces a client that hangs.
 *
 * While Redis is unreachable, a command waits up to 1.5 s for the connection and then throws redis-unreachable. A
 * command whose reply was lost may have run, or may still run after the reconnect. Therefore only idempotent commands
 * may use this class.
 */
export class RedisConnection implements RedisCaller, DisposableLike {
  private readonly store = new DisposableStore();
  private readonly up = this.store.add(new Emitter<void>((error) => this.report(error)));
  private readonly down = this.store.add(new Emitter<void>((error) => this.report(error)));
  /** Fires each time the connection to Redis is established, including the first time. */
  readonly onUp = this.up.event;
  readonly onDown = this.down.event;
  private readonly listeners = new Map<string, Set<(message: string) => void>>();
  private readonly control: ResilientClient;
  private blocking: ResilientClient | null = null;
  private subscriber: ResilientClient | null = null;
  private isConnected = false;
  /** Resolves when the connection is free again; null while nobody has it exclusively. */
  private taken: Promise<void> | null = null;
  private failedPings = 0;
  private reviving = false;
  private restartDelay = 0;
  private restartAt = 0;
  private replicaPause = REPLICA_PAUSE_MS;
  private replicaSeenAt = 0;
  private trouble: { readonly text: string; readonly at: number } | null = null;

  constructor(private readonly options: RedisConnectionOptions) {
    this.control = this.make('control', { commandTimeoutMs: COMMAND_TIMEOUT_MS, offlineQueue: false }, (client) => {
      client.on('ready', () => this.setConnected(client, true));
      client.on('close', () => this.setConnected(client, false));
    });
    const timer = setInterval(() => void this.watch(), WATCH_EVERY_MS);
    timer.unref();
    this.store.add({ dispose: () => clearInterval(timer) });
    if (options.restart) {
      const reviver = setInterval(() => void this.restartIfDown(), RESTART_AFTER_MS / 2);
      reviver.unref();
      this.store.add({ dispose: () => clearInterval(reviver) });
    }
  }

  get isUp(): boolean {
    return this.isConnected;
  }

  get endpoint(): RedisEndpoint {
    return this.options.endpoint;
  }

  /** Why Redis takes no writes now (its disk is full, it is a replica, …), in its own words; null while it does, as far as is known. */
  get noWrites(): string | null {
    return this.trouble && Date.now() - this.trouble.at < TROUBLE_MS ? this.trouble.text : null;
  }

  /** The same, after asking. Never throws. */
  async probe(): Promise<string | null> {
    // A PING is refused as a write is while the disk is full.
    await this.call('PING').catch(() => undefined);
    return this.noWrites;
  }

  /** Resolves once Redis answers; throws TacoError redis-unreachable after `timeoutMs`. */
  async ready(timeoutMs: number): Promise<void> {
    await this.guard('connect', () => this.control.whenReady(timeoutMs));
  }

  async call(command: string, ...args: RedisArgument[]): Promise<unknown> {
    return await this.guard(command, () => this.whenFree((client) => client.call(command, ...args)));
  }

  /**
   * Runs `work` with this connection while all other commands wait. A server that pauses writes postpones what follows
   * a write on its connection: a read behind it would never be answered.
   */
  async exclusively<T>(work: (own: ExclusiveConnection) => Promise<T>): Promise<T> {
    while (this.taken) await this.taken;
    let release = (): void => undefined;
    this.taken = new Promise((resolve) => (release = resolve));
    try {
      return await work({
        call: (command, ...args) =>
          this.guard(command, () => this.whenWritable((client) => client.call(command, ...args))),
        pipelineOfBytes: (commands) =>
          this.guard('pipeline', () => this.whenWritable((client) => repliesAsBytes(client, commands))),
      });
    } finally {
      this.taken = null;
      release();
    }
  }

  /** Runs many commands in one round trip. Throws the first error reply among their replies. Not a transaction. */
  async pipeline(commands: readonly RedisCommand[]): Promise<unknown[]> {
    return await this.guard('pipeline', () =>
      this.whenFree(async (client) => {
        const pipeline = client.pipeline();
        for (const [command, ...args] of commands) pipeline.call(command, ...args);
        return ((await pipeline.exec()) ?? []).map(([error, reply]) => {
          if (error) throw error;
          return reply;
        });
      }),
    );
  }

  /** Runs a command that blocks up to `blockMs`, on its own connection. Only one such call may run at a time. */
  async blockingCall(blockMs: number, command: string, ...args: RedisArgument[]): Promise<unknown> {
    this.blocking ??= this.make('blocking', { offlineQueue: false }, () => undefined);
    const { blocking } = this;
    return await this.guard(command, async () => {
      await blocking.whenReady(COMMAND_TIMEOUT_MS);
      try {
        return await within(blockMs + COMMAND_TIMEOUT_MS, blocking.client.call(command, ...args));
      } catch (error) {
        if (error instanceof LateError) blocking.rebuild('a blocking read did not return');
        throw error;
      }
    });
  }

  /** Listens on a pub/sub channel, across reconnects. Messages published while disconnected are lost. */
  subscribe(channel: string, listener: (message: string) => void): DisposableLike {
    const known = this.listeners.get(channel);
    const listeners = known ?? new Set();
    listeners.add(listener);
    if (!known) this.listeners.set(channel, listeners);
    if (!this.subscriber)
      this.subscriber = this.make('subscriber', { offlineQueue: true }, (client) => this.attach(client));
    else if (!known) this.subscriber.client.subscribe(channel).catch((error: unknown) => this.report(error));
    return {
      dispose: () => {
        listeners.delete(listener);
        if (listeners.size > 0 || this.listeners.get(channel) !== listeners) return;
        this.listeners.delete(channel);
        this.subscriber?.client.unsubscribe(channel).catch((error: unknown) => this.report(error));
      },
    };
  }

  dispose(): void {
    this.isConnected = false;
    this.store.dispose();
    this.listeners.clear();
  }

  private make(
    name: string,
    options: { commandTimeoutMs?: number; offlineQueue: boolean },
    onClient: (client: Client) => void,
  ): ResilientClient {
    const { endpoint, logger } = this.options;
    return this.store.add(new ResilientClient({ endpoint, logger, name, onClient, ...options }));
  }

  private attach(client: Client): void {
    client.on('message', (channel: string, message: string) => {
      for (const listener of [...(this.listeners.get(channel) ?? [])]) listener(message);
    });
    const channels = [...this.listeners.keys()];
    if (channels.length > 0) client.subscribe(...channels).catch((error: unknown) => this.report(error));
  }

  private setConnected(client: Client, connected: boolean): void {
    if (
      this.store.isDisposed ||
      (this.control as ResilientClient | undefined)?.client !== client ||
      this.isConnected === connected
    )
      return;
    this.isConnected = connected;
    this.failedPings = 0;
    this.restartDelay = 0;
    this.options.logger.info(connected ? 'redis.up' : 'redis.down', { at: this.endpoint.label });
    (connected ? this.up : this.down).fire();
  }

  private async watch(): Promise<void> {
    for (const client of [this.control, this.blocking, this.subscriber]) {
      if (client && client.downFor > WEDGED_AFTER_MS) client.rebuild('no connection for too long');
    }
    if (!this.control.ready) return;
    const { client } = this.control;
    try {
      await client.ping();
      this.failedPings = 0;
    } catch (error) {
      // An error reply (LOADING, MISCONF) is an answer too; a ping of a client that was replaced says nothing.
      if (error instanceof IoredisReplyError)
        this.onReplyError(toRedisError(new RedisReplyError(error.message), 'PING', ''));
      if (client !== this.control.client || !this.control.ready || error instanceof IoredisReplyError) return;
      if (++this.failedPings < 2) return;
      this.failedPings = 0;
      this.setConnected(client, false);
      this.control.rebuild('no answer to PING');
    }
  }

  private async restartIfDown(): Promise<void> {
    if (this.reviving || this.isConnected || this.control.downFor < RESTART_AFTER_MS || Date.now() < this.restartAt)
      return;
    this.reviving = true;
    try {
      await this.options.restart?.();
    } catch (error) {
      this.options.logger.warn('redis.revive', { error: errorMessage(error) });
    } finally {
      this.restartDelay = Math.min(MAX_RESTART_DELAY_MS, this.restartDelay * 2 || 500);
      this.restartAt = Date.now() + this.restartDelay;
      this.reviving = false;
    }
  }

  /** Waits until nobody has the connection exclusively, at most as long as for a connection. */
  private async whenFree<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const deadline = Date.now() + COMMAND_TIMEOUT_MS;
    while (this.taken) {
      if (Date.now() >= deadline)
        throw new NotSentError(`The connection was not free within ${COMMAND_TIMEOUT_MS} ms.`);
      await within(deadline - Date.now(), this.taken).catch(() => undefined);
    }
    return await this.whenWritable(work);
  }

  /**
   * Waits for the connection up to the command timeout. The connection may end before the client notices; ioredis then
   * sends nothing, so the command may be repeated.
   */
  private async whenWritable<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const deadline = Date.now() + COMMAND_TIMEOUT_MS;
    for (;;) {
      await this.control.whenReady(deadline - Date.now());
      try {
        return await work(this.control.client);
      } catch (error) {
        if (!errorMessage(error).startsWith(NOT_SENT) || Date.now() >= deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  private async guard<T>(command: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Checks the class, because bundling changes class names. Omits the arguments, which may contain a user's text.
      const cause = error instanceof IoredisReplyError ? new RedisReplyError(error.message) : error;
      const failure = toRedisError(cause, command, this.endpoint.label);
      this.onReplyError(failure);
      throw failure;
    }
  }

  private onReplyError(error: unknown): void {
    const text = whyNoWrites(error);
    if (text === null) return;
    this.trouble = { text, at: Date.now() };
    if (replyCode(error) === 'READONLY' && this.endpoint.cluster.length === 0) this.leaveReplica();
  }

  /** After a fail-over the same address may lead to the new master, but only on a new connection. */
  private leaveReplica(): void {
    const now = Date.now();
    if (now - this.replicaSeenAt > 2 * MAX_REPLICA_PAUSE_MS) this.replicaPause = REPLICA_PAUSE_MS;
    if (now - this.replicaSeenAt < this.replicaPause) return;
    this.replicaSeenAt = now;
    this.replicaPause = Math.min(MAX_REPLICA_PAUSE_MS, this.replicaPause * 2);
    const { control, blocking, subscriber } = this;
    this.setConnected(control.client, false);
    for (const client of [control, blocking, subscriber]) client?.rebuild('Redis has become a replica');
  }

  private report(error: unknown): void {
    if (!this.store.isDisposed) this.options.logger.warn('redis.listener', { error: errorMessage(error) });
  }
}

function repliesAsBytes(client: Client, commands: readonly RedisCommand[]): Promise<unknown[]> {
  return Promise.all(commands.map(([command, ...args]) => client.callBuffer(command, ...args)));
}

class LateError extends Error {}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new LateError(`No reply within ${ms} ms.`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
