import type { AgentProfile } from '../../core/agents/agentProfile';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import { cleanText } from '../../core/base/sanitizeText';
import type { DeliveryLedger, DeliveryResult, Receipt } from '../../core/messages/delivery';
import { type HoldReason, type MessageState, resumeAction } from '../../core/messages/messageState';
import type { CommandConsumer, PendingCommand } from '../../core/team/ports';
import type { TmuxExecutor } from '../../tmux/delivery/tmuxExecutor';

/** Stores the text in flight to a window where `taco hook` reads it; each write is fenced by the epoch. */
interface InflightStore {
  set(window: number, id: string, phase: 'typing' | 'typed' | 'entered', text: string): Promise<void>;
  clear(window: number, id: string): Promise<void>;
  /** Returns the durable receipt: the prompt check's result for this command's text. */
  receipt(window: number, id: string): Promise<Receipt | null>;
  /** Returns the message that was last in flight to the window. */
  last(window: number): Promise<{ readonly id: string; readonly text: string } | null>;
}

/** The decision where a command for a window goes now, or why it must wait. */
export type Route =
  | {
      readonly pane: string;
      readonly profile: AgentProfile;
      readonly executor: TmuxExecutor;
      readonly hooksSay?: 'starting' | 'busy' | null;
    }
  | { readonly held: HoldReason }
  /** The receiver does not exist any more and never will. */
  | { readonly gone: string };

export interface CourierOptions {
  readonly consumer: CommandConsumer;
  readonly inflight: InflightStore;
  readonly route: (window: number, pending: PendingCommand) => Route;
  readonly epoch: number;
  /** Returns why nothing new may be typed into an agent now: the budget is spent, its account is limited. */
  readonly holdOf: (window: number, pending: PendingCommand) => HoldReason | null;
  readonly whenBusy: 'queue' | 'hold';
  readonly clock: Clock;
}

/**
 * Takes one command to one pane. It finds the pane, gives the executor its ledger, and records each command's
 * progress in this process. The queue's own record is only as new as the last read.
 */
export class Courier {
  private readonly reached = new Map<string, MessageState>();
  private readonly waiters = new Map<string, () => void>();

  constructor(private readonly options: CourierOptions) {}

  /** Wakes the deliveries that wait for a receipt in that window; they then read the durable record. */
  onHook(data: HookData): void {
    for (const id of [data.commandId, data.blockedId]) if (id !== undefined) this.waiters.get(id)?.();
  }

  async carry(window: number, pending: PendingCommand, signal: AbortSignal): Promise<DeliveryResult> {
    const { id, type, message } = pending.command;
    const state = pending.state === 'dropped' ? pending.state : (this.reached.get(id) ?? pending.state);
    // A delivery that has begun is completed.
    const hold = resumeAction(state, null) === 'type' ? this.options.holdOf(window, pending) : null;
    if (hold !== null) return { kind: 'held', reason: hold };
    const route = this.options.route(window, pending);
    if ('held' in route || 'gone' in route) {
      if (state === 'dropped') return { kind: 'dropped' };
      // The text may have been entered before the pane ended: only the receipt can prove it.
      const ended = 'gone' in route || route.held === 'exited';
      if (!ended || resumeAction(state, null) !== 'uncertain')
        return 'gone' in route
          ? { kind: 'failed', reason: route.gone, final: true }
          : { kind: 'held', reason: route.held };
      const received = (await this.options.inflight.receipt(window, id)) === 'received';
      this.reached.delete(id); // a retry by the user starts from the beginning
      return received
        ? { kind: 'received' }
        : { kind: 'uncertain', reason: 'the pane ended before the agent confirmed it' };
    }
    const text = type === 'slash' ? slashToType(route.profile, message) : route.profile.textToType(message);
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
      result.kind === 'failed' ||
      result.kind === 'dropped'
    ) {
      this.reached.delete(id);
      if (result.kind === 'failed' || result.kind === 'dropped') await this.options.inflight.clear(window, id);
    } else if (result.kind === 'held' && !signal.aborted) {
      this.reached.set(id, 'held'); // Enter was not pressed, whatever the ledger's last state is
    }
    return result;
  }

  private ledgerOf(window: number, id: string, message: string, profile: AgentProfile): DeliveryLedger {
    const { consumer, inflight, clock } = this.options;
    return {
      phase: async (state) => {
        this.reached.set(id, state);
        // The prompt check needs the text before the first key, and its phase before Enter.
        if (state === 'typing' || state === 'typed' || state === 'entered') {
          const [, lives] = await Promise.all([inflight.set(window, id, state, message), consumer.phase(id, state)]);
          return lives;
        }
        return consumer.phase(id, state);
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
        return last && mark.startsWith(`${last.id}.`)
          ? [profile.textToType(last.text), slashToType(profile, last.text)]
          : null;
      },
      clearReceipt: () => inflight.clear(window, id),
    };
  }
}

function slashToType(profile: AgentProfile, command: string): string {
  return profile.slashToType?.(command) ?? `${cleanText(command).trim()} `;
}
