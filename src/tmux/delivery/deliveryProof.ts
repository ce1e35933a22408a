import type { Clock } from '../../core/base/clock';
import type { Logger } from '../../core/base/logger';
import type { DeliveryResult } from '../../core/messages/delivery';
import { composerTail, matchComposer } from '../../core/messages/inputBoxMatch';
import type { PaneDriver } from '../pane/paneDriver';
import type { ComposerTyping, PaneObservation } from './composerTyping';
import type { DeliveryJob } from './tmuxExecutor';

/** Milliseconds after Enter until Enter is pressed again if the text is still in the input box. */
const ENTER_AGAIN_AFTER = 600;
const ENTER_AGAIN_TIMES = 3;
/** The same interval for a CLI that draws late. */
const ENTER_AGAIN_LATE = 3000;
/**
 * Milliseconds after which an idle agent without hook reports counts as `delivered`, because no receipt will follow.
 */
const HOOK_SILENCE = 10_000;
/** Milliseconds after Enter until an input box that still holds most of the text counts as not submitted. */
const PARTIAL_TIMEOUT = 3000;
/**
 * Milliseconds within which a CLI puts back a text that the prompt check refused. Claude Code 2.1.197 leaves the input
 * box empty.
 */
const PUT_BACK_WITHIN = 1000;
/** Poll intervals after Enter: short at first, then longer (a hook report ends the wait sooner). */
const MIN_POLL_INTERVAL_MS = 15;
const MAX_POLL_INTERVAL_MS = 1000;

/**
 * Confirms a delivery after step 3: sees the text leave the input box (`delivered`), then waits for the receipt of the
 * CLI's hook (`received`).
 */
export class DeliveryProof {
  constructor(
    private readonly panes: PaneDriver,
    private readonly typing: ComposerTyping,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly onNotSubmitted: (sight: PaneObservation) => void,
  ) {}

  async waitForConfirmation(job: DeliveryJob, signal: AbortSignal): Promise<DeliveryResult> {
    const enterAgainAfter = job.profile.typing.patienceMs === undefined ? ENTER_AGAIN_AFTER : ENTER_AGAIN_LATE;
    // A CLI that freezes on a long prompt sends no hook report during that time.
    const hookSilence = Math.max(HOOK_SILENCE, job.profile.typing.patienceMs ?? 0);
    let enteredAt = this.clock.now();
    let again = 0;
    let delivered = job.state === 'delivered';
    let idleSince: number | null = null;
    for (let wait = MIN_POLL_INTERVAL_MS; ; wait = Math.min(wait * 2, MAX_POLL_INTERVAL_MS)) {
      await job.ledger.receiptOrTimeout(wait, signal);
      if (signal.aborted) return { kind: 'held', reason: 'paused' };
      const receipt = await job.ledger.receipt();
      if (receipt === 'received') return { kind: 'received' };
      if (receipt === 'refused') return this.afterRefusal(job);

      const sight = await this.typing.see(job);
      if (!sight || sight.state.dead || sight.state.marker?.id !== job.mark) return this.onPaneLost(job);
      const composer = sight.reading.composer;
      if (!composer) continue; // a dialog opened behind the message: press nothing and wait for the hook report
      const match = matchComposer(composer, job.text);
      if (match === 'exact' || match === 'tail') {
        idleSince = null;
        if (match === 'exact' && again > 0 && endsInEmptyRows(sight)) return this.notSubmitted(job, sight);
        if (this.clock.now() - enteredAt < enterAgainAfter || again >= ENTER_AGAIN_TIMES || sight.state.inMode)
          continue;
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
        // Enter submitted only a part, or became a line end. The rest is TACO's and would be joined with the next
        // message.
        if (this.clock.now() - enteredAt < PARTIAL_TIMEOUT) continue;
        return this.afterRefusal(job);
      }
      if (!delivered) {
        delivered = true;
        await job.ledger.phase('delivered');
        if (job.profile.proof === 'screen') return { kind: 'delivered' };
      }
      // From here on the user may type, so any text in the input box is the user's.
      idleSince = this.isIdle(sight) ? (idleSince ?? this.clock.now()) : null;
      if (idleSince !== null && this.clock.now() - idleSince > hookSilence) return { kind: 'delivered' };
    }
  }

  /** Removes a text of TACO in which Enter made new lines: it is still whole, and nothing submitted it. */
  private async notSubmitted(job: DeliveryJob, sight: PaneObservation): Promise<DeliveryResult> {
    this.log.warn('delivery.not-submitted', { id: job.id, pane: job.pane });
    this.onNotSubmitted(sight);
    const cleared = await this.typing.clear(job);
    if (cleared === 'stale-leader') return { kind: 'stale-leader' };
    const now = cleared === 'empty' || cleared === 'foreign' ? await this.typing.see(job) : null;
    if (now) await this.panes.press(job.pane, [], this.typing.fence(job, now));
    if ((await job.ledger.receipt()) === 'received') return { kind: 'received' };
    return { kind: 'held', reason: 'not-submitting' };
  }

  /** A user's few letters may also occur in a long text, so only a large part of it counts as TACO's. */
  private isMostly({ reading }: PaneObservation, job: DeliveryJob): boolean {
    return (reading.composer?.text.length ?? 0) * 2 > Math.min(job.text.length, 2000);
  }

  private isIdle({ reading }: PaneObservation): boolean {
    return reading.kind === 'ready' && !reading.queued;
  }

  /**
   * Ends a delivery that the prompt check refused as damaged. Some versions put the text back into the input box a
   * little later; it is removed if it is TACO's. The marker is then cleared, so that the next attempt does not take it
   * for its own.
   */
  private async afterRefusal(job: DeliveryJob): Promise<DeliveryResult> {
    const until = this.clock.now() + PUT_BACK_WITHIN;
    let sight = await this.typing.see(job);
    while (sight && sight.reading.composer?.empty !== false && this.clock.now() < until) {
      await this.clock.sleep(MIN_POLL_INTERVAL_MS);
      sight = await this.typing.see(job);
    }
    const cleared = await this.typing.clear(job);
    // Text that cannot be removed yet is still TACO's, and the marker stays to show that to the next attempt.
    const now = cleared === 'empty' || cleared === 'foreign' ? await this.typing.see(job) : null;
    if (now) await this.panes.press(job.pane, [], this.typing.fence(job, now));
    this.log.warn('delivery.refused-at-door', { id: job.id, pane: job.pane, cleared });
    return cleared === 'stale-leader'
      ? { kind: 'stale-leader' }
      : { kind: 'failed', reason: 'the text reached the agent damaged and was refused there' };
  }

  private async onPaneLost(job: DeliveryJob): Promise<DeliveryResult> {
    // A hook that ran just before the end may not have reported yet.
    await job.ledger.receiptOrTimeout(300);
    if ((await job.ledger.receipt()) === 'received') return { kind: 'received' };
    return { kind: 'uncertain', reason: 'the pane ended before the agent confirmed it' };
  }
}

/**
 * Returns whether the input box ends in two empty rows: Enter made new lines. A text of TACO ends in at most one, when
 * it fills its last row.
 */
function endsInEmptyRows({ reading: { composer } }: PaneObservation): boolean {
  return composer?.rows.slice(-2).every((row) => row.trim() === '') === true && composer.rows.length > 2;
}
