import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newStep } from '../../../../src/core/proof/mergeJournal';
import { Git } from '../../../../src/environment/git/git';
import { JournalFile } from '../../../../src/environment/merging/journalFile';
import { LaneTree } from '../../../../src/environment/merging/laneTree';
import { MergeLane } from '../../../../src/environment/merging/mergeLane';
import { UndoMerge } from '../../../../src/environment/merging/undoMerge';
import { GitProject } from '../../../support/gitProject';

const GREEN = { isGreen: true, isCancelled: false, exitCode: 0, reason: '', durationMs: 1, output: '', log: '' };

describe('undoing a merge', function () {
  this.timeout(120_000);
  let bed: GitProject;
  let undo: UndoMerge;
  let begin: string;
  const head = (): string => bed.git(bed.project, 'rev-parse', 'main');
  beforeEach(async () => {
    bed = new GitProject();
    begin = head();
    const git = new Git(bed.env);
    const names = ['api', 'web'];
    const steps = [];
    for (const [index, agent] of names.entries()) {
      const path = await bed.withWork(agent, `${agent}.txt`, `${agent}\n`);
      steps.push(newStep({ agent, window: index + 2, branch: `taco/team/${agent}`, path }));
    }
    const path = join(bed.dir, 'lane');
    const tree = new LaneTree(git, { projectDir: bed.project, path, env: bed.env, setup: [], include: [] });
    const journal = new JournalFile(join(bed.dir, 'merge.json'));
    undo = new UndoMerge(git, bed.project, journal);
    await assert.rejects(undo.find(), /none is known/);
    await new MergeLane(git, bed.project, tree).run(
      { id: '1', ticket: 't', at: 1, endedAt: null, target: 'main', method: 'merge', check: [], steps, problem: '' },
      {
        write: (now) => journal.write(now),
        whyNot: async () => '',
        check: async () => GREEN,
        signal: new AbortController().signal,
      },
    );
  });
  afterEach(() => bed.close());

  it('takes the steps back one by one, keeps uncommitted files, and keeps each result', async () => {
    writeFileSync(join(bed.project, 'draft.txt'), 'mine');
    const merged = head();
    const ref = await undo.undo(await undo.find());
    assert.deepEqual(
      [existsSync(join(bed.project, 'web.txt')), existsSync(join(bed.project, 'api.txt'))],
      [false, true],
    );
    assert.equal(bed.git(bed.project, 'rev-parse', ref), merged);
    await undo.undo(await undo.find());
    assert.equal(head(), begin);
    assert.ok(existsSync(join(bed.project, 'draft.txt')));
    await assert.rejects(undo.find(), /has other commits since/);
  });

  it('is refused when the branch has newer commits, or a file with changes is in the way', async () => {
    const found = await undo.find();
    writeFileSync(join(bed.project, 'web.txt'), 'changed');
    const merged = head();
    await assert.rejects(undo.undo(found), { code: 'worktree-refused' });
    assert.equal(head(), merged);
    bed.git(bed.project, 'commit', '-q', '-am', 'mine');
    await assert.rejects(undo.undo(found), /main has moved/);
    await assert.rejects(undo.find(), /has other commits since/);
  });
});
