import type { Clock } from '../../core/base/clock';
import { STEP_DELAY_MS } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { DeliveryLedger, DeliveryResult } from '../../core/messages/delivery';
import { composerTail, matchComposer } from '../../core/messages/inputBoxMatch';
import { type HoldReason, type MessageState, resumeAction, type ResumeAction } from '../../core/messages/messageState';
import { isUnread, matchOwnText, type PaneContact } from '../../core/messages/ownText';
import type { PaneDriver } from '../pane/paneDriver';
import { ComposerTyping, type PaneObservation, type TypingJob } from './composerTyping';
import { afterEnd, DeliveryProof } from './deliveryProof';
import { ForceRedraw } from './forceRedraw';
import { InputBoxMemory } from './inputBoxMemory';

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
   * decides.
   */
  readonly hooksSay?: 'starting' | 'busy' | null | undefined;
  readonly ledger: DeliveryLedger;
}

/**
 * Result of the gate: step 1 may begin, or step 3 if the text is already in the input box; otherwise the end of the
 * delivery.
 */
type Opened = DeliveryResult | { kind: 'open'; sight: PaneObservation; composer: 'empty' | 'holds-ours' };

const TYPING_ROUNDS = 3;
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
/** Milliseconds within which an interrupted agent shows that it has stopped. */
const AFTER_ESCAPE = 400;

/**
 * Runs the three steps (text, 0.2 s, Enter), with a gate before and a proof after them. The order never changes and no
 * step is skipped. Each step runs in one tmux command list with its marker and behind the fence. A hold types nothing
 * and never leaves typed text that a user could take for their own.
 */
export class TmuxExecutor {
  private readonly typing: ComposerTyping;
  private readonly proof: DeliveryProof;
  private readonly redraw: ForceRedraw;
  private readonly memory = new InputBoxMemory();
  /** By pane: a text of TACO that its CLI put back, and the time since which it is unchanged. */
  private readonly putBack = new Map<string, { readonly rows: string; readonly since: number }>();
  constructor(
    private readonly panes: PaneDriver,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.typing = new ComposerTyping(panes, clock);
    this.redraw = new ForceRedraw(panes, clock, log);
    this.proof = new DeliveryProof(panes, this.typing, clock, log, (sight) =>
      this.memory.onNotSubmitted(sight, clock.now()),
    );
  }

  /**
   * Delivers one message as far as possible now. The result, the ledger and the pane's marker hold the complete state
   * afterwards.
   */
  async deliver(job: DeliveryJob, signal: AbortSignal): Promise<DeliveryResult> {
    const sight = await this.typing.see(job);
    const alive = sight !== null && !sight.state.dead;
    const marker = alive ? sight.state.marker : null;
    const action = resumeAction(job.state, marker?.id === job.mark ? marker.phase : null);
    if (action === 'nothing') return this.dropped(job);
    // The user may have pressed Enter on TACO's held text; then the receipt exists already.
    if (action !== 'type' && (await job.ledger.receipt()) === 'received') return { kind: 'received' };
    if (action === 'uncertain') return alive ? this.proof.waitForConfirmation(job, signal) : afterEnd(job.ledger);
    if (!alive) return held('exited');
    if (action === 'book-keep') return this.proof.waitForConfirmation(job, signal);

    if (sight.isAgent && job.profile.isSuspended?.(sight.state.screen)) this.continueProcess(sight);
    const gate = await this.gate(job, sight, action);
    if (
      gate.kind === 'held' &&
      (gate.reason === 'no-composer' || (gate.reason === 'draft' && marker?.id === job.mark))
    ) {
      await this.redraw.onUnreadable(sight.state, this.typing.fence(job, sight));
    }
    if (gate.kind !== 'open') return gate;
    this.redraw.onReadable(job.pane);
    const entered =
      gate.composer === 'holds-ours' ? await this.resume(job, gate.sight) : await this.typeAndEnter(job, gate.sight);
    return entered === 'entered' ? this.proof.waitForConfirmation(job, signal) : entered;
  }

  /** Presses Escape only if the agent is seen to work; returns true when it has stopped. A user's draft stays. */
  async stopWork(target: Pick<TypingJob, 'pane' | 'profile' | 'epoch'>): Promise<boolean> {
    const job: TypingJob = { ...target, id: '', mark: '', text: '' };
    const sight = await this.typing.see(job);
    if (!sight || sight.state.dead || sight.state.inMode || sight.reading.kind !== 'busy' || !sight.isAgent)
      return false;
    const outcome = await this.panes.press(
      target.pane,
      ['Escape'],
      this.typing.fence(job, sight, undefined, sight.reading.composer?.anchor),
    );
    if (outcome !== 'done') return false;
    await this.clock.sleep(AFTER_ESCAPE);
    if (sight.reading.composer?.empty) await this.typing.clear(job, () => true);
    return (await this.typing.see(job))?.reading.kind === 'ready';
  }

  /** Decides whether step 1 may begin (or step 3, when the text is already in the input box). */
  private async gate(job: DeliveryJob, sight: PaneObservation, action: ResumeAction): Promise<Opened> {
    const reason = this.holdReason(job, sight);
    if (reason === 'copy-mode' && !sight.state.watched) {
      await this.panes.leaveMode(job.pane, job.epoch);
      const again = await this.typing.see(job);
      return again && !again.state.inMode ? this.gate(job, again, action) : held('copy-mode');
    }
    if (reason) return held(reason);
    const composer = sight.reading.composer;
    if (!composer) return held('no-composer');
    if (job.interrupt && sight.reading.kind === 'busy' && action === 'type') return this.interrupt(job, sight);
    const { contact } = sight.state;
    if (composer.empty && isUnread(contact, this.clock.now())) {
      const seen = await this.watchFirstPiece(job);
      return seen ? this.gate(job, seen, action) : held(unread(contact));
    }
    if (composer.empty && action === 'type') return { kind: 'open', sight, composer: 'empty' };
    if (action === 'type') return this.beforeTyping(job, sight);
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
  private async beforeTyping(job: DeliveryJob, sight: PaneObservation): Promise<Opened> {
    const { contact, marker, pane } = sight.state;
    if (contact.owed > 0) return this.clearAndReopen({ ...job, text: '' });
    const { composer } = sight.reading;
    const texts = composer && marker && sight.reading.kind === 'ready' ? await job.ledger.typedText(marker.id) : null;
    const text = texts?.find((each) => {
      const match = composer ? matchComposer(composer, each) : 'foreign';
      return match === 'exact' || match === 'tail' || (match === 'partial' && marker?.phase !== 'entered');
    });
    if (text === undefined || !composer) return held('draft');
    // A user who stopped the turn to change the text starts to edit it within this time.
    const rows = composer.rows.join('\n');
    const before = this.putBack.get(pane);
    if (before?.rows !== rows) this.putBack.set(pane, { rows, since: this.clock.now() });
    if (before?.rows !== rows || this.clock.now() - before.since < PUT_BACK_STAYS) return held('draft');
    this.putBack.delete(pane);
    return this.clearAndReopen({ ...job, text });
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

  /** Continues a CLI that the user suspended: no shell in its pane would do that. */
  private continueProcess({ state: { pane, pid } }: PaneObservation): void {
    this.log.info('delivery.continue', { pane, pid });
    try {
      // The whole group of the pane: a wrapper script may have started the CLI.
      process.kill(-pid, 'SIGCONT');
    } catch (error) {
      this.log.debug('delivery.continue', { pane, error: errorMessage(error) });
    }
  }

  private holdReason(job: DeliveryJob, sight: PaneObservation): HoldReason | null {
    const { state, reading, isAgent } = sight;
    if (!isAgent) return 'not-the-agent';
    if (state.inMode) return 'copy-mode';
    if (reading.kind === 'dialog') return 'dialog';
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
      await this.clock.sleep(AFTER_ESCAPE);
      const cleared = await this.typing.clear(job, () => true);
      if (cleared === 'stale-leader') return { kind: 'stale-leader' };
    }
    return held('busy');
  }

  private async typeAndEnter(job: DeliveryJob, first: PaneObservation): Promise<DeliveryResult | 'entered'> {
    let sight = first;
    await job.ledger.clearReceipt();
    if (!(await job.ledger.phase('typing'))) return this.dropped(job);
    for (let round = 1; round <= TYPING_ROUNDS; round++) {
      const result = await this.typing.type(job, sight);
      if (result.kind === 'stale-leader') return result;
      if (result.kind === 'typed') {
        await this.typedMark(job, sight);
        const recorded = job.ledger.phase('typed');
        // Step 2. The check of the typed text above runs within this wait, so it adds no time.
        await this.clock.sleep(Math.max(0, STEP_DELAY_MS - (this.clock.now() - result.typedAt)));
        await recorded;
        return this.enter(job);
      }
      if (result.kind === 'interrupted') return this.currentHold(job);
      this.log.warn('delivery.damaged', { id: job.id, pane: job.pane, round });
      const cleared = await this.typing.clear(job);
      if (cleared === 'stale-leader') return { kind: 'stale-leader' };
      if (cleared !== 'empty') return this.currentHold(job);
      const again = await this.typing.see(job);
      if (!again) return held('exited');
      sight = again;
    }
    return { kind: 'failed', reason: 'the text did not arrive whole in the composer' };
  }

  private async typedMark(job: DeliveryJob, sight: PaneObservation): Promise<void> {
    await this.panes.markTyped(job.pane, job.mark, this.typing.fence(job, sight));
  }

  /** Continues after a crash or a hold that left the text typed: waits the full 0.2 s again, then presses Enter. */
  private async resume(job: DeliveryJob, sight: PaneObservation): Promise<DeliveryResult | 'entered'> {
    await job.ledger.clearReceipt();
    if (!(await job.ledger.phase('typed'))) return this.dropped(job);
    await this.typedMark(job, sight);
    await this.clock.sleep(STEP_DELAY_MS);
    return this.enter(job);
  }

  /** Ends a message that the user dropped: removes its text from the input box while that is possible. */
  private async dropped(job: DeliveryJob): Promise<DeliveryResult> {
    const sight = await this.typing.see(job);
    if (sight?.isAgent && !sight.state.dead && sight.state.marker?.id === job.mark && sight.reading.composer) {
      const cleared = await this.typing.clear(job);
      const now = cleared === 'empty' ? await this.typing.see(job) : null;
      if (now) await this.panes.press(job.pane, [], this.typing.fence(job, now));
    }
    return { kind: 'dropped' };
  }

  /** Step 3: presses Enter only if the input box holds the whole text and nothing covers it. */
  private async enter(job: DeliveryJob): Promise<DeliveryResult | 'entered'> {
    const sight = await this.typing.see(job);
    const composer = sight?.reading.composer;
    if (!sight || !composer || this.holdReason({ ...job, interrupt: true }, sight)) return this.currentHold(job);
    const match = matchComposer(composer, job.text);
    if (match !== 'exact' && match !== 'tail') return this.currentHold(job);
    const outcome = await this.panes.enter(
      job.pane,
      job.profile.typing.submitKey,
      job.mark,
      this.typing.fence(job, sight, composerTail(composer)),
    );
    if (outcome === 'stale-leader') return { kind: 'stale-leader' };
    if (outcome === 'changed') return this.currentHold(job);
    await job.ledger.phase('entered');
    return 'entered';
  }

  /** Returns the current reason to hold a delivery that had to stop midway. */
  private async currentHold(job: DeliveryJob): Promise<DeliveryResult> {
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

function held(reason: HoldReason): DeliveryResult {
  return { kind: 'held', reason };
}
