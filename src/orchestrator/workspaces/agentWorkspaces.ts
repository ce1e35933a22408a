import { existsSync } from 'node:fs';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import type { TacoPaths } from '../../core/programs/paths';
import type { LaunchRequest } from '../../core/team/hosts';
import type { StateStore } from '../../core/team/ports';
import { Worktrees } from '../../environment/git/worktrees';
import type { EngineSettings } from '../../team/engineSettings';
import { PreparationRecords } from './preparationRecords';
import { WorktreeProgress } from './worktreeProgress';

export interface WorkspaceOptions {
  readonly store: Pick<StateStore, 'note' | 'setSession'>;
  readonly settings: Pick<EngineSettings, 'worktrees' | 'worktreeSetup' | 'worktreeInclude'>;
  readonly paths: TacoPaths;
  readonly projectId: string;
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** The joined host on which the agents run; absent on the leader's host. */
  readonly host?: string;
}

/** Provides each agent's folder. The preparation may take minutes and can be cancelled. */
export class AgentWorkspaces {
  private cancelling = new AbortController();
  private readonly records: PreparationRecords;

  constructor(private readonly options: WorkspaceOptions) {
    const { paths, projectId, host } = options;
    this.records = new PreparationRecords(paths.preparationsDir(projectId, host));
  }

  /** True from `cancel` until `allow`. */
  get isCancelled(): boolean {
    return this.cancelling.signal.aborted;
  }

  /** Ends the set-ups that a killed leader left running; the agents' launches run them again. */
  async endLeft(): Promise<void> {
    const agents = await this.records.endLeft();
    if (agents.length > 0) this.options.log.warn('worktree.left', { agents });
  }

  /** Cancels the preparations that run, and blocks new ones until `allow`. */
  cancel(): void {
    this.cancelling.abort();
  }

  /** Allows preparations again. */
  allow(): void {
    if (this.cancelling.signal.aborted) this.cancelling = new AbortController();
  }

  /**
   * Returns the project, or the agent's own worktree, which a relaunch finds again. Throws TacoError
   * no-project, worktree-refused, cancelled.
   */
  async prepare(session: string, { name, spec, earlier }: LaunchRequest): Promise<string> {
    const { settings, paths, projectId, projectDir, env, store, log, host } = this.options;
    if (earlier && existsSync(earlier.workspace)) return earlier.workspace;
    // A program that is started in a folder that is not there ends at once, again and again.
    if (!existsSync(projectDir)) throw errors.folderMissing(projectDir);
    if (spec === null || !(spec.worktree ?? settings.worktrees ?? false)) return projectDir;
    const progress = new WorktreeProgress(name, store, log);
    const { folder, warnings } = await this.records
      .during(name, (marks) =>
        new Worktrees(projectDir, paths.worktreesDir(projectId), { ...env, ...marks }).add(session, name, {
          setup: settings.worktreeSetup ?? [],
          include: settings.worktreeInclude ?? [],
          base: spec.base,
          signal: this.cancelling.signal,
          // Only the leader writes the session's detail.
          ...(host === undefined ? { onProgress: (text: string) => progress.report(text) } : {}),
        }),
      )
      .finally(() => progress.end());
    for (const warning of warnings) {
      log.warn('worktree.warning', { agent: name, warning });
      await store.note(`Warning: ${warning}`);
    }
    if (earlier && earlier.workspace !== folder)
      await store.note(`The folder ${earlier.workspace} of ${name} was deleted: it works in ${folder} now`);
    return folder;
  }
}
