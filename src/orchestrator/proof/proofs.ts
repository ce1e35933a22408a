import type { AgentRecord } from '../../core/agents/agentRecord';
import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import type { SerialQueue } from '../../core/base/serialQueue';
import { errorMessage } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import { commandText } from '../../core/programs/commandLine';
import type { TacoPaths } from '../../core/programs/paths';
import { checkOf, evidenceOf, type Evidence } from '../../core/proof/proof';
import * as texts from '../../core/proof/proofTexts';
import type { AgentPatch } from '../../core/team/hosts';
import type { StateStore } from '../../core/team/ports';
import { EvidenceStore } from '../../environment/checks/evidenceStore';
import { runCheck, type CheckEnd } from '../../environment/checks/runCheck';
import { Git } from '../../environment/git/git';
import { readWorkState, type WorkState } from '../../environment/git/workState';
import type { EngineSettings } from '../../team/engineSettings';
import { ApprovedChecks } from '../../team/work/approvedChecks';
import type { AgentManager } from '../agents/agentManager';
import type { TeamNotifier } from '../session/teamNotifier';
import { PreparationRecords } from '../workspaces/preparationRecords';
import { DeletedCheck } from './deletedCheck';
import { Freshness } from './freshness';
import { parseReport, type Report } from './pendingReport';

/** Default run time of a check, and default rest of an agent before it is asked, milliseconds. */
const CHECK_TIMEOUT_MS = 15 * 60_000;
const ASK_AFTER_MS = 60_000;

export interface ProofOptions {
  readonly store: Pick<StateStore, 'note'>;
  readonly settings: Pick<EngineSettings, 'check' | 'checkTimeoutMs' | 'askAfterMs'>;
  readonly paths: TacoPaths;
  readonly projectId: string;
  readonly projectDir: string;
  /** Environment of every program of the project. */
  readonly env: Readonly<Record<string, string>>;
  /** Environment of an agent's check. Throws TacoError usage. */
  readonly envOf: (record: AgentRecord) => Readonly<Record<string, string>>;
  readonly agents: () => AgentManager | undefined;
  readonly notices: TeamNotifier;
  /** The leader's own queue: state changes in it only. */
  readonly work: SerialQueue;
  /** Called when an agent's work counts as done; `id` is that of its report. */
  readonly onDone: (isProven: boolean, id: string) => Promise<void>;
  readonly log: Logger;
}

/**
 * Runs the checks of agents that report done, beside the leader's other work, and decides what is proven. An agent's
 * record says which check runs, so that the next leader runs it again.
 */
export class Proofs implements DisposableLike {
  private readonly evidence: EvidenceStore;
  private readonly approved: ApprovedChecks;
  private readonly records: PreparationRecords;
  private readonly git: Git;
  private readonly freshness: Freshness;
  private readonly deleted: DeletedCheck;
  private readonly running = new Map<number, AbortController>();
  private readonly rests = new Map<number, NodeJS.Timeout>();

  constructor(private readonly options: ProofOptions) {
    const { paths, projectId, env } = options;
    this.evidence = new EvidenceStore(paths.evidenceDir(projectId));
    this.approved = new ApprovedChecks(paths.approvedChecksDir(projectId));
    this.records = new PreparationRecords(paths.runningChecksDir(projectId));
    this.git = new Git(env);
    this.freshness = new Freshness(this.git, options.projectDir);
    this.deleted = new DeletedCheck(this.git, options.projectDir);
  }

  /** Ends the checks that a killed leader left running, and begins them again. */
  async takeOver(): Promise<void> {
    const left = await this.records.endLeft();
    if (left.length > 0) this.options.log.warn('check.left', { agents: left });
    for (const record of this.options.agents()?.all ?? [])
      if (record.proof === 'checking')
        this.begin(record, parseReport(record.report) ?? { id: `${record.changedAt}`, text: '' });
  }

  /**
   * An agent reports done. Without a check its own words count; else the check begins, and its end decides. `id` is
   * that of the request.
   */
  async report(window: number, text: string, id: string): Promise<void> {
    const agents = this.agents();
    const record = agents.get(window);
    const check = record ? checkOf(record, this.options.settings.check) : null;
    if (!record || check === null) return this.believe(window, { id, text });
    if (!agents.isHere(record)) return this.keepWaiting(record, check, { id, text });
    const files = this.freshness.hasOwnTree(record) ? uncommitted(await readWorkState(this.git, record.workspace)) : [];
    if (files.length > 0) {
      await agents.change(window, { proof: 'red', done: false, activity: `${files.length} uncommitted` });
      await this.options.notices.notify(labelOfWindow(window), texts.commitFirst(files), `${id}:commit`);
      return;
    }
    await this.start(record, check, { id, text });
  }

  /** Runs an agent's check at the user's request. Does nothing for an agent without one. */
  async rerun(window: number, id: string): Promise<void> {
    const agents = this.agents();
    const record = agents.get(window);
    const check = record ? checkOf(record, this.options.settings.check) : null;
    if (record && check && agents.isHere(record)) await this.start(record, check, { id, text: '' });
    else await this.options.store.note(`${record?.name ?? labelOfWindow(window)} has no check that can run here`);
  }

  /** Counts an agent's work as done without its check, because the user says so. */
  async accept(window: number, id: string): Promise<void> {
    const record = this.agents().get(window);
    if (!record || record.done) return this.options.store.note(`${labelOfWindow(window)} has no work to accept`);
    this.running.get(window)?.abort();
    this.running.delete(window);
    await this.believe(window, parseReport(record.report) ?? { id, text: '' });
  }

  /** Ends a check that runs, with everything that it started. */
  cancel(window: number): void {
    this.running.get(window)?.abort();
  }

  /** Ends all checks: the team stops. */
  cancelAll(): void {
    for (const controller of this.running.values()) controller.abort();
    for (const rest of this.rests.values()) clearTimeout(rest);
  }

  /** Notices that a proven agent changed files, or that an agent stopped without a report. */
  onTurn(window: number, event: string): void {
    clearTimeout(this.rests.get(window));
    this.rests.delete(window);
    if (event !== 'Stop') return;
    const record = this.options.agents()?.get(window);
    if (!record || window === 0 || checkOf(record, this.options.settings.check) === null) return;
    if (record.proof === 'proven') this.options.work.add(() => this.compare(window));
    else if (!mayBeAsked(record)) return;
    else if (!record.reds) {
      const rest = setTimeout(
        () => this.options.work.add(() => this.ask(window)),
        this.options.settings.askAfterMs ?? ASK_AFTER_MS,
      );
      rest.unref();
      this.rests.set(window, rest);
    }
  }

  /** Marks a proven agent whose files have changed as stale; returns whether its work is proven now. */
  async isProven(window: number): Promise<boolean> {
    await this.compare(window);
    return this.agents().get(window)?.proof === 'proven';
  }

  dispose(): void {
    this.cancelAll();
  }

  private agents(): AgentManager {
    const agents = this.options.agents();
    if (!agents) throw new Error('The session has ended.');
    return agents;
  }

  /** The agent's own words count. */
  private async believe(window: number, { id, text }: Report): Promise<void> {
    await this.compareOthers(window);
    const done = await this.agents().reportDone(window, text, { proof: 'reported', report: '' });
    await this.options.notices.done(done, text, id);
    return this.options.onDone(false, id);
  }

  /** The agent has a check that cannot run here: its words alone free nobody, and the user is told. */
  private async keepWaiting(record: AgentRecord, check: readonly string[], report: Report): Promise<void> {
    const { window } = record;
    const text = texts.checkElsewhere(record, check);
    await this.agents().change(window, { proof: 'reported', done: false, report: JSON.stringify(report) });
    await this.options.store.note(text);
    for (const to of ['user', 'mother']) await this.options.notices.notify(to, text, `${report.id}:elsewhere:${to}`);
  }

  private async start(record: AgentRecord, check: readonly string[], report: Report): Promise<void> {
    const patch: AgentPatch = {
      proof: 'checking',
      done: false,
      report: JSON.stringify(report),
      activity: `check: ${commandText(check)}`.slice(0, 200),
    };
    await this.agents().change(record.window, patch);
    await this.options.store.note(`Checking the work of ${record.name}: ${commandText(check)}`);
    this.begin({ ...record, ...patch }, report);
  }

  /** Runs the check beside the queue; its end is settled in the queue. */
  private begin(record: AgentRecord, report: Report): void {
    const { window, name } = record;
    this.running.get(window)?.abort();
    const controller = new AbortController();
    this.running.set(window, controller);
    const isCurrent = (): boolean => this.running.get(window) === controller;
    void this.run(record, controller.signal)
      .then(({ evidence, output }) =>
        this.options.work.add(async () => {
          if (!isCurrent()) return;
          this.running.delete(window);
          await this.settle(window, report, evidence, output);
        }),
      )
      .catch((error: unknown) => {
        this.options.log.error('check.failed', { agent: name, error: errorMessage(error) });
        this.options.work.add(async () => {
          if (!isCurrent()) return;
          this.running.delete(window);
          await this.notRun(record, report, errorMessage(error));
        });
      });
  }

  /** Nothing is known of the work: its check could not be run for a reason that is not the agent's. */
  private async notRun({ window, name }: AgentRecord, report: Report, why: string): Promise<void> {
    if (this.options.agents()?.get(window)?.proof !== 'checking') return;
    await this.options.notices.notify('user', texts.checkNotRun(name, why), `${report.id}:not-run`);
    await this.agents().change(window, { proof: '', activity: `the check cannot run: ${why}`.slice(0, 200) });
  }

  private async run(
    record: AgentRecord,
    signal: AbortSignal,
  ): Promise<{ readonly evidence: Evidence; readonly output: string }> {
    const { name, workspace } = record;
    const command = checkOf(record, this.options.settings.check) ?? [];
    await this.assertApproved(command);
    const at = Date.now();
    const log = this.evidence.logOf(name, at);
    const before = await readWorkState(this.git, workspace);
    const end = await this.records.during(name, (marks) =>
      runCheck({
        command,
        folder: workspace,
        env: { ...this.options.envOf(record), ...marks },
        log,
        timeoutMs: this.options.settings.checkTimeoutMs ?? CHECK_TIMEOUT_MS,
        signal,
      }),
    );
    const after = await readWorkState(this.git, workspace);
    const reason = await this.whyNot(record, end, before, after);
    const evidence: Evidence = {
      at,
      commit: after?.commit ?? '',
      command: [...command],
      exitCode: end.exitCode,
      durationMs: end.durationMs,
      verdict: end.isCancelled ? 'cancelled' : reason === '' ? 'proven' : 'red',
      reason,
      log,
      uncommitted: [...(after?.changed ?? []), ...(after?.untracked ?? [])].slice(0, 1000),
      ...(reason === '' ? await this.freshness.filesOf(record) : {}),
    };
    if (!signal.aborted || end.isCancelled) await this.evidence.keep(name, evidence);
    return { evidence, output: end.output };
  }

  /** The record comes from Redis: only the user's settings and approvals decide what runs. */
  private async assertApproved(command: readonly string[]): Promise<void> {
    const isStandard = JSON.stringify(command) === JSON.stringify(this.options.settings.check ?? []);
    if (!isStandard && !(await this.approved.has(command))) throw new Error(texts.notApproved(command));
  }

  /** Returns why a check proves nothing; empty when it proves the work. */
  private async whyNot(
    record: AgentRecord,
    end: CheckEnd,
    before: WorkState | null,
    after: WorkState | null,
  ): Promise<string> {
    if (!end.isGreen) return end.reason;
    if (!this.freshness.hasOwnTree(record)) return '';
    if (before === null || after === null) return 'passed, but git cannot read the folder';
    if (before.commit !== after.commit) return 'passed, but the commit changed while it ran';
    if (after.changed.length > 0) return `passed, but ${after.changed[0] ?? ''} is not committed`;
    const command = checkOf(record, this.options.settings.check) ?? [];
    const deleted = await this.deleted.describe(command, record.workspace, after.commit);
    return deleted === '' ? '' : `passed, but ${deleted}`;
  }

  private async settle(window: number, { id, text }: Report, evidence: Evidence, output: string): Promise<void> {
    const agents = this.options.agents();
    const record = agents?.get(window);
    if (!agents || !record || record.proof !== 'checking') return;
    const { store, notices, onDone } = this.options;
    const stored = JSON.stringify({ ...evidence, uncommitted: evidence.uncommitted.slice(0, 500) });
    if (evidence.verdict === 'proven') {
      await this.compareOthers(window);
      const proof = { proof: 'proven', evidence: stored, reds: 0, report: '' } as const;
      const done = await agents.reportDone(window, text, proof);
      await notices.done(done, text, id, texts.provenBy(evidence));
      return onDone(true, id);
    }
    const reds = evidence.verdict === 'red' ? (record.reds ?? 0) + 1 : (record.reds ?? 0);
    const activity = `the check ${evidence.reason}`;
    await store.note(`${record.name}: ${activity}`);
    if (evidence.verdict === 'red') {
      await notices.notify(labelOfWindow(window), texts.checkFailed(evidence, output, reds), `${id}:red`);
      if (reds === texts.REDS_UNTIL_USER)
        await notices.notify('user', texts.askUserAboutReds(record.name, evidence, reds), `${id}:user`);
    }
    // Last: a leader that dies before this runs the check again, and the messages have the same ids.
    const proof = evidence.verdict === 'red' ? 'red' : '';
    await agents.change(window, { proof, evidence: stored, reds, activity, report: '' });
  }

  /** Compares the other proven agents: this one's end may free agents that wait for them as well. */
  private async compareOthers(window: number): Promise<void> {
    for (const other of this.options.agents()?.all ?? []) if (other.window !== window) await this.compare(other.window);
  }

  private async compare(window: number): Promise<void> {
    const agents = this.options.agents();
    const record = agents?.get(window);
    const evidence = record ? evidenceOf(record) : null;
    if (!agents || !record || !evidence || record.proof !== 'proven') return;
    if (!(await this.freshness.isStale(record, evidence, agents.all))) return;
    await agents.change(window, { proof: 'stale', done: false });
    await this.options.store.note(`${record.name} changed files after its proof`);
    await this.options.notices.notify(labelOfWindow(window), texts.proofIsStale(), `${window}:${evidence.at}:stale`);
  }

  private async ask(window: number): Promise<void> {
    const agents = this.options.agents();
    const record = agents?.get(window);
    const check = record ? checkOf(record, this.options.settings.check) : null;
    if (!agents || !record || !check || record.status !== 'idle' || !mayBeAsked(record)) return;
    const purpose = `${window}:${record.startedAt}:asked`;
    await this.options.notices.notify(labelOfWindow(window), texts.askWhetherDone(check), purpose);
    await this.options.notices.notify(
      'mother',
      `${record.name} stopped without reporting done; TACO asked it.`,
      `${purpose}:mother`,
    );
    await agents.change(window, { asked: true });
  }
}

/** Returns whether an agent that stopped may be asked for its report. */
function mayBeAsked({ proof, done, asked }: AgentRecord): boolean {
  return proof !== 'checking' && proof !== 'reported' && !done && !asked;
}

function uncommitted(state: WorkState | null): readonly string[] {
  return state ? [...state.changed, ...state.untracked] : [];
}
