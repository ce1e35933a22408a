/** `taco up`: the engine without VS Code, in the foreground. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import { errors } from '../../core/errors/errors';
import { errorMessage, TacoError } from '../../core/errors/tacoError';
import { parsePlan } from '../../core/plan/parser';
import { checkRequest } from '../../core/team/checkRequest';
import type { Snapshot } from '../../core/team/snapshot';
import { teamPhaseOf } from '../../core/team/teamPhase';
import type { Engine } from '../../orchestrator/engine';
import { evictionPolicy } from '../../redis/server/evictionPolicy';
import type { Team } from '../../team/team';
import { ApprovalPrompt } from '../output/approvalPrompt';
import { Progress } from '../output/progress';
import type { CommandContext } from '../runtime/commandContext';
import { onDisconnect } from '../runtime/disconnect';
import { write, type CommandResult } from '../runtime/io';
import { leadingTeam } from '../runtime/openTeam';
import { startEngine, projectLogger } from '../runtime/startEngine';
import { sessionRecordOf, waitUntilStopped } from './down';
import { planInvalid, textOfFile } from './planFile';

/** How long the end must last to count, milliseconds: when an agent reports done, TACO sends messages to others. */
const QUIET_MS = 1500;
/** Poll interval without events, milliseconds: an event is only a wake-up and may be lost. */
const POLL_INTERVAL_MS = 1000;
const STOP_SECONDS = 20;
/** The state of a team that Redis has lost is written back within this time, or never, milliseconds. */
const WRITE_BACK_MS = 20_000;

type End =
  | { readonly kind: 'detached' }
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: TacoError };

/**
 * Returns what to start; null: continue the running session. Throws TacoError session-exists, session-lost,
 * session-stopping, plan-invalid, usage.
 */
async function wanted(
  context: CommandContext,
  team: Team,
  before: Snapshot,
): Promise<{ goal: string; plan?: string } | null> {
  const { invocation } = context;
  const goal = invocation.text('goal');
  const file = invocation.text('plan');
  if (goal === undefined && file === undefined) {
    // Redis may have lost a team whose agents run on: the engine takes it over again.
    const isLost = before.session === null && existsSync(sessionRecordOf(team));
    if (!isLost && (before.session === null || before.session.phase === 'failed'))
      throw errors.usage('Cannot lead: no team runs here.', 'Start a team: taco up --goal "…"');
    return null;
  }
  const refusal = checkRequest('start', teamPhaseOf(before.session, before.plan), {
    projectDir: context.project(true).dir,
    tmuxSession: before.session?.tmux_session ?? '',
  });
  if (refusal) throw refusal;
  if (goal !== undefined && goal.trim() === '')
    throw errors.usage('The goal is empty.', 'State what the team should do.');
  if (file === undefined) return { goal: goal ?? '' };
  const text = await textOfFile(context, file);
  const parsed = parsePlan(text);
  if (parsed.plan === null) throw planInvalid(parsed);
  return { goal: goal ?? `Carry out the plan in ${file === '-' ? 'standard input' : file}`, plan: text };
}

/** Follows one session from start to end. */
class Run implements DisposableLike {
  private readonly store = new DisposableStore();
  private readonly progress = new Progress();
  private readonly asks: boolean;
  private readonly question: ApprovalPrompt;
  private quietSince: number | null = null;
  private asked = 0;
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
  private finish!: (end: End) => void;
  private reading: Promise<void> | null = null;
  readonly ended = new Promise<End>((resolve) => (this.finish = resolve));

  constructor(
    private readonly context: CommandContext,
    private readonly team: Team,
    private readonly engine: Engine,
    /** Id of this command's start request; undefined: it leads the existing session. */
    private readonly ticket: string | undefined,
  ) {
    this.own = ticket === undefined;
    this.question = this.store.add(new ApprovalPrompt(context.io, this.detach));
    this.asks = Boolean(context.io.stdin.isTTY && context.io.stdout.isTTY) && !context.json;
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
    if (waitingSince(snapshot) !== this.asked && this.question.takeBack())
      this.say('\nThat plan is no longer pending: it was decided elsewhere or replaced.');
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
    this.checkLaunch(snapshot);
    if (session.phase === 'review') this.review(snapshot);
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
    else if (now - this.quietSince >= QUIET_MS) this.finish({ kind: 'done' });
  }

  /** With --yes and --until-done, ends when the launch of the first plan has failed. */
  private checkLaunch({ plan }: Snapshot): void {
    const { invocation } = this.context;
    if (!invocation.flag('yes') || !invocation.flag('until-done') || !plan?.failure || plan.change) return;
    // A plan that had failed before is approved once more.
    if (this.ticket === undefined && this.asked === 0) this.failedBefore = plan.failure.at;
    if (plan.failure.at > this.failedBefore)
      this.finish({ kind: 'failed', error: new TacoError('launch-failed', plan.failure.text, '') });
  }

  /** Asks the user once for each plan. With --yes a first plan is approved: by the leader if the start asked for it. */
  private review(snapshot: Snapshot): void {
    const { plan, session } = snapshot;
    // While an approved plan is being carried out it is in review for a moment, with another time.
    if (plan === null || plan.at === this.asked || plan.approval !== undefined) return;
    this.asked = plan.at;
    if (plan.status === 'invalid') {
      const error = new TacoError(
        'plan-not-delivered',
        snapshot.session?.detail ?? 'Mother gave no valid plan.',
        'Correct it: `taco plan submit FILE`.',
      );
      if (this.context.invocation.flag('until-done')) this.finish({ kind: 'failed', error });
      else this.say(`${error.message} ${error.hint}`);
      return;
    }
    if (plan.status !== 'proposed' || plan.plan === null) return;
    const approve = (): Promise<void> => this.team.request({ kind: 'approve', plan: plan.plan, review: plan.at });
    if (this.context.invocation.flag('yes') && plan.change === undefined) {
      const byLeader = session?.auto_approve === undefined ? this.engine.leading : session.auto_approve === 'true';
      if (!byLeader) approve().catch(() => (this.asked = 0));
      return;
    }
    if (this.asks) void this.ask(approve).catch((error: unknown) => this.say(errorMessage(error)));
    else if (plan.change)
      this.say(
        'The team works on. `taco plan approve` makes the change, `taco plan reject "NOTE"` keeps the team as it is.',
      );
    else this.say('Approve it with `taco plan approve`, or send it back with `taco plan reject "NOTE"`.');
  }

  private async ask(approve: () => Promise<void>): Promise<void> {
    const answer = await this.question.ask();
    if (answer === null) return;
    if (/^(y|yes)$/i.test(answer)) await approve();
    else if (answer === '' || /^no?$/i.test(answer))
      this.say(
        'Not launched. `taco plan approve` launches it, `taco plan reject "NOTE"` sends it back, `taco down` ends it.',
      );
    else await this.team.request({ kind: 'reject', note: answer });
  }
}

/** Returns the time of the plan that waits for the user; null: none waits. */
function waitingSince({ session, plan }: Snapshot): number | null {
  return session?.phase === 'review' && plan?.status === 'proposed' && plan.approval === undefined ? plan.at : null;
}

function cliNote(context: CommandContext): string {
  const { invocation } = context;
  const command = invocation.text('agent-command');
  return `Agents: ${invocation.text('profile') ?? 'claude'}${command === undefined ? '' : ` (${command})`}. Ctrl-C leaves the team running.`;
}

function evictionWarning(policy: string): string {
  return `Warning: this Redis removes keys when its memory is full (maxmemory-policy ${policy}), and with them messages and agents. Set it to noeviction: redis-cli CONFIG SET maxmemory-policy noeviction`;
}

/** Ends as the run ended: detached leaves everything, `--until-done` stops the session and accounts for it. */
async function conclude(
  context: CommandContext,
  run: Run,
  team: Team,
  end: End,
  session: string,
): Promise<CommandResult> {
  if (end.kind === 'detached') {
    const text = `The team runs on in the tmux session ${session}. \`taco up\` leads it again, \`taco down\` ends it.`;
    return { json: { result: 'detached', session, ...run.report }, text };
  }
  if (end.kind === 'stopped')
    return {
      json: { result: 'stopped', session, ...run.report },
      text: 'The session was stopped.',
      exitCode: context.invocation.flag('until-done') ? 1 : 0,
    };
  // Another start came first: its session is not this command's.
  if (end.kind === 'failed' && end.error.code === 'session-exists') throw end.error;
  await run.settle().catch(() => undefined);
  const done = end.kind === 'done' && run.allDelivered;
  const lost = end.kind === 'failed' && end.error.code === 'session-lost';
  if (context.invocation.flag('until-done') && !lost && !run.startFailed) {
    await team.request({ kind: 'stop' });
    await waitUntilStopped(team, STOP_SECONDS);
  }
  const text = [
    ...run.summary,
    '',
    done
      ? 'Done.'
      : end.kind === 'failed'
        ? `Failed: ${end.error.message}${end.error.hint === '' ? '' : ` ${end.error.hint}`}`
        : 'Done, but not every message arrived.',
  ];
  const error = end.kind === 'failed' ? { error: end.error.toJSON() } : {};
  return {
    json: { result: done ? 'done' : 'failed', session, ...run.report, ...error },
    text: text.join('\n'),
    exitCode: done ? 0 : 1,
  };
}

export async function up(context: CommandContext): Promise<CommandResult> {
  if (context.invocation.number('timeout') !== undefined && !context.invocation.flag('until-done'))
    throw errors.usage('--timeout goes with --until-done.', 'See `taco up --help`.');
  const team = await leadingTeam(context, projectLogger(context));
  const before = await team.snapshot();
  const start = await wanted(context, team, before);
  const engine = context.add(await startEngine(context, team));
  // What was lost could not be restored: it used another Redis, or nothing remembers it.
  if (start === null && engine.leading && (await team.store.session()) === null) {
    await engine.shutdown();
    throw errors.stateLost();
  }
  const ticket = start === null ? undefined : randomUUID();
  const run = context.add(new Run(context, team, engine, ticket));
  onDisconnect(context.io, run.detach);
  run.say(cliNote(context));
  const evicts = await evictionPolicy(team.redis).catch(() => null);
  if (evicts !== null) run.say(evictionWarning(evicts));
  if (start && ticket !== undefined)
    await team.request({ kind: 'start', ...start, ticket, autoApprove: context.invocation.flag('yes') });
  run.follow();
  const end = await run.ended;
  const session = (await team.snapshot().catch(() => null))?.session?.tmux_session ?? '';
  try {
    return await conclude(context, run, team, end, session);
  } finally {
    run.dispose();
    await engine.shutdown();
  }
}
