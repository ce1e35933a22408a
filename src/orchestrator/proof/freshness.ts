import { realpathSync } from 'node:fs';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { MOTHER_WINDOW } from '../../core/base/limits';
import { specOf } from '../../core/plan/agentSpecs';
import type { Evidence } from '../../core/proof/proof';
import type { Git } from '../../environment/git/git';
import { treeOfFiles } from '../../environment/git/treeOfFiles';
import { isUnchanged, readWorkState } from '../../environment/git/workState';

/** Decides whether an agent changed files after its proof. */
export class Freshness {
  constructor(
    private readonly git: Git,
    private readonly projectDir: string,
  ) {}

  /** Returns whether the agent works in a tree of its own, so that every change in it is its own. */
  hasOwnTree({ workspace }: AgentRecord): boolean {
    return real(workspace) !== real(this.projectDir);
  }

  /** Returns what the evidence needs of a folder that others change as well: all its files, as a git tree. */
  async filesOf(record: AgentRecord): Promise<Pick<Evidence, 'tree'>> {
    const tree = this.hasOwnTree(record) ? null : await treeOfFiles(this.git, record.workspace);
    return tree === null ? {} : { tree };
  }

  /**
   * Returns whether files changed after the proof. In a folder that several agents share only changes below `owns` are
   * the agent's for certain; others count only when no other agent there has worked since.
   */
  async isStale(record: AgentRecord, evidence: Evidence, all: readonly AgentRecord[]): Promise<boolean> {
    if (this.hasOwnTree(record)) {
      const now = await readWorkState(this.git, record.workspace);
      return now === null || !isUnchanged({ commit: evidence.commit, untracked: evidence.uncommitted }, now);
    }
    if (evidence.tree === undefined) return false;
    const now = await treeOfFiles(this.git, record.workspace);
    if (now === null || now === evidence.tree) return false;
    const owns = specOf(record)?.owns ?? [];
    if (owns.length > 0) return this.differs(record.workspace, evidence.tree, now, owns);
    return !all.some(
      ({ window, workspace, changedAt }) =>
        window !== record.window &&
        window !== MOTHER_WINDOW &&
        real(workspace) === real(record.workspace) &&
        changedAt >= evidence.at,
    );
  }

  private async differs(folder: string, one: string, other: string, globs: readonly string[]): Promise<boolean> {
    const places = globs.map((glob) => `:(top,glob)${glob}`);
    const diff = await this.git.run(folder, ['diff', '--name-only', '--no-renames', '-z', one, other, '--', ...places]);
    return diff.ok && diff.raw !== '';
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
