import { errorMessage } from '../../core/errors/tacoError';
import { isOver, type MergeJournal, type MergeStep } from '../../core/proof/mergeJournal';
import type { CheckEnd } from '../checks/runCheck';
import type { Git } from '../git/git';
import { readProblem } from '../git/gitProblem';
import { commitOf } from '../git/projectRepository';
import type { LaneTree } from './laneTree';
import { moveBranch } from './moveBranch';

/** Tries of one step while the user commits to the target meanwhile. */
const MAX_RACES = 5;

export interface LaneHooks {
  /** Writes the journal; the next step waits for it. */
  readonly write: (journal: MergeJournal) => Promise<void>;
  /** Returns why the work may not be merged now; empty when it may. */
  readonly whyNot: (step: MergeStep) => Promise<string>;
  /** Runs the check of a merged result in a folder. */
  readonly check: (step: MergeStep, folder: string) => Promise<CheckEnd & { readonly log: string }>;
  readonly signal: AbortSignal;
}

/**
 * Merges the work of agents one after another: in a worktree of TACO's own, then the check, and only then the user's
 * branch moves. A step that fails leaves the target as it was, and the next one begins from there. A journal that a dead
 * process left is continued: a result that the target already has counts as merged.
 */
export class MergeLane {
  constructor(
    private readonly git: Git,
    private readonly projectDir: string,
    private readonly tree: LaneTree,
  ) {}

  /** Runs all steps that are not over. Returns the complete journal; it has no `endedAt` when the signal ended it. */
  async run(journal: MergeJournal, hooks: LaneHooks): Promise<MergeJournal> {
    let now = journal;
    for (const [index] of journal.steps.entries()) {
      const put = async (patch: Partial<MergeStep>): Promise<MergeStep> => {
        const steps = now.steps.map((step, at) => (at === index ? { ...step, ...patch } : step));
        now = { ...now, steps };
        await hooks.write(now);
        return steps[index]!;
      };
      const step = now.steps[index];
      if (hooks.signal.aborted) return now;
      if (!step || isOver(step)) continue;
      try {
        await this.step(step, now, put, hooks);
      } catch (error) {
        if (hooks.signal.aborted) return now;
        await put({ state: 'blocked', reason: errorMessage(error) });
      }
    }
    if (hooks.signal.aborted) return now;
    const ended = { ...now, endedAt: Date.now() };
    await hooks.write(ended);
    return ended;
  }

  private async step(
    step: MergeStep,
    { target, method, check, at }: MergeJournal,
    put: (patch: Partial<MergeStep>) => Promise<MergeStep>,
    hooks: LaneHooks,
  ): Promise<unknown> {
    for (let race = 0; race < MAX_RACES; race++) {
      const before = await commitOf(this.git, this.projectDir, `refs/heads/${target}`);
      if (before === null) return put({ state: 'blocked', reason: `the branch ${target} is gone` });
      if (step.result !== '' && (await this.has(before, step.result))) return put({ state: 'merged' });
      const why = await hooks.whyNot(step);
      if (why !== '') return put({ state: 'skipped', reason: why });
      const tip = await commitOf(this.git, this.projectDir, `refs/heads/${step.branch}`);
      if (tip === null) return put({ state: 'skipped', reason: `the branch ${step.branch} has no commit` });
      if (await this.has(before, tip)) return put({ state: 'merged', tip, before, result: before });

      const ref = `refs/taco/before/${step.branch.replace(/^taco(?:-agents)?\//, '')}-${at}`;
      await this.git.run(this.projectDir, ['update-ref', ref, before]);
      await put({ state: 'merging', tip, before, ref });
      const joined = await this.join(step, method, before, tip, hooks.signal);
      if (hooks.signal.aborted) return undefined;
      if (joined.result === '') return put({ state: joined.files.length > 0 ? 'conflict' : 'blocked', ...joined });
      const ready = await put({ state: 'checking', result: joined.result });
      if (check.length > 0) {
        const end = await hooks.check(ready, joined.folder);
        if (hooks.signal.aborted) return undefined;
        await put({ log: end.log });
        if (!end.isGreen) return put({ state: end.isCancelled ? 'blocked' : 'red', reason: `the check ${end.reason}` });
      }
      await put({ state: 'moving' });
      const moved = await moveBranch(this.git, this.projectDir, target, before, joined.result);
      if (moved.how === 'moved') return put({ state: 'merged' });
      if (moved.how === 'blocked') return put({ state: 'blocked', reason: moved.reason });
    }
    return put({ state: 'blocked', reason: `the branch ${target} moved during each of ${MAX_RACES} tries` });
  }

  /** Joins the work with the target in the lane's worktree; `result` is empty when that failed, with the files in conflict. */
  private async join(
    { agent, path }: MergeStep,
    method: MergeJournal['method'],
    before: string,
    tip: string,
    signal: AbortSignal,
  ): Promise<{ readonly result: string; readonly folder: string; readonly files: string[]; readonly reason: string }> {
    const isMerge = method === 'merge';
    const folder = await this.tree.at(isMerge ? before : tip, signal);
    await this.tree.takeSubmodules(path);
    const message = `Merge the work of ${agent}`;
    const args = isMerge
      ? ['merge', '--commit', '--no-squash', '--no-ff', '--no-autostash', '-m', message, tip]
      : ['rebase', '--quiet', '--no-autostash', before];
    const answer = await this.git.run(folder, args, { signal });
    const head = (await commitOf(this.git, folder, 'HEAD')) ?? '';
    if (answer.ok && head !== before) {
      const reason = await this.tree.checkOutSubmodules(path, signal);
      return { result: reason === '' ? head : '', folder, files: [], reason };
    }
    const unmerged = await this.git.run(folder, ['diff', '--name-only', '--diff-filter=U', '-z']);
    const files = unmerged.raw.split('\0').filter(Boolean);
    const reason =
      files.length > 0 ? `conflicts with the target in ${files.join(', ')}` : readProblem(answer.problem, '').why;
    return { result: '', folder, files, reason };
  }

  private async has(commit: string, ancestor: string): Promise<boolean> {
    return (await this.git.run(this.projectDir, ['merge-base', '--is-ancestor', ancestor, commit])).ok;
  }
}
