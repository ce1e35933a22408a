import type { Composer } from '../../core/agents/agentProfile';
import type { Clock } from '../../core/base/clock';
import type { DeliveryLedger, DeliveryResult } from '../../core/messages/delivery';
import { matchComposer } from '../../core/messages/inputBoxMatch';
import type { HoldReason, MessageState, ResumeAction } from '../../core/messages/messageState';
import { isUnread, matchOwnText, PROBE, type PaneContact } from '../../core/messages/ownText';
import type { HookHold } from '../../core/team/resolveRoute';
import type { PaneDriver } from '../pane/paneDriver';
import type { ComposerTyping, PaneObservation, TypingJob } from './composerTyping';
import type { InputBoxMemory } from './inputBoxMemory';

/** One message for one pane, as passed by its lane. */
export interface DeliveryJob extends TypingJob {
  /** The ledger's last state; after a crash the message may be at any step. */
  readonly state: MessageState;
  /** True: type while the agent works, into its CLI's own queue. False: wait until it is idle. */
  readonly steers: boolean;
  /**
   * Press Escape first to stop the agent's current work. Never while a dialog is open, where Escape would answer it.
   */
  readonly interrupt: boolean;
  /**
   * State according to the hooks, for an agent whose screen may look idle while it is not. Absent or null: the screen
   * decides. Read again before each step: hooks also report while the text is being typed.
   */
  readonly hooksSay?: HookHold | null | undefined;
  /** Why nothing may be entered now (pause, budget, limit), or null. A text that was typed before is taken back. */
  readonly hold?: HoldReason | null;
  readonly ledger: DeliveryLedger;
}

/**
 * Result of the gate: step 1 may begin, or step 3 if the text is already in the input box; otherwise the end of the
 * delivery.
 */
type Opened = DeliveryResult | { kind: 'open'; sight: PaneObservation; composer: 'empty' | 'holds-ours' };

/**
 * Poll interval and count for the input box of a CLI that does not read keys yet. Afterwards the message is held, and
 * its lane tries again a second later.
 */
const FIRST_PIECE_POLL_INTERVAL_MS = 100;
const FIRST_PIECE_POLLS = 8;
/** Milliseconds for which a text of TACO that its CLI put back must stay unchanged before it is removed. */
const PUT_BACK_STAYS = 1500;
/** Milliseconds within which a late hook report arrives. */
const LATE_RECEIPT = 300;
/** Milliseconds after an Escape until a turn that still runs gets another one. */
const ESCAPE_AGAIN_MS = 2000;
/** Milliseconds within which an interrupted agent shows that it has stopped. */
export const AFTER_ESCAPE_MS = 400;

/** Decides whether a message may be typed into its pane now, and clears what TACO left in the input box. */
export class DeliveryGate {
  /** By interrupt: the time of its Escape, and whether the CLI had a queued text then, which it reads next. */
  private readonly escapes = new Map<string, { readonly at: number; readonly queued: boolean }>();
  /** By pane: a text of TACO that its CLI put back, and the time since which it is unchanged. */
  private readonly putBack = new Map<string, { readonly rows: string; readonly since: number }>();

  constructor(
    private readonly panes: PaneDriver,
    private readonly typing: ComposerTyping,
    private readonly memory: InputBoxMemory,
    private readonly clock: Clock,
  ) {}

  /** Decides whether step 1 may begin (or step 3, when the text is already in the input box). */
  async open(job: DeliveryJob, sight: PaneObservation, action: ResumeAction): Promise<Opened> {
    const reason = this.holdReason(job, sight);
    if (reason === 'copy-mode' && !sight.state.watched) {
      await this.panes.leaveMode(job.pane, job.epoch);
      const again = await this.typing.see(job);
      return again && !again.state.inMode ? this.open(job, again, action) : held('copy-mode');
    }
    if (reason) return held(reason);
    const composer = sight.reading.composer;
    if (!composer) return held('no-composer');
    if (job.interrupt && sight.reading.kind === 'busy' && action === 'type') {
      const escape = this.escapes.get(job.mark);
      const isSwallowed = escape && !escape.queued && this.clock.now() - escape.at > ESCAPE_AGAIN_MS;
      if (!escape || isSwallowed) return this.interrupt(job, sight);
      // The CLI went on with a text from its queue: another Escape would stop that one.
      if (!escape.queued || !job.profile.queuesWhileBusy || sight.reading.queued) return held('busy');
    }
    const { contact } = sight.state;
    if (composer.empty && isUnread(contact, this.clock.now())) {
      const seen = await this.watchFirstPiece(job);
      return seen ? this.open(job, seen, action) : held(unread(contact));
    }
    if (composer.empty && action === 'type') return { kind: 'open', sight, composer: 'empty' };
    if (action === 'type') return this.beforeTyping(job, sight, composer);
    const match = matchComposer(composer, job.text);
    if (action === 'enter' && (match === 'exact' || match === 'tail'))
      return { kind: 'open', sight, composer: 'holds-ours' };
    return this.clearAndReopen(job);
  }

  /** Waits for a first piece that the input box does not show yet; returns null when it does not appear in time. */
  private async watchFirstPiece(job: DeliveryJob): Promise<PaneObservation | null> {
    for (let polls = 0; polls < FIRST_PIECE_POLLS; polls++) {
      await this.clock.sleep(FIRST_PIECE_POLL_INTERVAL_MS);
      const sight = await this.typing.see(job);
      if (!sight?.reading.composer?.empty) return sight;
    }
    return null;
  }

  /**
   * Handles an input box that is not empty before step 1. Late probes are TACO's, whatever they were typed for. The
   * message that the pane's marker names is also TACO's while it is unchanged: its CLI put it back when its turn was
   * stopped.
   */
  private async beforeTyping(job: DeliveryJob, sight: PaneObservation, composer: Composer): Promise<Opened> {
    const { contact, pane } = sight.state;
    const text = await this.textPutBack(job, sight, composer);
    if (text === undefined) return contact.owed > 0 ? this.clearAndReopen({ ...job, text: '' }) : held('draft');
    // A user who stopped the turn to change the text starts to edit it within this time.
    const rows = composer.rows.join('\n');
    const before = this.putBack.get(pane);
    if (before?.rows !== rows) this.putBack.set(pane, { rows, since: this.clock.now() });
    if (before?.rows !== rows || this.clock.now() - before.since < PUT_BACK_STAYS) return held('draft');
    this.putBack.delete(pane);
    return this.clearAndReopen({ ...job, text });
  }

  /**
   * Returns the unchanged text of the message that the pane's marker names, if the input box holds it. Probes that are
   * owed may stand behind it: they were typed before the CLI drew it.
   */
  private async textPutBack(
    job: DeliveryJob,
    { state: { contact, marker }, reading }: PaneObservation,
    composer: Composer,
  ): Promise<string | undefined> {
    const texts = marker && reading.kind === 'ready' ? await job.ledger.typedText(marker.id) : null;
    return texts
      ?.flatMap((each) => Array.from({ length: contact.owed + 1 }, (_, probes) => each + PROBE.repeat(probes)))
      .find((each) => {
        const match = matchComposer(composer, each);
        return match === 'exact' || match === 'tail' || (match === 'partial' && marker?.phase !== 'entered');
      });
  }

  /** Clears the text of TACO and the marker before step 1 begins again. */
  private async clearAndReopen(job: DeliveryJob): Promise<Opened> {
    // If a user pressed Enter, the input box is empty and the hook reports it in a moment.
    await job.ledger.receiptOrTimeout(LATE_RECEIPT);
    if ((await job.ledger.receipt()) === 'received') return { kind: 'received' };
    const cleared = await this.typing.clear(job);
    if (cleared === 'stale-leader') return { kind: 'stale-leader' };
    if (cleared === 'foreign') return held('draft');
    if (cleared === 'interrupted') return this.currentHold(job);
    const sight = await this.typing.see(job);
    if (!sight?.reading.composer?.empty) return this.currentHold(job);
    // The marker goes even if there was no text to clear: a stale one would count for this attempt.
    const forgotten = await this.panes.press(job.pane, [], this.typing.fence(job, sight));
    if (forgotten === 'stale-leader') return { kind: 'stale-leader' };
    return forgotten === 'done' ? { kind: 'open', sight, composer: 'empty' } : this.currentHold(job);
  }

  /** Removes a text that an earlier attempt typed, and holds its message: nothing may be entered now. */
  async withdraw(job: DeliveryJob, sight: PaneObservation, reason: HoldReason): Promise<DeliveryResult> {
    const blocked = this.holdReason({ ...job, steers: true }, sight);
    if (blocked) return held(blocked);
    const cleared = await this.clearAndReopen(job);
    return cleared.kind === 'open' ? held(reason) : cleared;
  }

  /** Returns why nothing may be typed into the pane now, or null. */
  holdReason(job: DeliveryJob, sight: PaneObservation): HoldReason | null {
    const { state, reading, isAgent } = sight;
    if (!isAgent) return 'not-the-agent';
    if (state.inMode) return 'copy-mode';
    if (reading.kind === 'dialog' || job.hooksSay === 'dialog') return 'dialog';
    if (reading.kind === 'starting' || job.hooksSay === 'starting') return 'starting';
    if (reading.kind === 'unknown') return 'no-composer';
    const memory = this.memory.holdReason(sight, this.clock.now());
    if (memory !== null) return memory;
    if ((reading.kind === 'busy' || job.hooksSay === 'busy') && !job.interrupt) {
      // The CLI gets one message at a time while it works, because it joins queued ones into one prompt.
      if (!job.steers || reading.queued) return 'busy';
    }
    return null;
  }

  /** Forgets the Escape of an interrupt whose text was entered. */
  onEntered({ mark }: TypingJob): void {
    this.escapes.delete(mark);
  }

  /**
   * Presses Escape first. Some versions put the unanswered prompt back into the input box. The box was empty before, so
   * this text is no draft and is removed. A later attempt types the message, when the agent is idle.
   */
  private async interrupt(job: DeliveryJob, sight: PaneObservation): Promise<DeliveryResult> {
    if (!sight.reading.composer?.empty) return held('draft');
    const outcome = await this.panes.press(
      job.pane,
      ['Escape'],
      this.typing.fence(job, sight, undefined, sight.reading.composer.anchor),
    );
    if (outcome === 'stale-leader') return { kind: 'stale-leader' };
    if (outcome === 'done') {
      this.escapes.set(job.mark, { at: this.clock.now(), queued: sight.reading.queued });
      await this.clock.sleep(AFTER_ESCAPE_MS);
      const cleared = await this.typing.clear(job, () => true);
      if (cleared === 'stale-leader') return { kind: 'stale-leader' };
    }
    return held('busy');
  }

  /** Returns the current reason to hold a delivery that had to stop midway. */
  async currentHold(job: DeliveryJob): Promise<DeliveryResult> {
    const sight = await this.typing.see(job);
    if (!sight || sight.state.dead) return held('exited');
    const reason = this.holdReason(job, sight);
    if (reason) return held(reason);
    const { composer } = sight.reading;
    const { contact, marker } = sight.state;
    const isDraft =
      composer?.empty === false &&
      matchOwnText(composer, marker?.id === job.mark ? job.text : '', contact.owed) === 'foreign';
    return held(isDraft ? 'draft' : unread(contact));
  }
}

/** Returns why an empty input box must wait: its process never read a key, or does not read keys now. */
function unread({ proven }: PaneContact): HoldReason {
  return proven ? 'no-composer' : 'starting';
}

export function held(reason: HoldReason): DeliveryResult {
  return { kind: 'held', reason };
}
