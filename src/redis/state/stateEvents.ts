import { DisposableStore, Emitter, type DisposableLike, type EventLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { MonitorEvent } from '../../core/team/monitorEvent';
import type { RedisConnection } from '../client/connection';
import type { Keys } from '../client/keys';
import { monitorEventSchema, parseJson } from '../decode/schemas';

/** The channel `monitor:events`: wake-ups, of which those published while disconnected are lost. */
export class StateEvents implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly events = this.disposables.add(
    new Emitter<MonitorEvent>((error) => this.logger.error('state.listener', { error: errorMessage(error) })),
  );
  private isSubscribed = false;

  constructor(
    private readonly redis: Pick<RedisConnection, 'subscribe'>,
    private readonly keys: Keys,
    private readonly logger: Logger,
  ) {}

  /** Subscribes on first use. */
  readonly onEvent: EventLike<MonitorEvent> = (listener) => {
    if (!this.isSubscribed) {
      this.isSubscribed = true;
      this.disposables.add(this.redis.subscribe(this.keys.events, (text) => this.publish(text)));
    }
    return this.events.event(listener);
  };

  dispose(): void {
    this.disposables.dispose();
  }

  private publish(text: string): void {
    const event = parseJson(monitorEventSchema, text);
    if (event) this.events.fire(event);
    else this.logger.debug('state.event.malformed');
  }
}
