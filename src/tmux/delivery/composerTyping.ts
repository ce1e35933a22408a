import type { AgentProfile, Composer, ScreenReading } from '../../core/agents/agentProfile';
import { composerTail, matchComposer, pieces } from '../../core/messages/inputBoxMatch';
import { ACCOUNTED, matchOwnText, PROBE, withFirstPiece } from '../../core/messages/ownText';
import type { Clock } from '../../core/team/ports';
import type { KeyGuard, KeyOutcome, PaneDriver, PaneState } from '../pane/paneDriver';

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

export interface PaneObservation {
  readonly look: PaneState;
  readonly reading: ScreenReading;
}

export type TypingResult =
  /** The composer holds the whole text; `typedAt` is when its last piece was sent. */
  | { readonly kind: 'typed'; readonly composer: Composer; readonly typedAt: number }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'stale-leader' };

type Arrival =
  | { readonly kind: 'arrived' | 'vanished'; readonly sight: PaneObservation; readonly composer: Composer }
  | { readonly kind: 'damaged' | 'interrupted' };

/** A piece is waited for this long before it counts as lost, milliseconds; loaded machines draw late. */
const PIECE_TIMEOUT = 2500;
/** A paste may be the whole text, and a CLI reads it character by character: so much longer for each, milliseconds. */
const PASTE_TIMEOUT_PER_CHARACTER = 0.15;
/**
 * A piece of which nothing is seen for this long, while all before it is, has vanished: 2.1.197 drops one whenever it hides the middle
 * of a long text. Never the first: an agent that has just started reads its keys late.
 */
const VANISHED_AFTER = 700;
const PIECE_TRIES = 3;
const LOOK_EVERY = 6;
/** The probe is one character, so its drawing is looked for at once: step 1 waits for nothing else then. */
const PROBE_LOOK_EVERY = 2;
/** Looks at a composer that clearing does not change any more; as long as it does, a text of 64 KB takes hundreds of them. */
const CLEAR_TRIES = 20;
const CLEAR_PAUSE = 40;
/** Looks at a composer that has not changed before the keys are pressed again. */
const CLEAR_AGAIN_AFTER = 10;

/** The closed loop of step 1: each piece is seen to arrive in the composer before the next is sent. */
export class ComposerTyping {
  constructor(
    private readonly panes: PaneDriver,
    private readonly clock: Clock,
  ) {}

  async see(job: TypingJob): Promise<PaneObservation | null> {
    const look = await this.panes.look(job.pane);
    return look && { look, reading: job.profile.readScreen(look.screen) };
  }

  /** The conditions that tmux checks itself with every key. */
  fence(job: TypingJob, sight: PaneObservation, shows?: string, row?: string): KeyGuard {
    const showsNot =
      sight.reading.kind === 'busy' ? job.profile.dialogHints?.filter((hint) => !job.text.includes(hint)) : undefined;
    return { epoch: job.epoch, command: sight.look.command, pid: sight.look.pid, shows, row, showsNot };
  }

  /**
   * Types the text into an empty composer. `sight` is the look that found it empty. What the CLI has begun and tmux has not
   * drawn yet (a dialog, a user's first letter) nobody outside can see, and it may draw its composer seconds before it reads keys.
   * So the first character goes alone, as a probe: no dialog has a meaning for it, and only once the composer is seen to hold it
   * and nothing else does the rest follow. A slash command does not begin with it (a `/` opens a menu): a process that was never
   * seen to read a key gets the probe all the same, and it is taken back.
   */
  async type(job: TypingJob, sight: PaneObservation): Promise<TypingResult> {
    const rules = job.profile.typing;
    if (!job.text.startsWith(PROBE) && !sight.look.contact.proven) {
      const answered = await this.tryOut(job, sight);
      if (!('look' in answered)) return answered;
      sight = answered;
    }
    let typed = '';
    // Before the first key the composer must still be empty, and a dialog must not have taken its place.
    let row = sight.reading.composer?.anchor;
    let shows: string | undefined;
    let composer: Composer | undefined;
    let typedAt = this.clock.now();
    const probe = job.text.startsWith(PROBE) ? PROBE : '';
    const rest = job.text.slice(probe.length);
    for (const piece of [...(probe ? [probe] : []), ...pieces(rest, rules.chunk)]) {
      const isProbe = piece === probe && typed === '';
      for (let tries = 1; ; tries++) {
        const outcome = await this.panes.type(
          job.pane,
          piece,
          isProbe ? 'type' : rules.mode,
          job.mark,
          this.fence(job, sight, shows, row),
          typed === '' ? withFirstPiece(sight.look.contact, Math.round(this.clock.now())) : ACCOUNTED,
        );
        if (outcome !== 'done') return { kind: outcome === 'stale-leader' ? 'stale-leader' : 'interrupted' };
        typedAt = this.clock.now();
        const arrived = await this.arrival(job, typed, piece, typed.length > probe.length && tries < PIECE_TRIES);
        if (!('composer' in arrived)) return arrived;
        sight = arrived.sight;
        composer = arrived.composer;
        // A piece of blanks at the end may leave no trace of its own to look for.
        row = isProbe ? composer.anchor : undefined;
        shows = isProbe ? undefined : composerTail(composer);
        if (arrived.kind === 'arrived') break;
      }
      typed += piece;
    }
    return composer ? { kind: 'typed', composer, typedAt } : { kind: 'damaged' };
  }

  /** A probe that is no part of the text: seen, and removed again. Returns the look that found the composer empty after that. */
  private async tryOut(job: TypingJob, sight: PaneObservation): Promise<PaneObservation | TypingResult> {
    const outcome = await this.panes.type(
      job.pane,
      PROBE,
      'type',
      job.mark,
      this.fence(job, sight, undefined, sight.reading.composer?.anchor),
      withFirstPiece(sight.look.contact, Math.round(this.clock.now())),
    );
    if (outcome !== 'done') return { kind: outcome === 'stale-leader' ? 'stale-leader' : 'interrupted' };
    const arrived = await this.arrival(job, '', PROBE, false);
    if (!('composer' in arrived)) return arrived;
    const cleared = await this.clear(job);
    const after = cleared === 'empty' ? await this.see(job) : null;
    if (after?.reading.composer?.empty) return after;
    return { kind: cleared === 'stale-leader' ? 'stale-leader' : 'interrupted' };
  }

  /**
   * Waits until the composer shows that all of `before` and `piece` stands in it; `vanished` when it goes on showing
   * `before` and nothing of the piece, which then may be typed once more.
   */
  private async arrival(job: TypingJob, before: string, piece: string, mayVanish: boolean): Promise<Arrival> {
    const since = this.clock.now();
    const isProbe = before + piece === PROBE;
    const patience =
      (job.profile.typing.patienceMs ?? PIECE_TIMEOUT) +
      (job.profile.typing.mode === 'paste' ? piece.length * PASTE_TIMEOUT_PER_CHARACTER : 0);
    for (;;) {
      await this.clock.sleep(isProbe ? PROBE_LOOK_EVERY : LOOK_EVERY);
      const sight = await this.see(job);
      const composer = sight?.reading.composer;
      if (!sight || sight.look.dead) return { kind: 'interrupted' };
      if (isProbe && !composer && sight.reading.kind === 'dialog') return { kind: 'interrupted' };
      const waited = this.clock.now() - since;
      if (composer) {
        const { owed } = sight.look.contact;
        // Of several probes one is seen: the others come at once, and all go again.
        if (isProbe && owed > 1 && !composer.empty && matchOwnText(composer, job.text, owed) !== 'foreign')
          return { kind: 'damaged' };
        if (isWhole(composer, before + piece)) return { kind: 'arrived', sight, composer };
        if (isProbe && isBehindDraft(composer)) return this.takeBack(job, sight, composer);
        if (mayVanish && waited > VANISHED_AFTER && isWhole(composer, before))
          return { kind: 'vanished', sight, composer };
      }
      // What is typed first and not drawn may still come: another one would stand beside it.
      if (waited > patience) return { kind: composer && !composer.empty ? 'damaged' : 'interrupted' };
    }
  }

  /** The probe stands behind what a user had just begun: it goes again, at once and alone, and the draft stays. */
  private async takeBack(job: TypingJob, sight: PaneObservation, composer: Composer): Promise<Arrival> {
    const fence = this.fence(job, sight, undefined, composer.anchor);
    if ((await this.panes.press(job.pane, ['BSpace'], fence)) === 'done')
      await this.panes.account(job.pane, this.fence(job, sight));
    return { kind: 'interrupted' };
  }

  /**
   * Empties the composer if and only if what stands there is ours. The marker is left behind, at `typing`.
   * @param isOurs also ours, beside the job's text and late probes
   * @returns `empty`; `unread` when nothing is there, and what was typed first may still come; `foreign` when a user's text is
   *   there; or what else stopped it
   */
  async clear(
    job: TypingJob,
    isOurs: (composer: Composer) => boolean = () => false,
  ): Promise<'empty' | 'unread' | 'foreign' | 'interrupted' | 'stale-leader'> {
    let before = '';
    let pressed = false;
    for (let tries = 0; tries < CLEAR_TRIES; tries++) {
      const sight = await this.see(job);
      const composer = sight?.reading.composer;
      if (!sight || !composer) return 'interrupted';
      const { contact, marker } = sight.look;
      if (composer.empty) {
        if (!pressed) return contact.owed > 0 ? 'unread' : 'empty';
        return (await this.panes.account(job.pane, this.fence(job, sight))) === 'stale-leader'
          ? 'stale-leader'
          : 'empty';
      }
      const rows = composer.rows.join('\n');
      if (rows !== before) tries = 0;
      before = rows;
      // Keys that wait in the terminal would also take what a user types after them.
      if (tries % CLEAR_AGAIN_AFTER > 0) {
        await this.clock.sleep(CLEAR_PAUSE);
        continue;
      }
      if (matchOwnText(composer, job.text, contact.owed) === 'foreign' && !isOurs(composer)) {
        if (contact.owed > 0 && isBehindDraft(composer)) await this.takeBack(job, sight, composer);
        return 'foreign';
      }
      const outcome: KeyOutcome = await this.panes.clear(
        job.pane,
        job.profile.typing.clearKeys,
        marker?.id ?? job.mark,
        this.fence(job, sight, composerTail(composer)),
      );
      if (outcome === 'stale-leader') return 'stale-leader';
      pressed ||= outcome === 'done';
      await this.clock.sleep(CLEAR_PAUSE);
    }
    return 'interrupted';
  }
}

/** A probe in the row where a user has begun to write, and nothing behind it. */
function isBehindDraft(composer: Composer): boolean {
  const [row = '', ...others] = composer.rows;
  return composer.whole && others.length === 0 && row.length > PROBE.length && row.endsWith(PROBE);
}

function isWhole(composer: Composer, text: string): boolean {
  const match = matchComposer(composer, text);
  return match === 'exact' || match === 'tail';
}
