import type { AgentProfile, Composer, ScreenReading } from '../../core/agents/agentProfile';
import type { Clock } from '../../core/base/clock';
import { composerTail, matchComposer, pieces } from '../../core/messages/inputBoxMatch';
import { ACCOUNTED, matchOwnText, PROBE, withFirstPiece } from '../../core/messages/ownText';
import { AgentProcesses } from '../pane/agentProcess';
import type { KeyGuard, KeyOutcome, PaneDriver, PaneState } from '../pane/paneDriver';

/** The text to type and its pane; constant during one delivery. */
export interface TypingJob {
  readonly id: string;
  /** The name in the pane's marker: id and stream id, because a retried dead letter keeps its id. */
  readonly mark: string;
  readonly pane: string;
  readonly profile: AgentProfile;
  /** The exact characters to type. */
  readonly text: string;
  readonly epoch: number;
}

export interface PaneObservation {
  readonly state: PaneState;
  readonly reading: ScreenReading;
  /** The agent's CLI has the terminal, whatever tmux calls its process. */
  readonly isAgent: boolean;
}

export type TypingResult =
  /** The input box holds the whole text; `typedAt` is the time at which its last piece was sent. */
  | { readonly kind: 'typed'; readonly composer: Composer; readonly typedAt: number }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'stale-leader' };

type Arrival =
  | { readonly kind: 'arrived' | 'vanished'; readonly sight: PaneObservation; readonly composer: Composer }
  | { readonly kind: 'damaged' | 'interrupted' };

/** Milliseconds until a piece that does not appear counts as lost; loaded machines draw late. */
const PIECE_TIMEOUT = 2500;
/**
 * Additional milliseconds per pasted character: a paste may be the whole text, and a CLI reads it character by
 * character.
 */
const PASTE_TIMEOUT_PER_CHARACTER = 0.15;
/**
 * Milliseconds after which a piece counts as vanished when only the text before it is visible. Claude Code 2.1.197
 * drops a piece whenever it hides the middle of a long text. Never applies to the first piece: an agent that has just
 * started reads its keys late.
 */
const VANISHED_AFTER = 700;
const PIECE_TRIES = 3;
const POLL_INTERVAL_MS = 6;
/** The probe is one character, so polling for it starts at once: step 1 waits for nothing else then. */
const PROBE_POLL_INTERVAL_MS = 2;
/**
 * Captures of an input box that clearing no longer changes. While it changes, a 64 KB text takes hundreds of captures.
 */
const CLEAR_TRIES = 20;
const CLEAR_PAUSE = 40;
/** Characters at the end of the last row that tmux checks before it removes a probe. */
const FENCED_CHARACTERS = 40;
/** Captures of an unchanged input box before the keys are pressed again. */
const CLEAR_AGAIN_AFTER = 10;

/** The closed loop of step 1: each piece must appear in the input box before the next is sent. */
export class ComposerTyping {
  /** By pane: the longest time from a key to its effect on the screen in its last typing, milliseconds. */
  private readonly delays = new Map<string, number>();

  constructor(
    private readonly panes: PaneDriver,
    private readonly clock: Clock,
    private readonly processes = new AgentProcesses(),
  ) {}

  /** Returns how long the CLI took at most to draw a key of the last text typed into the pane, milliseconds. */
  delayOf(pane: string): number {
    return this.delays.get(pane) ?? 0;
  }

  async see(job: TypingJob): Promise<PaneObservation | null> {
    const state = await this.panes.capture(job.pane);
    if (!state) return null;
    const isAgent = await this.processes.runsIn(state, job.profile);
    return { state, reading: job.profile.readScreen(state.screen), isAgent };
  }

  /** Returns the conditions that tmux itself checks with every key. */
  fence(job: TypingJob, sight: PaneObservation, shows?: string, row?: string): KeyGuard {
    const showsNot =
      sight.reading.kind === 'busy' ? job.profile.dialogHints?.filter((hint) => !job.text.includes(hint)) : undefined;
    return { epoch: job.epoch, command: sight.state.command, pid: sight.state.pid, shows, row, showsNot };
  }

  /**
   * Types the text into an empty input box; `sight` is the capture that found it empty. Nothing outside can see what
   * the CLI has started and tmux has not drawn yet (a dialog, a user's first letter). The CLI may also draw its input
   * box seconds before it reads keys. Therefore the first character goes alone, as a probe: no dialog reacts to it. The
   * rest follows only after the input box shows the probe and nothing else. A slash command does not start with the
   * probe, because `/` opens a menu. A process that was never seen to read a key then gets a probe that is removed
   * again.
   */
  async type(job: TypingJob, sight: PaneObservation): Promise<TypingResult> {
    const rules = job.profile.typing;
    if (!job.text.startsWith(PROBE) && !sight.state.contact.proven) {
      const answered = await this.tryOut(job, sight);
      if (!('state' in answered)) return answered;
      sight = answered;
    }
    let typed = '';
    this.delays.set(job.pane, 0);
    // Before the first key the input box must still be empty, and no dialog may have replaced it.
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
          isProbe ? null : job.mark,
          this.fence(job, sight, shows, row),
          typed === '' ? withFirstPiece(sight.state.contact, Math.round(this.clock.now())) : ACCOUNTED,
        );
        if (outcome !== 'done') return { kind: outcome === 'stale-leader' ? 'stale-leader' : 'interrupted' };
        typedAt = this.clock.now();
        const arrived = await this.arrival(job, typed, piece, typed.length > probe.length && tries < PIECE_TRIES);
        if (!('composer' in arrived)) return arrived;
        this.delays.set(job.pane, Math.max(this.delayOf(job.pane), this.clock.now() - typedAt));
        sight = arrived.sight;
        composer = arrived.composer;
        // A piece of spaces at the end may leave no visible trace.
        row = isProbe ? composer.anchor : undefined;
        shows = isProbe ? undefined : composerTail(composer);
        if (arrived.kind === 'arrived') break;
      }
      typed += piece;
    }
    return composer ? { kind: 'typed', composer, typedAt } : { kind: 'damaged' };
  }

  /**
   * Types a probe that is not part of the text and removes it again. Returns the capture that found the input box empty
   * afterwards.
   */
  private async tryOut(job: TypingJob, sight: PaneObservation): Promise<PaneObservation | TypingResult> {
    const outcome = await this.panes.type(
      job.pane,
      PROBE,
      'type',
      null,
      this.fence(job, sight, undefined, sight.reading.composer?.anchor),
      withFirstPiece(sight.state.contact, Math.round(this.clock.now())),
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
   * Waits until the input box shows all of `before` and `piece`. Returns `vanished` when it still shows only `before`;
   * the piece may then be typed once more.
   */
  private async arrival(job: TypingJob, before: string, piece: string, mayVanish: boolean): Promise<Arrival> {
    const since = this.clock.now();
    const isProbe = before + piece === PROBE;
    const patience =
      (job.profile.typing.patienceMs ?? PIECE_TIMEOUT) +
      (job.profile.typing.mode === 'paste' ? piece.length * PASTE_TIMEOUT_PER_CHARACTER : 0);
    for (;;) {
      await this.clock.sleep(isProbe ? PROBE_POLL_INTERVAL_MS : POLL_INTERVAL_MS);
      const sight = await this.see(job);
      const composer = sight?.reading.composer;
      if (!sight || sight.state.dead) return { kind: 'interrupted' };
      if (isProbe && !composer && sight.reading.kind === 'dialog') return { kind: 'interrupted' };
      const waited = this.clock.now() - since;
      if (composer) {
        const { owed } = sight.state.contact;
        // The input box shows one of several probes: the others follow at once, and all must be removed.
        if (isProbe && owed > 1 && !composer.empty && matchOwnText(composer, job.text, owed) !== 'foreign')
          return { kind: 'damaged' };
        if (isWhole(composer, before + piece)) return { kind: 'arrived', sight, composer };
        if (isProbe && isAtItsEnd(composer)) return this.takeBack(job, sight, composer);
        if (mayVanish && waited > VANISHED_AFTER && isWhole(composer, before))
          return { kind: 'vanished', sight, composer };
      }
      // An undrawn first piece may still appear; a second one would be added to it.
      if (waited > patience) return { kind: composer && !composer.empty ? 'damaged' : 'interrupted' };
    }
  }

  /**
   * Removes the probe that landed behind a text that was not drawn yet, at once and alone; that text and the marker
   * stay: it is a user's new draft, or an earlier message that the CLI put back.
   */
  private async takeBack(job: TypingJob, sight: PaneObservation, composer: Composer): Promise<Arrival> {
    const fence = this.fence(job, sight, composer.rows.at(-1)?.trim().slice(-FENCED_CHARACTERS), composer.anchor);
    await this.panes.removeProbe(job.pane, fence);
    return { kind: 'interrupted' };
  }

  /**
   * Clears the input box if and only if its text is TACO's. The marker stays at `typing`.
   * @param isOurs accepts further text as TACO's, besides the job's text and late probes
   * @returns `empty`; `unread` when the box is empty but a first piece may still appear; `foreign` when it holds a
   * user's text; or another reason why it stopped
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
      const { contact, marker } = sight.state;
      if (composer.empty) {
        if (!pressed) return contact.owed > 0 ? 'unread' : 'empty';
        return (await this.panes.account(job.pane, this.fence(job, sight))) === 'stale-leader'
          ? 'stale-leader'
          : 'empty';
      }
      const rows = composer.rows.join('\n');
      if (rows !== before) tries = 0;
      before = rows;
      // Keys queued in the terminal would also delete text that a user types after them.
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

/** Returns whether a probe that was just typed is at the end of a text that was there before, in any number of rows. */
function isAtItsEnd({ rows, whole }: Composer): boolean {
  const last = rows.at(-1) ?? '';
  return whole && (rows.length > 1 || last.length > PROBE.length) && last.endsWith(PROBE);
}

/** Returns whether an earlier probe is at the end of one row: in several rows, the cursor may be elsewhere by now. */
function isBehindDraft(composer: Composer): boolean {
  return composer.rows.length === 1 && isAtItsEnd(composer);
}

function isWhole(composer: Composer, text: string): boolean {
  const match = matchComposer(composer, text);
  return match === 'exact' || match === 'tail';
}
