import type { AgentRecord } from '../../core/agents/agentRecord';
import type { TacoPaths } from '../../core/programs/paths';
import type { MergeJournal } from '../../core/proof/mergeJournal';
import { checkOf } from '../../core/proof/proof';
import { CheckFollower, type CheckListener } from '../../environment/checks/checkFollower';
import { EvidenceStore } from '../../environment/checks/evidenceStore';
import { Git } from '../../environment/git/git';
import { Worktrees } from '../../environment/git/worktrees';
import { JournalFile } from '../../environment/merging/journalFile';
import { UndoMerge } from '../../environment/merging/undoMerge';
import { projectIdOf } from '../../redis/client/keys';
import { PullRequests } from './pullRequests';

/** Reads the records of finished work on this machine: the evidence, the worktrees, their pull requests and the journal of the merge lane. */
export class WorkRecords {
  readonly evidence: EvidenceStore;
  readonly worktrees: Worktrees;
  readonly pullRequests: PullRequests;
  readonly undo: UndoMerge;
  private readonly file: JournalFile;

  /** @param projectDir real path */
  constructor(projectDir: string, paths: TacoPaths, env: Readonly<Record<string, string | undefined>>) {
    const id = projectIdOf(projectDir);
    this.evidence = new EvidenceStore(paths.evidenceDir(id));
    this.worktrees = new Worktrees(projectDir, paths.worktreesDir(id), env);
    this.pullRequests = new PullRequests(projectDir, this.worktrees, this.evidence, env);
    this.file = new JournalFile(paths.mergeJournal(id));
    this.undo = new UndoMerge(new Git(env), projectDir, this.file);
  }

  /** Returns the run of the merge lane with this ticket; null before it has begun. */
  journal(ticket: string): Promise<MergeJournal | null> {
    return this.file.find(ticket);
  }

  /** Returns the command that proves an agent's work; null when there is none. */
  checkOf(agent: AgentRecord, standard: readonly string[]): readonly string[] | null {
    return checkOf(agent, standard);
  }

  /** Follows the checks of an agent that began after `after`, milliseconds since the epoch. */
  follow(agent: string, after: number, listener: CheckListener): CheckFollower {
    const follower = new CheckFollower(this.evidence, agent, after, listener);
    void follower.start();
    return follower;
  }
}
