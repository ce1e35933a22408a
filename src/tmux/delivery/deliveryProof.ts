import type { Clock } from '../../core/base/clock';
import type { Logger } from '../../core/base/logger';
import { QUEUED_IN_CLI, type DeliveryLedger, type DeliveryResult } from '../../core/messages/delivery';
import { composerTail, matchComposer } from '../../core/messages/inputBoxMatch';
import type { PaneDriver } from '../pane/paneDriver';
import type { ComposerTyping, PaneObservation } from './composerTyping';
import type { DeliveryJob } from './deliveryGate';

/** Milliseconds after Enter until Enter is pressed again if the text is still in the input box. */
const ENTER_AGAIN_AFTER = 600;
const ENTER_AGAIN_TIMES = 3;
/** The same interval for a CLI that draws late. */
const ENTER_AGAIN_LATE = 3000;
/**
 * Factor of the interval on the time that the CLI took to draw a key. A starved CLI reads the first Enter late; a second
 * one would wait in its terminal, and answer the dialog that the message causes.
 */
const ENTER_AGAIN_PER_DELAY = 8;
const MAX_ENTER_AGAIN_AFTER = 15_000;
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
/** Milliseconds from the hook until the conversation's file holds a text that began a turn. */
const HEARD_TO_READ = 2000;
/** Milliseconds within which a hook, or the conversation's file, still reports what came just before the end. */
const LATE_PROOF = 300;
/** Poll intervals after Enter: short at first, then longer (a hook report ends the wait sooner). */
const MIN_POLL_INTERVAL_MS = 15;
const MAX_POLL_INTERVAL_MS = 1000;

/**
 * Confirms a delivery after step 3: sees the text leave the input box (`delivered`), then waits for the receipt of the
 * CLI's hook (`received`).
 */
export class DeliveryProof {
  /** By message: the time since which its agent is idle without a proof. */
  private readonly idleSince = new Map<string, number>();

  constructor(
    private readonly panes: PaneDriver,
    private readonly typing: ComposerTyping,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly onNotSubmitted: (sight: PaneObservation) => void,
  ) {}

  async waitForConfirmation(job: DeliveryJob, signal: AbortSignal): Promise<DeliveryResult> {
    const result = await this.confirm(job, signal);
    if (result.kind !== 'waiting') this.idleSince.delete(job.mark);
    return result;
  }

  private async confirm(job: DeliveryJob, signal: AbortSignal): Promise<DeliveryResult> {
    const enterAgainAfter = this.enterAgainAfter(job);
    let enteredAt = this.clock.now();
    let again = 0;
    let delivered = job.state === 'delivered';
    let heardAt = 0;
    for (let wait = MIN_POLL_INTERVAL_MS; ; wait = Math.min(wait * 2, MAX_POLL_INTERVAL_MS)) {
      await job.ledger.receiptOrTimeout(wait, signal);
      if (signal.aborted) return { kind: 'held', reason: 'paused' };
      const receipt = await job.ledger.receipt();
      if (receipt === 'received') return { kind: 'received' };
      if (receipt === 'refused') return this.afterRefusal(job);
      if (receipt === 'returned') return this.afterReturn(job);
      const heard = receipt === 'heard';
      if (heard && heardAt === 0) {
        heardAt = this.clock.now();
        wait = MIN_POLL_INTERVAL_MS;
      }

      const sight = await this.typing.see(job);
      if (!sight || sight.state.dead) return afterEnd(job.ledger);
      if (sight.state.marker?.id !== job.mark) {
        // An interrupt was typed after it, in the same process.
        if (!heard || sight.state.marker === null || !sight.isAgent) return afterEnd(job.ledger);
        return this.isForgotten(job, sight) ? afterDrop(job.ledger) : { kind: 'waiting', reason: QUEUED_IN_CLI };
      }
      const composer = sight.reading.composer;
      if (!composer) {
        // A dialog opened behind the message: nothing is pressed.
        if (heard && delivered) return { kind: 'waiting', reason: QUEUED_IN_CLI };
        continue;
      }
      const match = matchComposer(composer, job.text);
      if (match === 'exact' || match === 'tail') {
        if (heard) {
          // The CLI has the text, and its hooks run: another Enter would submit it twice.
          const blocked = sight.reading.kind === 'ready' ? job.profile.blockedPrompt?.(sight.state.screen) : null;
          if (blocked && isStartOf(blocked.prompt, job.text)) return this.afterBlock(job, blocked.reason);
          continue;
        }
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
      if (this.isForgotten(job, sight)) return afterDrop(job.ledger);
      const inConversationSoon = this.clock.now() - heardAt < HEARD_TO_READ && job.state !== 'delivered';
      if (sight.reading.queued || (heard && sight.reading.kind !== 'ready' && !inConversationSoon))
        return { kind: 'waiting', reason: QUEUED_IN_CLI };
    }
  }

  private enterAgainAfter({ profile, pane }: DeliveryJob): number {
    const usual = profile.typing.patienceMs === undefined ? ENTER_AGAIN_AFTER : ENTER_AGAIN_LATE;
    return Math.max(usual, Math.min(this.typing.delayOf(pane) * ENTER_AGAIN_PER_DELAY, MAX_ENTER_AGAIN_AFTER));
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

  /** Returns whether the agent has been idle so long that no proof will follow. */
  private isForgotten(job: DeliveryJob, { reading }: PaneObservation): boolean {
    if (reading.kind !== 'ready' || reading.queued) {
      this.idleSince.delete(job.mark);
      return false;
    }
    const since = this.idleSince.get(job.mark) ?? this.clock.now();
    this.idleSince.set(job.mark, since);
    // A CLI that freezes on a long prompt sends no hook report during that time.
    const isOver = this.clock.now() - since > Math.max(HOOK_SILENCE, job.profile.typing.patienceMs ?? 0);
    if (isOver) this.idleSince.delete(job.mark);
    return isOver;
  }

  /**
   * Ends a delivery that the prompt check refused as damaged. Some versions put the text back into the input box a
   * little later; it is removed if it is TACO's. The marker is then cleared, so that the next attempt does not take it
   * for its own.
   */
  private async afterRefusal(job: DeliveryJob): Promise<DeliveryResult> {
    await this.waitForPutBack(job);
    const cleared = await this.typing.clear(job);
    // Text that cannot be removed yet is still TACO's, and the marker stays to show that to the next attempt.
    const now = cleared === 'empty' || cleared === 'foreign' ? await this.typing.see(job) : null;
    if (now) await this.panes.press(job.pane, [], this.typing.fence(job, now));
    this.log.warn('delivery.refused-at-door', { id: job.id, pane: job.pane, cleared });
    return cleared === 'stale-leader'
      ? { kind: 'stale-leader' }
      : { kind: 'failed', reason: 'the text reached the agent damaged and was refused there' };
  }

  /** Removes a text that a hook of the user blocked: another attempt would end the same way. */
  private async afterBlock(job: DeliveryJob, reason: string): Promise<DeliveryResult> {
    const cleared = await this.typing.clear(job);
    if (cleared === 'stale-leader') return { kind: 'stale-leader' };
    const now = await this.typing.see(job);
    if (now && cleared !== 'interrupted') await this.panes.press(job.pane, [], this.typing.fence(job, now));
    this.log.warn('delivery.blocked', { id: job.id, pane: job.pane });
    return { kind: 'failed', reason: `a hook of the user blocked it: ${reason}`, final: true };
  }

  /**
   * Removes a text that the CLI put back from its queue: the model did not read it. The marker stays: the CLI may draw
   * the text later, and the next attempt must know it as TACO's.
   */
  private async afterReturn(job: DeliveryJob): Promise<DeliveryResult> {
    await this.waitForPutBack(job);
    const cleared = await this.typing.clear(job);
    this.log.warn('delivery.returned', { id: job.id, pane: job.pane, cleared });
    return cleared === 'stale-leader'
      ? { kind: 'stale-leader' }
      : { kind: 'failed', reason: 'it was taken out of the CLI’s queue unread' };
  }

  /** Waits a little until the input box shows a text that the CLI puts back. */
  private async waitForPutBack(job: DeliveryJob): Promise<void> {
    const until = this.clock.now() + PUT_BACK_WITHIN;
    let sight = await this.typing.see(job);
    while (sight && sight.reading.composer?.empty !== false && this.clock.now() < until) {
      await this.clock.sleep(MIN_POLL_INTERVAL_MS);
      sight = await this.typing.see(job);
    }
  }
}

/**
 * Returns whether the input box ends in two empty rows: Enter made new lines. A text of TACO ends in at most one, when
 * it fills its last row.
 */
function endsInEmptyRows({ reading: { composer } }: PaneObservation): boolean {
  return composer?.rows.slice(-2).every((row) => row.trim() === '') === true && composer.rows.length > 2;
}

/**
 * Returns the end of a delivery whose process ended after the Enter. The conversation's file proves whether a resumed
 * conversation holds the text; without one the outcome is unknown.
 */
export async function afterEnd(ledger: DeliveryLedger): Promise<DeliveryResult> {
  await ledger.receiptOrTimeout(LATE_PROOF);
  if ((await ledger.receipt()) === 'received') return { kind: 'received' };
  return (await ledger.conversation()) === null
    ? { kind: 'uncertain', reason: 'the pane ended before the agent confirmed it' }
    : { kind: 'failed', reason: 'the agent ended before it read the message' };
}

/**
 * Returns the end of a delivery whose agent is idle and gives no receipt. A text that was queued, and is in no queue and
 * no conversation any more, was never read.
 */
async function afterDrop(ledger: DeliveryLedger): Promise<DeliveryResult> {
  return (await ledger.conversation()) === 'queued'
    ? { kind: 'failed', reason: 'its CLI queued the text and dropped it unread' }
    : { kind: 'delivered' };
}

/** Returns whether a prompt, which its CLI may show wrapped or cut off, is the start of the text. */
function isStartOf(prompt: string, text: string): boolean {
  const shown = prompt.replace(/\s|…$/g, '');
  return shown !== '' && text.replace(/\s/g, '').startsWith(shown);
}
