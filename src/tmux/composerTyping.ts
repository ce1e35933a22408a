import { composerTail, matchComposer, pieces, type ComposerMatch } from '../core/composer';
import type { AgentProfile, Composer, ScreenReading } from '../core/profile';
import type { Clock } from '../core/ports';
import type { Fence, KeyOutcome, PaneDriver, PaneLook } from './pane';

/** What is typed where: fixed for one delivery. */
export interface TypingJob {
  readonly id: string;
  /** What the pane's marker names it: id and stream id, since a dead letter that is tried again keeps its id. */
  readonly mark: string;
  readonly pane: string;
  readonly profile: AgentProfile;
  /** The exact characters to type. */
  readonly text: string;
  readonly epoch: number;
}

export interface Sight {
  readonly look: PaneLook;
  readonly reading: ScreenReading;
}

export type TypingResult =
  /** The composer holds the whole text; `typedAt` is when its last piece was sent. */
  | { readonly kind: 'typed'; readonly composer: Composer; readonly typedAt: number }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'stale-leader' };

/** A piece is waited for this long before it counts as lost, milliseconds; loaded machines draw late. */
const PIECE_TIMEOUT = 2500;
const LOOK_EVERY = 6;
const CLEAR_ROUNDS = 40;

/** The closed loop of step 1: each piece is seen to arrive in the composer before the next is sent. */
export class ComposerTyping {
  constructor(
    private readonly panes: PaneDriver,
    private readonly clock: Clock,
  ) {}

  async see(job: TypingJob): Promise<Sight | null> {
    const look = await this.panes.look(job.pane);
    return look && { look, reading: job.profile.readScreen(look.screen) };
  }

  /** The conditions that tmux checks itself with every key. */
  fence(job: TypingJob, sight: Sight, shows?: string, row?: string): Fence {
    const showsNot = sight.reading.kind === 'busy' ? job.profile.dialogHints?.filter((hint) => !job.text.includes(hint)) : undefined;
    return { epoch: job.epoch, command: sight.look.command, pid: sight.look.pid, shows, row, showsNot };
  }

  /** Types the text into an empty composer. `sight` is the look that found it empty. */
  async type(job: TypingJob, sight: Sight): Promise<TypingResult> {
    const rules = job.profile.typing;
    let typed = '';
    // Before the first key the composer must still be empty, and a dialog must not have taken its place.
    let row = sight.reading.composer?.anchor;
    let shows: string | undefined;
    let composer: Composer | undefined;
    let typedAt = this.clock.now();
    for (const piece of rules.mode === 'paste' ? [job.text] : pieces(job.text, rules.chunk)) {
      const outcome = await this.panes.type(job.pane, piece, rules, job.mark, this.fence(job, sight, shows, row));
      if (outcome !== 'done') return { kind: outcome === 'stale-leader' ? 'stale-leader' : 'interrupted' };
      typedAt = this.clock.now();
      typed += piece;
      const arrived = await this.arrival(job, typed);
      if (arrived.kind !== 'arrived') return arrived;
      sight = arrived.sight;
      composer = arrived.composer;
      row = undefined;
      // A piece of blanks at the end may leave no trace of its own to look for.
      shows = composerTail(composer);
    }
    return composer ? { kind: 'typed', composer, typedAt } : { kind: 'damaged' };
  }

  /** Waits until the composer shows that all of `typed` stands in it. */
  private async arrival(job: TypingJob, typed: string): Promise<{ kind: 'arrived'; sight: Sight; composer: Composer } | { kind: 'damaged' } | { kind: 'interrupted' }> {
    const deadline = this.clock.now() + PIECE_TIMEOUT;
    for (;;) {
      await this.clock.sleep(LOOK_EVERY);
      const sight = await this.see(job);
      const composer = sight?.reading.composer;
      if (!sight || sight.look.dead) return { kind: 'interrupted' };
      if (composer) {
        const match = matchComposer(composer, typed);
        if (match === 'exact' || match === 'tail') return { kind: 'arrived', sight, composer };
      }
      if (this.clock.now() > deadline) return { kind: composer ? 'damaged' : 'interrupted' };
    }
  }

  /**
   * Empties the composer if and only if what stands there is ours.
   * @returns `empty`, or `foreign` when a person's text is there, or what else stopped it
   */
  async clear(job: TypingJob, owned: (match: ComposerMatch) => boolean): Promise<'empty' | 'foreign' | 'interrupted' | 'stale-leader'> {
    for (let round = 0; round < CLEAR_ROUNDS; round++) {
      const sight = await this.see(job);
      const composer = sight?.reading.composer;
      if (!sight || !composer) return 'interrupted';
      if (composer.empty) return 'empty';
      if (!owned(matchComposer(composer, job.text))) return 'foreign';
      const outcome: KeyOutcome = await this.panes.press(job.pane, job.profile.typing.clearKeys, this.fence(job, sight, composerTail(composer)));
      if (outcome === 'stale-leader') return 'stale-leader';
      await this.clock.sleep(40);
    }
    return 'interrupted';
  }
}
