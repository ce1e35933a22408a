import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import { errors } from '../../core/errors/errors';
import { TacoError, toTacoError } from '../../core/errors/tacoError';
import type { Snapshot } from '../../core/team/snapshot';
import type { Engine } from '../../orchestrator/engine';
import type { Team } from '../../team/team';
import { Progress } from '../output/progress';
import { TerminalAlerts } from '../output/terminalAlerts';
import type { CommandContext } from '../runtime/commandContext';
import { write } from '../runtime/io';
import { FinalMerge } from './finalMerge';
import { PlanReviewer } from './planReviewer';

/** How long the end must last to count, milliseconds: when an agent reports done, TACO sends messages to others. */
const QUIET_MS = 1500;
/** Poll interval without events, milliseconds: an event is only a wake-up and may be lost. */
const POLL_INTERVAL_MS = 1000;
/** The state of a team that Redis has lost is written back within this time, or never, milliseconds. */
const WRITE_BACK_MS = 20_000;

export type RunEnd =
  | { readonly kind: 'detached' }
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: TacoError };

/** Follows one session from start to end. */
export class TeamRun implements DisposableLike {
  private readonly store = new DisposableStore();
  private readonly progress = new Progress();
  private readonly reviewer: PlanReviewer;
  private readonly alerts: TerminalAlerts | null;
  private quietSince: number | null = null;
  /** Time of an approval that had failed before this command began; 0: none. */
  private failedBefore = 0;
  /** True after a resume was requested. */
  private resuming = false;
  private seen = false;
  /** The start failed and the leader has undone it: this command has nothing to stop. */
  startFailed = false;
  /** True if the session belongs to this command, and not to another start at the same time. */
  private own: boolean;
  private goneSince: number | null = null;
  finish!: (end: RunEnd) => void;
  private reading: Promise<void> | null = null;
  private merging: Promise<void> | null = null;
  private readonly merge: FinalMerge;
  readonly ended = new Promise<RunEnd>((resolve) => (this.finish = resolve));

  constructor(
    private readonly context: CommandContext,
    private readonly team: Team,
    engine: Engine,
    /** Id of this command's start request; undefined: it leads the existing session. */
    private readonly ticket: string | undefined,
  ) {
    this.own = ticket === undefined;
    this.merge = new FinalMerge(team, (line) => this.say(line));
    this.alerts = context.json ? null : new TerminalAlerts(context.io, team.calls);
    this.reviewer = this.store.add(new PlanReviewer(context, team, engine, this));
  }

  get summary(): string[] {
    return this.progress.summary();
  }

  get report(): ReturnType<Progress['report']> {
    return this.progress.report();
  }

  get allDelivered(): boolean {
    return this.progress.allDelivered;
  }

  /** Prints to standard output, or to standard error when standard output is reserved for the JSON document. */
  say(line: string): void {
    void write(this.context.json ? this.context.io.stderr : this.context.io.stdout, `${line}\n`);
  }

  follow(): void {
    const { invocation } = this.context;
    this.store.add(this.team.onChange(() => this.poll()));
    const timer = setInterval(() => this.poll(), POLL_INTERVAL_MS);
    this.store.add({ dispose: () => clearInterval(timer) });
    const seconds = invocation.number('timeout');
    if (seconds !== undefined) {
      const late = setTimeout(
        () => this.finish({ kind: 'failed', error: errors.timeout('The end of the job', seconds) }),
        seconds * 1000,
      );
      this.store.add({ dispose: () => clearTimeout(late) });
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, this.detach);
      this.store.add({ dispose: () => void process.off(signal, this.detach) });
    }
    this.poll();
  }

  /** Stops leading; the team continues to run. */
  readonly detach = (): void => this.finish({ kind: 'detached' });

  dispose(): void {
    this.store.dispose();
  }

  /** Reads the last state once more, so that the report is complete. */
  async settle(): Promise<void> {
    await this.reading?.catch(() => undefined);
    for (const line of this.progress.next(await this.team.snapshot())) this.say(line);
  }

  private poll(): void {
    this.reading ??= this.read()
      // Redis is unreachable for a moment: the next poll reads the state.
      .catch(() => undefined)
      .finally(() => (this.reading = null));
  }

  private async read(): Promise<void> {
    const snapshot = await this.team.snapshot();
    if (!this.own && !(await this.isOwn(snapshot))) return;
    if (this.seen && this.ticket !== undefined && snapshot.session && snapshot.session.request !== this.ticket)
      return this.finish({ kind: 'stopped' });
    this.reviewer.takeBack(snapshot);
    for (const line of this.progress.next(snapshot)) this.say(line);
    const { session } = snapshot;
    if (session === null) return this.seen ? this.gone() : undefined;
    this.goneSince = null;
    if (session.phase === 'lost') return this.lost(session.tmux_session, session.detail);
    this.resuming = false;
    if (session.phase === 'failed') {
      this.startFailed = true;
      const error = new TacoError('launch-failed', session.detail || 'The start failed.', '');
      return this.finish({ kind: 'failed', error });
    }
    this.seen = true;
    this.alerts?.update(snapshot);
    this.checkLaunch(snapshot);
    if (session.phase === 'review') this.reviewer.review(snapshot);
    this.checkDone(snapshot);
  }

  /**
   * Returns true once the leader has carried out this command's request. A request with another answer lost to
   * another start.
   */
  private async isOwn({ session }: Snapshot): Promise<boolean> {
    this.own = session?.request === this.ticket;
    if (this.own || this.ticket === undefined || (await this.team.waitsToStart(this.ticket))) return this.own;
    const now = await this.team.store.session();
    this.own = now?.request === this.ticket;
    if (!this.own) this.finish({ kind: 'failed', error: errors.sessionExists(now?.tmux_session ?? '') });
    return false;
  }

  /** Stopped; or Redis has lost it, and the leader tells it again if it can. */
  private async gone(): Promise<void> {
    if ((await this.team.store.clearedAt()) !== null) return this.finish({ kind: 'stopped' });
    if (this.goneSince === null) this.say('Redis has lost everything about this team. Its agents run on.');
    this.goneSince ??= Date.now();
    if (Date.now() - this.goneSince > WRITE_BACK_MS) this.finish({ kind: 'failed', error: errors.stateLost() });
  }

  /** Its tmux is gone: with --resume it is brought back, else this run ends and everything is kept. */
  private async lost(name: string, detail: string): Promise<void> {
    if (!this.context.invocation.flag('resume'))
      return this.finish({ kind: 'failed', error: errors.sessionLost(name, detail) });
    if (!this.resuming) {
      await this.team.request({ kind: 'resume' });
      this.resuming = true;
      return;
    }
    // A session that is still lost after the leader's answer could not be resumed.
    if ((await this.team.store.requests.read()).some(({ request }) => request.kind === 'resume')) return;
    const now = await this.team.store.session();
    if (now?.phase === 'lost')
      this.finish({ kind: 'failed', error: new TacoError('launch-failed', now.detail || detail, '') });
  }

  private checkDone(snapshot: Snapshot): void {
    if (!this.context.invocation.flag('until-done')) return;
    const lost = this.progress.lost(snapshot);
    if (lost.length > 0) {
      const error = new TacoError(
        'launch-failed',
        `${lost.join(', ')} ended before the work was done.`,
        'See what it said with `taco agents`; `taco relaunch AGENT` starts it again.',
      );
      return this.finish({ kind: 'failed', error });
    }
    const now = Date.now();
    if (!this.progress.isDone(snapshot)) this.quietSince = null;
    else if (this.quietSince === null) this.quietSince = now;
    else if (now - this.quietSince >= QUIET_MS) this.completed(snapshot);
  }

  /** All work is done. With --merge-when-proven the run ends once the target has what is proven. */
  private completed(snapshot: Snapshot): void {
    if (!this.context.invocation.flag('merge-when-proven') || !this.merge.isNeeded(snapshot))
      return this.finish({ kind: 'done' });
    this.merging ??= this.merge
      .run()
      .catch(toTacoError)
      .then((error) => error && this.finish({ kind: 'failed', error }))
      .then(() => {
        // An agent whose work conflicts or fails goes on with it.
        this.quietSince = null;
        this.merging = null;
      });
  }

  /** With --yes and --until-done, ends when the launch of the first plan has failed. */
  private checkLaunch({ plan }: Snapshot): void {
    const { invocation } = this.context;
    if (!invocation.flag('yes') || !invocation.flag('until-done') || !plan?.failure || plan.change) return;
    // A plan that had failed before is approved once more.
    if (this.ticket === undefined && !this.reviewer.hasAsked) this.failedBefore = plan.failure.at;
    if (plan.failure.at > this.failedBefore)
      this.finish({ kind: 'failed', error: new TacoError('launch-failed', plan.failure.text, '') });
  }
}
