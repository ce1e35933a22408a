import type { AgentProfile } from '../../core/agents/agentProfile';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import { cleanText } from '../../core/base/sanitizeText';
import { windowOfTarget } from '../../core/messages/address';
import type { DeliveryLedger, DeliveryResult } from '../../core/messages/delivery';
import { type HoldReason, type MessageState, resumeAction } from '../../core/messages/messageState';
import type { CommandConsumer, PendingCommand } from '../../core/team/ports';
import type { RedisInflightStore } from '../../redis/queue/inFlightStore';
import type { TmuxExecutor } from '../../tmux/delivery/tmuxExecutor';
import type { AgentManager } from '../agents/agentManager';

export interface CourierOptions {
  readonly consumer: CommandConsumer;
  /** The text in flight to a window, where `taco hook` reads it. */
  readonly inflight: Pick<RedisInflightStore, 'set' | 'clear' | 'receipt' | 'last'>;
  readonly executor: Pick<TmuxExecutor, 'deliver'>;
  readonly agents: Pick<AgentManager, 'route'>;
  readonly epoch: number;
  /** Returns why nothing new may be typed into an agent now: the budget is spent, its account is limited. */
  readonly holdOf: (window: number) => HoldReason | null;
  readonly whenBusy: 'queue' | 'hold';
  /** Called when the agent's hooks did not report a message that left the input box. */
  readonly onUnproven: (window: number) => void;
  readonly clock: Clock;
}

/**
 * Takes one command to its receiver: to the user's inbox, or into an agent's pane. For a pane it resolves the route,
 * gives the executor its ledger, and records each command's progress in this process. The queue's own record is only
 * as new as the last read.
 */
export class Courier {
  private readonly reached = new Map<string, MessageState>();
  private readonly waiters = new Map<string, () => void>();

  constructor(private readonly options: CourierOptions) {}

  /** Wakes the deliveries that wait for a receipt in that window; they then read the durable record. */
  onHook(data: HookData): void {
    for (const id of [data.commandId, data.blockedId]) if (id !== undefined) this.waiters.get(id)?.();
  }

  /** Delivers a command as far as possible now; see `TmuxExecutor.deliver`. `ended`: the command has ended already. */
  async carry(pending: PendingCommand, signal: AbortSignal): Promise<DeliveryResult | { readonly kind: 'ended' }> {
    const window = windowOfTarget(pending.command.target);
    if (window !== null) return this.carryToPane(window, pending, signal);
    await this.options.consumer.deliverToUser(pending);
    return { kind: 'ended' };
  }

  private async carryToPane(window: number, pending: PendingCommand, signal: AbortSignal): Promise<DeliveryResult> {
    const { agents, executor, inflight } = this.options;
    const { id, type, message } = pending.command;
    const state = pending.state === 'dropped' ? pending.state : (this.reached.get(id) ?? pending.state);
    // A delivery that has begun is completed.
    const hold = resumeAction(state, null) === 'type' ? this.options.holdOf(window) : null;
    if (hold !== null) return { kind: 'held', reason: hold };
    const route = agents.route(window, type);
    if ('held' in route || 'gone' in route) {
      if (state === 'dropped') return { kind: 'dropped' };
      // The text may have been entered before the pane ended: only the receipt can prove it.
      const ended = 'gone' in route || route.held === 'exited';
      if (!ended || resumeAction(state, null) !== 'uncertain')
        return 'gone' in route
          ? { kind: 'failed', reason: route.gone, final: true }
          : { kind: 'held', reason: route.held };
      const received = (await inflight.receipt(window, id)) === 'received';
      this.reached.delete(id); // a retry by the user starts from the beginning
      return received
        ? { kind: 'received' }
        : { kind: 'uncertain', reason: 'the pane ended before the agent confirmed it' };
    }
    const text = type === 'slash' ? slashToType(route.profile, message) : route.profile.textToType(message);
    const result = await executor.deliver(
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
      if (result.kind === 'delivered' && type !== 'slash' && route.profile.proof === 'hook')
        this.options.onUnproven(window);
      this.reached.delete(id);
      if (result.kind === 'failed' || result.kind === 'dropped') await inflight.clear(window, id);
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
