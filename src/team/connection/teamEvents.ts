import { DisposableStore, Emitter, type DisposableLike, type EventLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { Throttle } from '../../core/base/throttle';
import { errorMessage } from '../../core/errors/tacoError';
import { systemClock } from '../../environment/systemClock';
import type { RedisConnection } from '../../redis/client/connection';
import type { RedisStateStore } from '../../redis/state/stateStore';

/** Minimum time between two wake-ups of views, milliseconds; the first comes at once. */
const WAKE_MS = 50;

/** The events of a project for views and tools: connected or not, and "read the snapshot again". */
export class TeamEvents implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly changes = this.disposables.add(new Emitter<void>((error) => this.report(error)));
  private readonly connection = this.disposables.add(new Emitter<boolean>((error) => this.report(error)));
  private readonly wakeUps = this.disposables.add(
    new Throttle(
      systemClock,
      () => WAKE_MS,
      () => this.changes.fire(),
    ),
  );
  private isListening = false;
  readonly onConnection = this.connection.event;

  constructor(
    redis: RedisConnection,
    private readonly store: Pick<RedisStateStore, 'onEvent'>,
    private readonly logger: Logger,
  ) {
    this.disposables.add(redis.onUp(() => this.connection.fire(true)));
    this.disposables.add(redis.onDown(() => this.connection.fire(false)));
  }

  /** Fires at most once in 50 ms. Subscribes to Redis on first use. */
  readonly onChange: EventLike<void> = (listener) => {
    if (!this.isListening) {
      this.isListening = true;
      this.disposables.add(this.store.onEvent(() => this.wakeUps.ask()));
      this.disposables.add(this.onConnection(() => this.wakeUps.ask()));
    }
    return this.changes.event(listener);
  };

  dispose(): void {
    this.disposables.dispose();
  }

  private report(error: unknown): void {
    this.logger.error('team.listener', { error: errorMessage(error) });
  }
}
