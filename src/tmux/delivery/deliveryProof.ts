import type { DeliveryResult } from '../../core/messages/delivery';
import { composerTail, matchComposer } from '../../core/messages/inputBoxMatch';
import type { Clock, Logger } from '../../core/team/ports';
import type { PaneDriver } from '../pane/paneDriver';
import type { ComposerTyping, PaneObservation } from './composerTyping';
import type { DeliveryJob } from './tmuxExecutor';

/** Text that still stands in the composer this long after Enter gets Enter again, milliseconds. */
const ENTER_AGAIN_AFTER = 600;
const ENTER_AGAIN_TIMES = 3;
/** The same for a CLI that draws late. */
const ENTER_AGAIN_LATE = 3000;
/** An idle agent that has the text and whose hooks say nothing for this long: `delivered` is all there will be. */
const HOOK_SILENCE = 10_000;
/** A composer that keeps most of the text, but not all, for this long after Enter has not submitted it. */
const PARTIAL_TIMEOUT = 3000;
/** A text that the door refused is back in the composer by then, milliseconds; 2.1.197 leaves it empty. */
const PUT_BACK_WITHIN = 1000;
/** Looks after Enter: quick at first, then no more than needed (the hook wakes us sooner). */
const FIRST_LOOK = 15;
const SLOWEST_LOOK = 1000;

/** After step 3: sees the text leave the composer (`delivered`), then waits for the CLI's own word (`received`). */
export class DeliveryProof {
  constructor(
    private readonly panes: PaneDriver,
    private readonly typing: ComposerTyping,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async waitForConfirmation(job: DeliveryJob, signal: AbortSignal): Promise<DeliveryResult> {
    const enterAgainAfter = job.profile.typing.patienceMs === undefined ? ENTER_AGAIN_AFTER : ENTER_AGAIN_LATE;
    // One that freezes on a long prompt says nothing for as long.
    const hookSilence = Math.max(HOOK_SILENCE, job.profile.typing.patienceMs ?? 0);
    let enteredAt = this.clock.now();
    let again = 0;
    let delivered = job.state === 'delivered';
    let idleSince: number | null = null;
    for (let wait = FIRST_LOOK; ; wait = Math.min(wait * 2, SLOWEST_LOOK)) {
      await job.ledger.receiptOrTimeout(wait, signal);
      if (signal.aborted) return { kind: 'held', reason: 'paused' };
      const receipt = await job.ledger.receipt();
      if (receipt === 'received') return { kind: 'received' };
      if (receipt === 'refused') return this.afterRefusal(job);

      const sight = await this.typing.see(job);
      if (!sight || sight.look.dead || sight.look.marker?.id !== job.mark) return this.onPaneLost(job);
      const composer = sight.reading.composer;
      if (!composer) continue; // a dialog came up behind the message: nothing is pressed, the hook will tell
      const match = matchComposer(composer, job.text);
      if (match === 'exact' || match === 'tail') {
        idleSince = null;
        if (this.clock.now() - enteredAt < enterAgainAfter || again >= ENTER_AGAIN_TIMES || sight.look.inMode) continue;
        again += 1;
        this.log.warn('delivery.enter-again', { id: job.id, pane: job.pane, again });
        const outcome = await this.panes.enter(
          job.pane,
          job.profile.typing.submitKey,
          job.mark,
          this.typing.fence(job, sight, composerTail(composer)),
        );
        if (outcome === 'stale-leader') return { kind: 'stale-leader' };
        enteredAt = this.clock.now();
        continue;
      }
      if (!delivered && match === 'partial' && this.isMostly(sight, job)) {
        // Enter took only a part, or became a line end: what is left is ours and would be glued to the next message.
        if (this.clock.now() - enteredAt < PARTIAL_TIMEOUT) continue;
        return this.afterRefusal(job);
      }
      if (!delivered) {
        delivered = true;
        await job.ledger.phase('delivered');
        if (job.profile.proof === 'screen') return { kind: 'delivered' };
      }
      // From here on a person may type: whatever the composer shows is theirs.
      idleSince = this.isIdle(sight) ? (idleSince ?? this.clock.now()) : null;
      if (idleSince !== null && this.clock.now() - idleSince > hookSilence) return { kind: 'delivered' };
    }
  }

  /** A person's few letters can be found in a long text too: only a large part of it counts as ours. */
  private isMostly({ reading }: PaneObservation, job: DeliveryJob): boolean {
    return (reading.composer?.text.length ?? 0) * 2 > Math.min(job.text.length, 2000);
  }

  private isIdle({ reading }: PaneObservation): boolean {
    return reading.kind === 'ready' && !reading.queued;
  }

  /**
   * The door kept a damaged text from the model. Some versions put it back into the composer, a little later: removed if it
   * is ours. Then the marker goes: the next attempt must not take it for its own.
   */
  private async afterRefusal(job: DeliveryJob): Promise<DeliveryResult> {
    const until = this.clock.now() + PUT_BACK_WITHIN;
    let sight = await this.typing.see(job);
    while (sight && sight.reading.composer?.empty !== false && this.clock.now() < until) {
      await this.clock.sleep(FIRST_LOOK);
      sight = await this.typing.see(job);
    }
    const cleared = await this.typing.clear(job);
    // What could not be removed yet is ours still, and the marker says so to the next attempt.
    const now = cleared === 'empty' || cleared === 'foreign' ? await this.typing.see(job) : null;
    if (now) await this.panes.press(job.pane, [], this.typing.fence(job, now));
    this.log.warn('delivery.refused-at-door', { id: job.id, pane: job.pane, cleared });
    return cleared === 'stale-leader'
      ? { kind: 'stale-leader' }
      : { kind: 'failed', reason: 'the text reached the agent damaged and was refused there' };
  }

  private async onPaneLost(job: DeliveryJob): Promise<DeliveryResult> {
    // A hook that ran just before the end may still be on its way.
    await job.ledger.receiptOrTimeout(300);
    if ((await job.ledger.receipt()) === 'received') return { kind: 'received' };
    return { kind: 'uncertain', reason: 'the pane ended before the agent confirmed it' };
  }
}
