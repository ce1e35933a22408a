import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import type { SerialQueue } from '../../core/base/serialQueue';
import type { ControlRequest } from '../../core/team/controlRequest';
import { Git } from '../../environment/git/git';
import { SentNews } from '../../environment/gitHub/sentNews';
import { WorkRecords } from '../../team/work/workRecords';
import { type LauncherOptions, programEnvironment } from '../launch/launcherOptions';
import { checkEnvironment } from '../proof/checkEnvironment';
import { Proofs } from '../proof/proofs';
import type { LiveSession } from '../session/liveSession';
import type { TeamNotifier } from '../session/teamNotifier';
import { ConflictWatch } from './conflictWatch';
import { Merging } from './merging';
import { PullRequestWatch } from './pullRequestWatch';

export interface FinishedWorkOptions extends LauncherOptions {
  readonly session: () => LiveSession | undefined;
  readonly notices: TeamNotifier;
  readonly work: SerialQueue;
  readonly log: Logger;
}

/** Requests about work that is finished, in the words of its agent or of the user. */
export type WorkRequest = Extract<
  ControlRequest,
  { readonly kind: 'report-done' | 'run-check' | 'cancel-check' | 'accept-work' | 'merge' }
>;

/** Leads work on after its agent reports it: the proof, then the merge. */
export class FinishedWork implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly proofs: Proofs;
  private readonly merging: Merging;
  private readonly conflicts: ConflictWatch;

  constructor(private readonly options: FinishedWorkOptions) {
    const shared = { ...options, env: programEnvironment(options), agents: () => options.session()?.agents };
    this.proofs = this.disposables.add(
      new Proofs({
        ...shared,
        envOf: (record) => checkEnvironment(options, record),
        onDone: (isProven, id) => this.onDone(isProven, id),
      }),
    );
    this.merging = this.disposables.add(new Merging({ ...shared, proofs: this.proofs }));
    const { settings, paths, projectDir, projectId } = options;
    if (settings.pullRequests === 'watch') {
      const { pullRequests } = new WorkRecords(projectDir, paths, shared.env);
      const sent = new SentNews(paths.sentNews(projectId));
      const intervalMs = settings.pullRequestIntervalMs;
      this.disposables.add(new PullRequestWatch({ ...shared, pullRequests, sent, intervalMs }));
    }
    this.conflicts = this.disposables.add(new ConflictWatch({ ...shared, git: new Git(shared.env) }));
  }

  /** Continues the checks and the merges that a former leader began. */
  async takeOver(): Promise<void> {
    await this.proofs.takeOver();
    await this.merging.takeOver();
  }

  /** Carries out one request. Throws TacoError worktree-refused, not-leader. */
  async act(request: WorkRequest, id: string): Promise<void> {
    switch (request.kind) {
      case 'report-done':
        return this.proofs.report(request.window, request.text, id);
      case 'run-check':
        return this.proofs.rerun(request.window, id);
      case 'cancel-check':
        return this.proofs.cancel(request.window);
      case 'accept-work':
        return this.proofs.accept(request.window, id);
      case 'merge':
        return this.merging.begin(request, id);
    }
  }

  onHook(window: number, event: string): void {
    this.proofs.onTurn(window, event);
    if (event === 'Stop') this.conflicts.onTurn();
  }

  /** Ends everything that runs: the team stops. */
  async cancel(): Promise<void> {
    this.proofs.cancelAll();
    await this.merging.stop();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async onDone(isProven: boolean, id: string): Promise<void> {
    this.options.session()?.wake(); // agents that waited for it are freed
    if (isProven && this.options.settings.mergeWhenProven)
      await this.merging.begin({ agents: [], ticket: '' }, `${id}:merge`);
  }
}
