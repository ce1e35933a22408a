import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import type { PullRequest } from '../../core/proof/pullRequest';
import type { AgentView } from '../../core/team/snapshot';
import type { LoadEngineApi } from '../project/engineApi';
import type { ProjectHost } from '../project/projectHost';
import { hasSession } from '../project/projectState';
import { setting } from '../project/settings';

/** Interval at which GitHub is asked while the view is visible, milliseconds. */
const REFRESH_EVERY_MS = 60_000;

/**
 * The pull requests of the agents, as GitHub last showed them. GitHub is asked only when the user asks, or once a minute
 * while they are visible and the user has let TACO watch them.
 */
export class PullRequestStates implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables = new DisposableStore();
  private byAgent: ReadonlyMap<string, PullRequest> = new Map();
  /** When the session began whose pull requests are shown; another session has other agents. */
  private session = '';
  private reading: Promise<void> | null = null;
  private readAt = 0;

  readonly onChange = this.changed.event;

  constructor(
    private readonly host: ProjectHost,
    private readonly loadBackend: LoadEngineApi,
    private readonly logger: Logger,
  ) {
    this.disposables.addAll(
      this.changed,
      host.onChange(() => this.forgetOthers()),
    );
  }

  /** Returns the pull request of an agent; undefined when none is known. */
  of({ name }: Pick<AgentView, 'name'>): PullRequest | undefined {
    return this.byAgent.get(name);
  }

  /** Asks GitHub once. Overlapping calls share one request. Throws the errors of `PullRequests.status`. */
  refresh(): Promise<void> {
    this.reading ??= this.read().finally(() => (this.reading = null));
    return this.reading;
  }

  /** Keeps the states fresh until the result is disposed: for a view that shows them. A failure shows the old states. */
  retain(): vscode.Disposable {
    const refresh = (): void => {
      if (setting('taco.pullRequests') !== 'watch' || Date.now() - this.readAt < REFRESH_EVERY_MS) return;
      void this.refresh().catch((error: unknown) => this.logger.debug('pull-requests.read', { error }));
    };
    refresh();
    const timer = setInterval(refresh, REFRESH_EVERY_MS / 4);
    return { dispose: () => clearInterval(timer) };
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async read(): Promise<void> {
    const { project, state } = this.host;
    if (!project || !hasSession(state) || !state.snapshot) return;
    this.readAt = Date.now();
    const session = this.sessionNow();
    const agents = state.snapshot.agents.filter(({ window }) => window !== MOTHER_WINDOW);
    const { pullRequests } = (await this.loadBackend()).workRecords(project.dir);
    const found = await pullRequests.status(agents);
    if (session !== this.sessionNow()) return;
    this.session = session;
    this.byAgent = new Map(found.flatMap(({ agent, pullRequest }) => (pullRequest ? [[agent, pullRequest]] : [])));
    this.changed.fire();
  }

  private forgetOthers(): void {
    if (this.byAgent.size === 0 || this.sessionNow() === this.session) return;
    this.byAgent = new Map();
    this.changed.fire();
  }

  private sessionNow(): string {
    const { project, state } = this.host;
    return `${project?.dir ?? ''} ${state.snapshot?.session?.started_at ?? ''}`;
  }
}
