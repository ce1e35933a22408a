import type { Logger } from '../../core/base/logger';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { isTransient } from '../../redis/client/redisCommands';
import type { ControlRequests } from '../../redis/state/controlRequests';
import type { StoredHookReport, RedisStateStore } from '../../redis/state/stateStore';

export interface DurableStreamReaderOptions<T extends object> {
  readonly store: Pick<RedisStateStore, 'hooksAfter'>;
  readonly requests: Pick<ControlRequests<T>, 'read' | 'acknowledge'>;
  readonly onHook: (report: StoredHookReport) => Promise<void>;
  /**
   * Carries out a request, or reports why it cannot. Throws TacoError while Redis is unreachable, not-leader: the
   * request is then not done.
   */
  readonly act: (request: T, id: string) => Promise<void>;
  /** Throws TacoError not-leader once another process does this work. */
  readonly assertLeading: () => void;
  /** False while new entries have to wait. */
  readonly isReady: () => boolean;
  readonly log: Logger;
}

/**
 * Reads new entries of the durable streams of hooks and requests, each in order. An entry that cannot be handled
 * while Redis fails stays unread. A request that is skipped would be carried out by a later leader, on a session that
 * it was not meant for.
 */
export class DurableStreamReader<T extends object> {
  private lastHook: string | undefined;
  /** Requests that were carried out and whose acknowledgement Redis has not accepted yet. */
  private readonly carriedOut = new Set<string>();

  constructor(private readonly options: DurableStreamReaderOptions<T>) {}

  /** Returns the hook reports that came while no process read; they are not read again. */
  async missed(): Promise<readonly StoredHookReport[]> {
    const reports = await this.options.store.hooksAfter();
    this.lastHook = reports.at(-1)?.id;
    return reports;
  }

  /** Reads after a wake-up; call it again after it throws. */
  async next(): Promise<void> {
    const { store, requests, onHook, act, assertLeading, isReady, log } = this.options;
    if (!isReady()) return;
    for (const report of await store.hooksAfter(this.lastHook)) {
      await onHook(report).catch((error: unknown) => {
        if (isTransient(error) || isTacoError(error, 'not-leader')) throw error;
        log.error('hook.failed', { window: report.window, event: report.event, error: errorMessage(error) });
      });
      this.lastHook = report.id;
    }
    for (const { id, request } of await requests.read()) {
      if (!isReady()) return;
      assertLeading();
      if (!this.carriedOut.has(id)) await act(request, id);
      this.carriedOut.add(id);
      await requests.acknowledge(id);
      this.carriedOut.delete(id);
    }
  }
}
