import type { AgentProfile } from '../../core/agents/agentProfile';
import type { DeliveryLedger, DeliveryResult, Receipt } from '../../core/messages/delivery';
import { resumeAction } from '../../core/messages/messageState';
import type { HoldReason, MessageState } from '../../core/models';
import type { Clock, CommandConsumer, HookData, PendingCommand } from '../../core/team/ports';
import type { TmuxExecutor } from '../../tmux/delivery/tmuxExecutor';

/** The text in flight to a window, kept where `taco hook` reads it; each write is fenced by the epoch. */
export interface InflightStore {
  set(window: number, id: string, phase: 'typing' | 'typed' | 'entered', text: string): Promise<void>;
  clear(window: number, id: string): Promise<void>;
  /** The durable receipt: what the door did with this command's text. */
  receipt(window: number, id: string): Promise<Receipt | null>;
  /** The message that was last in flight to the window. */
  last(window: number): Promise<{ readonly id: string; readonly text: string } | null>;
}

/** Where a command for a window goes now, or why it must wait. */
export type Route =
  | {
      readonly pane: string;
      readonly profile: AgentProfile;
      readonly executor: TmuxExecutor;
      readonly hooksSay?: 'starting' | 'busy' | null;
    }
  | { readonly held: HoldReason }
  /** It has no receiver any more, nor will it have one. */
  | { readonly gone: string };

export interface CourierOptions {
  readonly consumer: CommandConsumer;
  readonly inflight: InflightStore;
  readonly route: (window: number, pending: PendingCommand) => Route;
  readonly epoch: number;
  /** True while nothing new may be typed into any agent: the budget is used up. */
  readonly isSpent: () => boolean;
  readonly whenBusy: 'queue' | 'hold';
  readonly clock: Clock;
}

/**
 * Takes one command to one pane: finds the pane, gives the executor its ledger, and remembers how far each command
 * got since this process took it over (the queue's record of that is only as new as the last read).
 */
export class Courier {
  private readonly reached = new Map<string, MessageState>();
  private readonly waiters = new Map<string, () => void>();

  constructor(private readonly options: CourierOptions) {}

  /** A hook spoke: whoever waits for a receipt in that window looks at the durable record. */
  onHook(data: HookData): void {
    for (const id of [data.commandId, data.blockedId]) if (id !== undefined) this.waiters.get(id)?.();
  }

  async carry(window: number, pending: PendingCommand, signal: AbortSignal): Promise<DeliveryResult> {
    const { id, type, message } = pending.command;
    const state = this.reached.get(id) ?? pending.state;
    // What was begun is brought to its end.
    if (this.options.isSpent() && resumeAction(state, null) === 'type') return { kind: 'held', reason: 'budget' };
    const route = this.options.route(window, pending);
    if ('held' in route || 'gone' in route) {
      // Perhaps entered, and the pane is no more: only the receipt can tell what became of it.
      const ended = 'gone' in route || route.held === 'exited';
      if (!ended || resumeAction(state, null) !== 'uncertain')
        return 'gone' in route
          ? { kind: 'failed', reason: route.gone, final: true }
          : { kind: 'held', reason: route.held };
      const received = (await this.options.inflight.receipt(window, id)) === 'received';
      this.reached.delete(id); // retried by the person it begins anew
      return received
        ? { kind: 'received' }
        : { kind: 'uncertain', reason: 'the pane ended before the agent confirmed it' };
    }
    const text = type === 'slash' ? message : route.profile.textToType(message);
    const result = await route.executor.deliver(
      {
        id,
        text,
        state,
        mark: `${id}.${pending.streamId}`,
        pane: route.pane,
        profile: type === 'slash' ? { ...route.profile, proof: 'screen' } : route.profile,
        epoch: this.options.epoch,
        whenBusy: this.options.whenBusy,
        interrupt: type === 'tmux_interrupt',
        hooksSay: route.hooksSay,
        ledger: this.ledgerOf(window, id, message, route.profile),
      },
      signal,
    );
    if (
      result.kind === 'received' ||
      result.kind === 'delivered' ||
      result.kind === 'uncertain' ||
      result.kind === 'failed'
    ) {
      this.reached.delete(id);
      if (result.kind === 'failed') await this.options.inflight.clear(window, id);
    } else if (result.kind === 'held' && !signal.aborted) {
      this.reached.set(id, 'held'); // Enter was not pressed, whatever the ledger last said
    }
    return result;
  }

  private ledgerOf(window: number, id: string, message: string, profile: AgentProfile): DeliveryLedger {
    const { consumer, inflight, clock } = this.options;
    return {
      phase: async (state) => {
        this.reached.set(id, state);
        // The door must know the text before the first key, and its phase before the Enter.
        if (state === 'typing' || state === 'typed' || state === 'entered') {
          await Promise.all([inflight.set(window, id, state, message), consumer.phase(id, state)]);
        } else {
          await consumer.phase(id, state);
        }
      },
      receipt: () => inflight.receipt(window, id),
      receiptOrTimeout: async (ms, signal) => {
        const nap = new AbortController();
        const wake = (): void => nap.abort();
        this.waiters.set(id, wake);
        signal?.addEventListener('abort', wake);
        try {
          await clock.sleep(ms, nap.signal);
        } finally {
          this.waiters.delete(id);
          signal?.removeEventListener('abort', wake);
        }
      },
      typedText: async (mark) => {
        const last = await inflight.last(window);
        // A slash command is typed as it is.
        return last && mark.startsWith(`${last.id}.`) ? [profile.textToType(last.text), last.text] : null;
      },
      clearReceipt: () => inflight.clear(window, id),
    };
  }
}
