import type { Clock } from '../../core/base/clock';
import { STEP_DELAY_MS } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { DeliveryResult } from '../../core/messages/delivery';
import { composerTail, matchComposer } from '../../core/messages/inputBoxMatch';
import { resumeAction } from '../../core/messages/messageState';
import type { PaneDriver } from '../pane/paneDriver';
import { ComposerTyping, type PaneObservation, type TypingJob } from './composerTyping';
import { AFTER_ESCAPE_MS, DeliveryGate, held, type DeliveryJob } from './deliveryGate';
import { afterEnd, DeliveryProof } from './deliveryProof';
import { ForceRedraw } from './forceRedraw';
import { InputBoxMemory } from './inputBoxMemory';

const TYPING_ROUNDS = 3;
/** Checks whether an agent has stopped after an Escape, each after `AFTER_ESCAPE_MS`: a loaded machine draws late. */
const STOPPED_POLLS = 15;

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
  private readonly gate: DeliveryGate;
  constructor(
    private readonly panes: PaneDriver,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.typing = new ComposerTyping(panes, clock);
    this.gate = new DeliveryGate(panes, this.typing, this.memory, clock);
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
    if (job.hold) return action === 'type' ? held(job.hold) : this.gate.withdraw(job, sight, job.hold);

    if (sight.isAgent && job.profile.isSuspended?.(sight.state.screen)) this.continueProcess(sight);
    const gate = await this.gate.open(job, sight, action);
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
    for (let polls = 0; polls < STOPPED_POLLS; polls++) {
      await this.clock.sleep(AFTER_ESCAPE_MS);
      if ((await this.typing.see(job))?.reading.kind !== 'ready') continue;
      if (sight.reading.composer?.empty) await this.typing.clear(job, () => true);
      return true;
    }
    return false;
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
      if (result.kind === 'interrupted') return this.gate.currentHold(job);
      this.log.warn('delivery.damaged', { id: job.id, pane: job.pane, round });
      const cleared = await this.typing.clear(job);
      if (cleared === 'stale-leader') return { kind: 'stale-leader' };
      if (cleared !== 'empty') return this.gate.currentHold(job);
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
    const isOurs = sight?.state.marker?.id === job.mark || (sight?.state.contact.owed ?? 0) > 0;
    if (sight?.isAgent && !sight.state.dead && isOurs && sight.reading.composer) {
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
    if (!sight || !composer || this.gate.holdReason({ ...job, interrupt: true }, sight))
      return this.gate.currentHold(job);
    const match = matchComposer(composer, job.text);
    if (match !== 'exact' && match !== 'tail') return this.gate.currentHold(job);
    const outcome = await this.panes.enter(
      job.pane,
      job.profile.typing.submitKey,
      job.mark,
      this.typing.fence(job, sight, composerTail(composer)),
    );
    if (outcome === 'stale-leader') return { kind: 'stale-leader' };
    if (outcome === 'changed') return this.gate.currentHold(job);
    this.gate.onEntered(job);
    await job.ledger.phase('entered');
    return 'entered';
  }
}
