import type { AgentProfile } from '../../core/agents/agentProfile';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import { cleanText } from '../../core/base/sanitizeText';
import { windowOfTarget } from '../../core/messages/address';
import type { DeliveryLedger, DeliveryResult } from '../../core/messages/delivery';
import { type MessageState, resumeAction } from '../../core/messages/messageState';
import { describeReading, isSettled } from '../../core/messages/readingNote';
import { mayBeTypedWhileBusy, type WhenBusy } from '../../core/messages/whenBusy';
import type { CommandConsumer, PendingCommand } from '../../core/team/ports';
import { afterEnd } from '../../tmux/delivery/deliveryProof';
import type { TmuxExecutor } from '../../tmux/delivery/tmuxExecutor';
import type { AgentManager } from '../agents/agentManager';
import type { SilentHooks } from '../agents/silentHooks';
import type { Conversations } from '../conversations/conversations';
import type { TeamHolds } from '../limits/teamHolds';
import { Receipts, type InflightStore } from './receipts';

export interface CourierOptions {
  readonly consumer: CommandConsumer;
  /** The text in flight to a window, where `taco hook` reads it. */
  readonly inflight: InflightStore;
  readonly conversations: Pick<Conversations, 'progress' | 'onHook' | 'isReadable'>;
  readonly executor: Pick<TmuxExecutor, 'deliver'>;
  readonly agents: Pick<AgentManager, 'route' | 'profileOf'>;
  readonly epoch: number;
  readonly holds: Pick<TeamHolds, 'holdOf'>;
  readonly whenBusy: WhenBusy;
  readonly silentHooks: Pick<SilentHooks, 'onUnproven'>;
  readonly clock: Clock;
  /** Aborted when this leader's work ends. */
  readonly ended: AbortSignal;
}

/** Interval and number of checks for what the model does after it read a message: the model may think for minutes. */
const AMEND_POLL_MS = 1000;
const AMEND_POLLS = 900;

/**
 * Takes one command to its receiver: to the user's inbox, or into an agent's pane. For a pane it resolves the route,
 * gives the executor its ledger, and records each command's progress in this process. The queue's own record is only
 * as new as the last read.
 */
export class Courier {
  private readonly reached = new Map<string, MessageState>();
  private readonly waiters = new Map<string, () => void>();

  private readonly receipts: Receipts;
  /** Ids of messages that waited in their CLI's own queue. */
  private readonly steered = new Set<string>();

  constructor(private readonly options: CourierOptions) {
    this.receipts = new Receipts(options.inflight, options.conversations);
  }

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
    const { agents, executor } = this.options;
    const { id, type, message } = pending.command;
    const state = pending.state === 'dropped' ? pending.state : (this.reached.get(id) ?? pending.state);
    const hold = state === 'dropped' ? null : this.options.holds.holdOf(window, pending.command);
    // The executor takes back a text that is in the input box already.
    if (hold !== null && state !== 'typing' && resumeAction(state, null) === 'type')
      return { kind: 'held', reason: hold };
    const route = agents.route(window, type);
    if ('held' in route || 'gone' in route) {
      if (state === 'dropped') return { kind: 'dropped' };
      // The text may have been entered before the pane ended: only the receipt can prove it.
      const ended = 'gone' in route || route.held === 'exited';
      if (!ended || resumeAction(state, null) !== 'uncertain')
        return 'gone' in route
          ? { kind: 'failed', reason: route.gone, final: true }
          : { kind: 'held', reason: route.held };
      this.reached.delete(id); // a retry by the user starts from the beginning
      return afterEnd(this.ledgerOf(window, id, message, agents.profileOf(window)));
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
        steers:
          mayBeTypedWhileBusy(pending.command, this.options.whenBusy, route.profile) &&
          (!route.profile.readConversation || (await this.options.conversations.isReadable(window))),
        interrupt: type === 'tmux_interrupt',
        get hooksSay() {
          const now = agents.route(window, type);
          if ('pane' in now) return now.hooksSay;
          return 'held' in now && now.held === 'starting' ? 'starting' : route.hooksSay;
        },
        hold,
        ledger: this.ledgerOf(window, id, message, route.profile),
      },
      signal,
    );
    if (result.kind === 'received' && route.profile.readConversation) return this.withNote(window, id, message);
    if (result.kind === 'waiting') this.steered.add(id);
    if (
      result.kind === 'received' ||
      result.kind === 'delivered' ||
      result.kind === 'uncertain' ||
      result.kind === 'failed' ||
      result.kind === 'dropped'
    ) {
      const isUnproven = result.kind === 'delivered' && type !== 'slash' && route.profile.proof === 'hook';
      // A user's own hook may keep from the model what TACO's hook has heard.
      if (isUnproven && !this.receipts.isHeard(id)) this.options.silentHooks.onUnproven(window);
      this.reached.delete(id);
      if (result.kind === 'failed' || result.kind === 'dropped') await this.receipts.clear(window, id);
      else this.receipts.forget(id);
    } else if (result.kind === 'held' && !signal.aborted) {
      this.reached.set(id, 'held'); // Enter was not pressed, whatever the ledger's last state is
    }
    return result;
  }

  /** Ends a message that was read while its agent worked: its receipt says where. */
  private async withNote(window: number, id: string, message: string): Promise<DeliveryResult> {
    this.reached.delete(id);
    const wasQueued = this.steered.delete(id);
    const reading = await this.receipts.reading(window, id, message);
    // An idle agent reads a message at once.
    if (reading === null || (reading.began && !wasQueued)) {
      this.receipts.forget(id);
      return { kind: 'received' };
    }
    if (isSettled(reading)) this.receipts.forget(id);
    else void this.amendLater(window, id, message);
    return { kind: 'received', receipt: describeReading(reading) };
  }

  /** Completes the receipt once the model's next call, or the end of its turn, is known. */
  private async amendLater(window: number, id: string, message: string): Promise<void> {
    const { clock, consumer, ended } = this.options;
    for (let polls = 0; polls < AMEND_POLLS && !ended.aborted; polls++) {
      await clock.sleep(AMEND_POLL_MS, ended);
      const reading = await this.receipts.reading(window, id, message).catch(() => null);
      if (reading === null || !isSettled(reading)) continue;
      await consumer.amend(id, describeReading(reading)).catch(() => undefined);
      break;
    }
    this.receipts.forget(id);
  }

  private ledgerOf(window: number, id: string, message: string, profile: AgentProfile | undefined): DeliveryLedger {
    const { consumer, inflight, clock } = this.options;
    const { receipts } = this;
    return {
      phase: async (state) => {
        this.reached.set(id, state);
        // The prompt check needs the text before the first key, and its phase before Enter.
        if (state === 'typing' || state === 'typed' || state === 'entered') {
          const [, lives] = await Promise.all([
            receipts.set(window, id, state, message, clock.now()),
            consumer.phase(id, state),
          ]);
          return lives;
        }
        return consumer.phase(id, state);
      },
      receipt: () => receipts.receipt(window, id, message, profile),
      conversation: () =>
        profile?.readConversation ? receipts.conversation(window, id, message) : Promise.resolve(null),
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
        const typed = (await inflight.typed(window)).find((each) => mark.startsWith(`${each.id}.`));
        return typed && profile ? [profile.textToType(typed.text), slashToType(profile, typed.text)] : null;
      },
      clearReceipt: () => receipts.clear(window, id),
    };
  }
}

function slashToType(profile: AgentProfile, command: string): string {
  return profile.slashToType?.(command) ?? `${cleanText(command).trim()} `;
}
