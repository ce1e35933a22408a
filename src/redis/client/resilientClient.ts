import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import { createClient, type Client } from './createClient';
import type { RedisEndpoint } from './endpoint';
import { NotSentError } from './redisCommands';

const MAX_BACKOFF_MS = 1000;
const CONNECT_TIMEOUT_MS = 2000;

export interface ResilientClientOptions {
  readonly endpoint: RedisEndpoint;
  readonly logger: Logger;
  /** For logs: `control`, `blocking`, `subscriber`. */
  readonly name: string;
  /** Milliseconds to wait for a reply; undefined for a connection that blocks. */
  readonly commandTimeoutMs?: number;
  /** Whether commands issued without a connection wait for it (used for subscriptions). */
  readonly offlineQueue: boolean;
  /** Called with each new ioredis client before it connects, to attach listeners. */
  readonly onClient: (client: Client) => void;
}

/**
 * An ioredis client that reconnects for ever and can be replaced. A client disconnected at the wrong moment never
 * reconnects, so a watchdog calls `rebuild`.
 */
export class ResilientClient implements DisposableLike {
  private current: Client;
  private disposed = false;
  /** Time since which the current client is not ready, milliseconds since the epoch; null while it is ready. */
  private downSince: number | null = Date.now();

  constructor(private readonly options: ResilientClientOptions) {
    this.current = this.build();
  }

  get client(): Client {
    return this.current;
  }

  get ready(): boolean {
    return !this.disposed && this.current.status === 'ready';
  }

  /** Milliseconds for which the client has not been ready; 0 while it is. */
  get downFor(): number {
    return this.downSince === null ? 0 : Date.now() - this.downSince;
  }

  /** Resolves when ready; rejects after `timeoutMs` or on disposal. */
  async whenReady(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!this.ready) {
      const left = deadline - Date.now();
      if (this.disposed) throw new NotSentError('The connection was disposed.');
      if (left <= 0) throw new NotSentError(`No connection within ${timeoutMs} ms.`);
      await readyOrLater(this.current, Math.min(left, 250));
    }
  }

  rebuild(reason: string): void {
    if (this.disposed) return;
    this.options.logger.warn('redis.rebuild', { client: this.options.name, reason });
    const old = this.current;
    this.downSince = Date.now();
    this.current = this.build();
    old.disconnect();
  }

  dispose(): void {
    this.disposed = true;
    this.current.disconnect();
  }

  private build(): Client {
    const { endpoint, logger, name, commandTimeoutMs, offlineQueue, onClient } = this.options;
    const client = createClient(endpoint, {
      name,
      offlineQueue,
      commandTimeoutMs,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      backoff: (times) => Math.min(MAX_BACKOFF_MS, 10 * 2 ** Math.min(times, 10)) * (0.75 + Math.random() / 4),
    });
    // Every call that waits for the connection listens; Node would warn of more than ten, on standard error.
    client.setMaxListeners(0);
    client.on('error', (error: unknown) => logger.debug('redis.error', { client: name, error: errorMessage(error) }));
    client.on('ready', () => {
      if (client === this.current) this.downSince = null;
    });
    client.on('close', () => {
      if (client === this.current) this.downSince ??= Date.now();
    });
    onClient(client);
    // The `error` event reports the first failure, and the retry strategy repeats the attempt.
    client.connect().catch(() => undefined);
    return client;
  }
}

function readyOrLater(client: Client, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      client.off('ready', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    client.once('ready', done);
  });
}
