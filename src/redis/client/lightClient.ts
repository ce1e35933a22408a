import { connect as connectNet, isIP, type Socket } from 'node:net';
import type { DisposableLike } from '../../core/base/disposable';
import { tlsOptions, type RedisEndpoint } from './endpoint';
import { toRedisError, type RedisArgument, type RedisCaller } from './redisCommands';
import { decodeReply, encodeCommand, RedisReplyError } from './resp';

export interface LightClientOptions {
  /** Milliseconds to connect and log in. */
  readonly connectTimeoutMs: number;
  /** Milliseconds to wait for each reply. */
  readonly commandTimeoutMs: number;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Redis client of a short-lived command; `dispose` closes it. */
export type LightRedis = RedisCaller & DisposableLike;

/**
 * A Redis client for short-lived commands: one connection, no reconnect, no dependency to load. ioredis takes as long
 * to load as Node itself, and an agent waits for each start of `taco`.
 */
export class LightClient implements RedisCaller, DisposableLike {
  private readonly waiting: Waiting[] = [];
  private received: Buffer = Buffer.alloc(0);
  private failure: Error | null = null;

  private constructor(
    private readonly socket: Socket,
    private readonly label: string,
    private readonly commandTimeoutMs: number,
  ) {
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('The connection was closed.')));
  }

  /** Connects and logs in. Throws TacoError redis-unreachable, or redis-failed when Redis refuses the password. */
  static async connect(endpoint: RedisEndpoint, options: LightClientOptions): Promise<LightClient> {
    const socket = endpoint.tls ? await openTls(endpoint) : openPlain(endpoint);
    const client = new LightClient(socket, endpoint.label, options.commandTimeoutMs);
    const cancel = afterReading(options.connectTimeoutMs, () =>
      client.fail(new Error(`No connection within ${options.connectTimeoutMs} ms.`)),
    );
    try {
      await client.opened(endpoint.tls ? 'secureConnect' : 'connect');
      if (endpoint.password || endpoint.username)
        await client.call('AUTH', ...(endpoint.username ? [endpoint.username] : []), endpoint.password);
      if (endpoint.db) await client.call('SELECT', endpoint.db);
      return client;
    } catch (error) {
      client.dispose();
      throw toRedisError(error, 'AUTH', endpoint.label);
    } finally {
      cancel();
    }
  }

  async call(command: string, ...args: RedisArgument[]): Promise<unknown> {
    const cancel = afterReading(this.commandTimeoutMs, () =>
      this.fail(new Error(`No reply within ${this.commandTimeoutMs} ms.`)),
    );
    try {
      return await new Promise<unknown>((resolve, reject) => {
        if (this.failure) return reject(this.failure);
        this.waiting.push({ resolve, reject });
        this.socket.write(encodeCommand([command, ...args]));
      });
    } catch (error) {
      throw toRedisError(error, command, this.label);
    } finally {
      cancel();
    }
  }

  dispose(): void {
    this.fail(new Error('The client was disposed.'));
  }

  private opened(event: 'connect' | 'secureConnect'): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once(event, resolve);
      this.socket.once('close', () => reject(this.failure ?? new Error('The connection was closed.')));
    });
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length ? Buffer.concat([this.received, chunk]) : chunk;
    try {
      for (let reply = decodeReply(this.received); reply; reply = decodeReply(this.received)) {
        this.received = this.received.subarray(reply.next);
        const waiting = this.waiting.shift();
        if (reply.value instanceof RedisReplyError) waiting?.reject(reply.value);
        else waiting?.resolve(reply.value);
      }
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.socket.destroy();
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}

/**
 * Runs `late` after `ms` milliseconds, once all data that has arrived by then was read: a starved process finds its
 * timer due before it reads the reply. Returns a function that cancels it.
 */
function afterReading(ms: number, late: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (turn = setImmediate(late)), ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}

function openPlain(endpoint: RedisEndpoint): Socket {
  return endpoint.socket === null ? connectNet(endpoint.port, endpoint.host) : connectNet(endpoint.socket);
}

async function openTls(endpoint: RedisEndpoint): Promise<Socket> {
  const { host, port } = endpoint;
  const tls = await import('node:tls'); // loaded only for TLS, because it adds to start-up time
  return tls.connect({ host, port, ...tlsOptions(endpoint), ...(isIP(host) ? {} : { servername: host }) });
}
