import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GitProject, refused } from '../../../support/gitProject';
import { waitUntil } from '../../../support/waitUntil';

describe('merging a worktree', function () {
  this.timeout(30_000);
  let bed: GitProject;
  beforeEach(() => (bed = new GitProject()));
  afterEach(() => bed.close());

  const merge = async (agent = 'api', signal?: AbortSignal) =>
    bed.worktrees.merge(await bed.worktrees.find(agent), signal);
  const state = () => [
    bed.git(bed.project, 'rev-parse', 'HEAD'),
    bed.git(bed.project, 'status', '--porcelain'),
    existsSync(join(bed.project, '.git', 'MERGE_HEAD')),
  ];

  for (const hook of ['pre-merge-commit', 'prepare-commit-msg', 'commit-msg'])
    it(`that the ${hook} hook refuses leaves the files as they were, and says the hook's reason`, async () => {
      await bed.withWork();
      bed.write(bed.project, 'a.txt', 'changed, not committed\n');
      const before = state();
      bed.hook(hook, 'echo "no ticket number" >&2; exit 1');
      await assert.rejects(
        merge(),
        refused('worktree-refused', /^Nothing was merged: no ticket number .*aborted; your files are as they were/s),
      );
      assert.deepEqual(state(), before);
    });

  it('that cannot be signed leaves the files as they were', async () => {
    await bed.withWork();
    const before = state();
    bed.git(bed.project, 'config', 'commit.gpgsign', 'true');
    bed.git(bed.project, 'config', 'gpg.program', 'false');
    await assert.rejects(merge(), refused('worktree-refused', /gpg failed to sign the data.*commit\.gpgsign/s));
    assert.deepEqual(state(), before);
  });

  it('makes a merge commit whatever merge.ff, merge.autoStash and branch.mergeOptions say', async () => {
    await bed.withWork();
    bed.git(bed.project, 'config', 'merge.ff', 'only');
    bed.git(bed.project, 'config', 'merge.autoStash', 'true');
    bed.git(bed.project, 'config', 'branch.main.mergeOptions', '--no-commit --squash');
    bed.write(bed.project, 'mine.txt', 'not committed');
    assert.deepEqual(await merge(), { commits: 1, warnings: [] });
    assert.equal(bed.git(bed.project, 'rev-list', '--merges', '--count', 'HEAD'), '1');
    assert.deepEqual(state().slice(1), ['?? mine.txt', false]);
  });

  it('says so when there is nothing to merge', async () => {
    await bed.withWork();
    await merge();
    assert.equal((await merge()).commits, 0);
  });

  it('leaves the user’s own unfinished merge alone', async () => {
    await bed.withWork();
    bed.git(bed.project, 'checkout', '-q', '-b', 'other');
    bed.commit(bed.project, 'o.txt', 'o');
    bed.git(bed.project, 'checkout', '-q', 'main');
    bed.git(bed.project, 'merge', '-q', '--no-commit', '--no-ff', 'other');
    const before = state();
    await assert.rejects(
      merge(),
      refused('worktree-refused', /a merge is in progress in the project.*Finish or abort/),
    );
    assert.deepEqual(state(), before);
    assert.equal(before[2], true);
  });

  it('is refused during a rebase, in the project and in the worktree', async () => {
    const folder = await bed.withWork('api', 'a.txt', 'by the agent\n');
    bed.commit(bed.project, 'a.txt', 'by the user\n');
    assert.throws(() => bed.git(folder, 'rebase', '-q', 'main'));
    await assert.rejects(merge(), refused('worktree-refused', /a rebase is in progress in team\/api/));
    bed.git(folder, 'rebase', '--abort');
    assert.throws(() => bed.git(bed.project, 'rebase', '-q', 'taco/team/api'));
    await assert.rejects(merge(), refused('worktree-refused', /a rebase is in progress in the project/));
  });

  it('names conflicts in files whose names have line breaks', async () => {
    const name = 'two\nlines ü.txt';
    await bed.withWork('api', name, 'by the agent\n');
    bed.commit(bed.project, name, 'by the user\n');
    await assert.rejects(merge(), (error: { details?: unknown }) => {
      assert.deepEqual(error.details, { files: [name] });
      return true;
    });
  });

  it('that is stopped in a hook is taken back', async () => {
    await bed.withWork();
    const before = state();
    bed.hook('commit-msg', 'touch reached; exec sleep 60');
    const controller = new AbortController();
    const merging = merge('api', controller.signal);
    const reached = join(bed.project, 'reached');
    await waitUntil(() => existsSync(reached), 15_000, 'the hook');
    controller.abort();
    await assert.rejects(merging, refused('worktree-refused', /the merge was stopped.*as they were/));
    bed.git(bed.project, 'clean', '-qf', 'reached');
    assert.deepEqual(state(), before);
  });
});
