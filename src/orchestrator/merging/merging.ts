import { readFile } from 'node:fs/promises';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { DisposableLike } from '../../core/base/disposable';
import { FIRST_AGENT_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import type { SerialQueue } from '../../core/base/serialQueue';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import { specsOf } from '../../core/plan/agentSpecs';
import { sortByDependencies } from '../../core/plan/sortByDependencies';
import type { TacoPaths } from '../../core/programs/paths';
import { isOver, newStep, type MergeJournal, type MergeStep } from '../../core/proof/mergeJournal';
import * as texts from '../../core/proof/mergeTexts';
import type { StateStore } from '../../core/team/ports';
import { EvidenceStore } from '../../environment/checks/evidenceStore';
import { runCheck } from '../../environment/checks/runCheck';
import { Git } from '../../environment/git/git';
import { Worktrees } from '../../environment/git/worktrees';
import { JournalFile } from '../../environment/merging/journalFile';
import { LaneTree } from '../../environment/merging/laneTree';
import { MergeLane } from '../../environment/merging/mergeLane';
import { MergeQueue } from '../../environment/merging/mergeQueue';
import type { EngineSettings } from '../../team/engineSettings';
import type { AgentManager } from '../agents/agentManager';
import type { Proofs } from '../proof/proofs';
import type { TeamNotifier } from '../session/teamNotifier';
import { PreparationRecords } from '../workspaces/preparationRecords';

/** Default run time of the check of a merged result, milliseconds. */
const CHECK_TIMEOUT_MS = 15 * 60_000;
/** Name under which the logs of those checks are kept. */
const MERGES = 'merges';

export interface MergingOptions {
  readonly store: Pick<StateStore, 'note'>;
  readonly settings: Pick<
    EngineSettings,
    'check' | 'mergeCheck' | 'mergeMethod' | 'checkTimeoutMs' | 'worktreeSetup' | 'worktreeInclude'
  >;
  readonly paths: TacoPaths;
  readonly projectId: string;
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly agents: () => AgentManager | undefined;
  readonly proofs: Proofs;
  readonly notices: TeamNotifier;
  readonly work: SerialQueue;
  readonly log: Logger;
}

/** Which work to merge; no names: all that is proven. */
export interface MergeOrderRequest {
  readonly agents: readonly string[];
  readonly ticket: string;
}

/** Runs the merge lane beside the leader's other work, one run at a time, and gives failed steps to their authors. */
export class Merging implements DisposableLike {
  private readonly git: Git;
  private readonly journal: JournalFile;
  private readonly worktrees: Worktrees;
  private readonly records: PreparationRecords;
  private readonly lane: MergeLane;
  private ending = new AbortController();
  private readonly queue: MergeQueue;
  private running = false;
  private disposed = false;

  constructor(private readonly options: MergingOptions) {
    const { paths, projectId, projectDir, env, settings } = options;
    this.git = new Git(env);
    this.journal = new JournalFile(paths.mergeJournal(projectId));
    this.queue = new MergeQueue(paths.mergeQueue(projectId));
    this.worktrees = new Worktrees(projectDir, paths.worktreesDir(projectId), env);
    this.records = new PreparationRecords(paths.runningMergesDir(projectId));
    const tree = new LaneTree(this.git, {
      projectDir,
      path: paths.laneDir(projectId),
      env,
      setup: settings.worktreeSetup ?? [],
      include: settings.worktreeInclude ?? [],
    });
    this.lane = new MergeLane(this.git, projectDir, tree);
  }

  /** Continues a run that a former leader began, and then the requests that wait. */
  async takeOver(): Promise<void> {
    await this.records.endLeft();
    if (!this.options.agents()) return;
    const journal = await this.journal.read();
    // It was begun before the former leader could take it from the queue.
    if (journal) await this.queue.remove(journal.id);
    if (journal && journal.endedAt === null) this.start(journal);
    else await this.next().catch((error: unknown) => this.note(error));
  }

  /** Queues a run, and begins it unless another one is under way. Throws TacoError worktree-refused. */
  async begin({ agents, ticket }: MergeOrderRequest, id: string): Promise<void> {
    // A request that a former leader did not acknowledge comes again.
    if ((await this.journal.read())?.id === id) return;
    await this.queue.add({ id, agents: [...agents], ticket });
    await this.next();
  }

  /** Ends the run; the next leader continues it. */
  cancel(): void {
    this.ending.abort();
  }

  /** Ends the run and forgets the requests that wait: the team stops. */
  async stop(): Promise<void> {
    this.cancel();
    await this.queue.clear();
  }

  private async next(): Promise<void> {
    const [request] = this.running ? [] : await this.queue.list();
    if (!request || this.running) return;
    this.running = true;
    try {
      const journal = await this.plan(request, request.id);
      await this.journal.write(journal);
      await this.queue.remove(request.id);
      this.start(journal);
    } catch (error) {
      this.running = false;
      await this.journal.write({ ...emptyJournal(request, request.id), problem: errorMessage(error) });
      await this.queue.remove(request.id);
      throw error;
    }
  }

  private note(error: unknown): Promise<void> {
    return this.options.store.note(`merge: ${errorMessage(error)}`);
  }

  dispose(): void {
    this.disposed = true;
    this.cancel();
  }

  private async plan(request: MergeOrderRequest, id: string): Promise<MergeJournal> {
    const { settings, projectDir } = this.options;
    const names = request.agents;
    const branch = await this.git.run(projectDir, ['symbolic-ref', '--short', '--quiet', 'HEAD']);
    if (!branch.ok)
      throw errors.worktreeRefused(
        'The project is on no branch, so a merge could get lost.',
        'Switch to a branch first.',
      );
    const all = this.options.agents()?.all ?? [];
    const wanted = (record: AgentRecord): boolean =>
      names.length === 0 ? record.proof === 'proven' : names.includes(record.name);
    const trees = await this.worktrees.list();
    const chosen = all.filter((record) => record.window >= FIRST_AGENT_WINDOW && wanted(record));
    const specs = [...specsOf(chosen)].sort((a, b) => a.window - b.window);
    const order = sortByDependencies(specs, ({ depends_on, wait_for }) => [...depends_on, ...wait_for]);
    const steps = order.flatMap(({ name }) => {
      const record = chosen.find((each) => each.name === name);
      const tree = trees.find(({ path }) => record && within(path, record.workspace));
      if (!record || !tree) return [];
      return [newStep({ agent: name, window: record.window, branch: tree.branch, path: tree.path })];
    });
    const check = settings.mergeCheck?.length ? settings.mergeCheck : (settings.check ?? []);
    const method = settings.mergeMethod ?? 'merge';
    return { ...emptyJournal(request, id), endedAt: null, target: branch.out, method, check: [...check], steps };
  }

  private start(journal: MergeJournal): void {
    this.running = true;
    if (this.ending.signal.aborted) this.ending = new AbortController();
    const { signal } = this.ending;
    void this.lane
      .run(journal, {
        signal,
        write: this.writer(journal),
        whyNot: (step) => this.whyNot(step, journal),
        check: (step, folder) => this.check(step, folder, journal, signal),
      })
      .catch((error: unknown) => this.options.log.error('merge.failed', { error: errorMessage(error) }))
      .finally(() => {
        this.running = false;
        if (!this.disposed) this.options.work.add(() => this.next().catch((error: unknown) => this.note(error)));
      });
  }

  /**
   * Returns the function that writes the journal of a run. The journal has the end of a step before anybody is notified of
   * it, and that everybody was afterwards: the next leader repeats a message with the same id, never the step.
   */
  private writer({ steps }: MergeJournal): (now: MergeJournal) => Promise<void> {
    const notified = new Set(steps.flatMap((step, index) => (step.notified ? [index] : [])));
    const marked = (now: MergeJournal): MergeJournal => ({
      ...now,
      steps: now.steps.map((step, index) => ({ ...step, notified: notified.has(index) })),
    });
    return async (now) => {
      const isEnd = now.endedAt !== null;
      if (!isEnd) await this.journal.write(marked(now));
      const before = notified.size;
      for (const [index, step] of now.steps.entries()) {
        if (!isOver(step) || notified.has(index)) continue;
        await this.onStep(step, now);
        notified.add(index);
      }
      if (isEnd)
        await this.onEnd(now).catch((error: unknown) =>
          this.options.log.warn('merge.afterwards', { error: errorMessage(error) }),
        );
      if (isEnd || notified.size > before) await this.journal.write(marked(now));
    };
  }

  /** Runs in the leader's queue: only there an agent's state changes. */
  private inQueue<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.ending;
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => reject(new Error('The run was ended.'));
      signal.addEventListener('abort', onAbort, { once: true });
      this.options.work.add(() =>
        work()
          .then(resolve, reject)
          .finally(() => signal.removeEventListener('abort', onAbort)),
      );
    });
  }

  private whyNot(step: MergeStep, { steps }: MergeJournal): Promise<string> {
    return this.inQueue(async () => {
      const record = this.options.agents()?.get(step.window);
      if (!record || record.name !== step.agent) return `${step.agent} left the team`;
      if (await this.options.proofs.isProven(step.window)) return '';
      const now = this.options.agents()?.get(step.window)?.proof;
      // A user who names an agent without a check takes its word.
      if (now === 'reported' && steps.length === 1) return '';
      return now === undefined || now === '' ? 'it has not reported done' : `its work is ${now}, not proven`;
    });
  }

  private async check(step: MergeStep, folder: string, { check }: MergeJournal, signal: AbortSignal) {
    const { paths, projectId, env, settings } = this.options;
    const store = new EvidenceStore(paths.evidenceDir(projectId));
    const at = Date.now();
    const log = store.logOf(MERGES, at);
    const end = await this.records.during(step.agent, (marks) =>
      runCheck({
        command: check,
        folder,
        env: { ...env, ...marks },
        log,
        timeoutMs: settings.checkTimeoutMs ?? CHECK_TIMEOUT_MS,
        signal,
      }),
    );
    const verdict = end.isCancelled ? 'cancelled' : end.isGreen ? 'proven' : 'red';
    const { exitCode, durationMs, reason } = end;
    const evidence = {
      at,
      commit: step.result,
      command: check,
      exitCode,
      durationMs,
      verdict,
      reason,
      log,
      uncommitted: [],
    };
    if (!signal.aborted) await store.keep(MERGES, { ...evidence, verdict });
    return { ...end, log };
  }

  private async onStep(step: MergeStep, journal: MergeJournal): Promise<void> {
    const { notices, store } = this.options;
    await store.note(texts.stepLine(step, journal.target));
    const to = labelOfWindow(step.window);
    const purpose = `${journal.id}:${step.agent}:${step.state}`;
    const change = (patch: Parameters<AgentManager['change']>[1]): Promise<void> =>
      this.inQueue(async () => void (await this.options.agents()?.change(step.window, patch)));
    switch (step.state) {
      case 'merged':
        return change({ proof: 'merged' });
      case 'conflict':
        await notices.notify(to, texts.resolveConflict(step, journal.target), purpose);
        return change({ proof: 'conflict', done: false, activity: step.reason.slice(0, 200) });
      case 'red': {
        const output = await readFile(step.log, 'utf8').catch(() => '');
        await notices.notify(to, texts.repairMerge(step, journal, output), purpose);
        return change({ proof: 'red', done: false, activity: step.reason.slice(0, 200) });
      }
      case 'blocked':
        await notices.notify('user', `The merge of ${step.agent} waits for you: ${step.reason}`, purpose);
        return;
      default:
        return undefined;
    }
  }

  /** Brings agents without work of their own to the target, and tells those that work on. */
  private async onEnd(journal: MergeJournal): Promise<void> {
    const merged = journal.steps.filter(({ state }) => state === 'merged').map(({ agent }) => agent);
    if (merged.length === 0) return;
    await this.options.store.note(`Merged into ${journal.target}: ${merged.join(', ')}`);
    const warning = texts.mergedUnchecked(journal);
    if (warning !== null) await this.options.store.note(warning);
    const trees = await this.worktrees.list();
    for (const record of this.options.agents()?.all ?? []) {
      const tree = trees.find(({ path }) => within(path, record.workspace));
      if (!tree || record.done || merged.includes(record.name) || record.status === 'exited') continue;
      const isIdle = record.status === 'idle' && tree.keeps === '' && tree.ahead === 0;
      const forward = isIdle && (await this.git.run(tree.path, ['merge', '--quiet', '--ff-only', journal.target])).ok;
      // A waiting agent has not begun: it needs no message.
      if (!forward)
        await this.options.notices.notify(
          labelOfWindow(record.window),
          texts.targetMoved(merged, journal.target),
          `${journal.id}:${record.window}:moved`,
        );
    }
  }
}

function within(tree: string, folder: string): boolean {
  return folder === tree || folder.startsWith(`${tree}/`);
}

function emptyJournal({ ticket }: MergeOrderRequest, id: string): MergeJournal {
  const at = Date.now();
  return { id, ticket, at, endedAt: at, target: '', method: 'merge', check: [], steps: [], problem: '' };
}
