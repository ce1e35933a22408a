import * as vscode from 'vscode';
import type { Logger } from '../../core/base/logger';
import { projectSummary, type ProjectSummary } from '../../core/team/projectSummary';
import type { ProjectsReader } from '../../team/projects/projectsReader';
import type { ProjectHost } from '../project/projectHost';

/** Interval at which the other teams of this machine are read, milliseconds. */
const READ_EVERY_MS = 5000;

/** The other teams on this machine that need the user, for the badge. It only reads what is there. */
export class OtherProjects implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly timer: NodeJS.Timeout;
  private found: readonly ProjectSummary[] = [];
  private reading = false;
  readonly onChange = this.changed.event;

  constructor(
    private readonly host: ProjectHost,
    private readonly projects: () => Promise<Pick<ProjectsReader, 'read'>>,
    private readonly logger: Logger,
  ) {
    this.timer = setInterval(() => void this.read(), READ_EVERY_MS);
  }

  /** Returns the teams that need the user, without the one of this window. */
  get waiting(): readonly ProjectSummary[] {
    return this.found.filter(({ needs, project }) => needs.length > 0 && project !== this.host.project?.dir);
  }

  dispose(): void {
    clearInterval(this.timer);
    this.changed.dispose();
  }

  private async read(): Promise<void> {
    // A window without a team has opened no Redis, and opens none for others.
    if (this.reading || !this.host.state.snapshot) return;
    this.reading = true;
    try {
      const before = JSON.stringify(this.waiting);
      this.found = (await (await this.projects()).read()).map((view) => projectSummary(view));
      if (JSON.stringify(this.waiting) !== before) this.changed.fire();
    } catch (error) {
      this.logger.debug('projects.read', { error });
    } finally {
      this.reading = false;
    }
  }
}
