import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isOver, newStep, type MergeJournal } from '../../../../src/core/proof/mergeJournal';
import { Git } from '../../../../src/environment/git/git';
import { submoduleWithWork } from '../../../../src/environment/git/submodules';
import { LaneTree } from '../../../../src/environment/merging/laneTree';
import { MergeLane, type LaneHooks } from '../../../../src/environment/merging/mergeLane';
import { GitProject } from '../../../support/gitProject';

const GREEN = { isGreen: true, isCancelled: false, exitCode: 0, reason: '', durationMs: 1, output: '', log: '' };

/** A leader that dies at one write of the journal: before the file has it, or after. */
class Death extends Error {}

describe('a merge lane whose leader dies', function () {
  this.timeout(600_000);
  let bed: GitProject;
  let begun: MergeJournal;
  beforeEach(async () => {
    bed = new GitProject();
    const trees = { api: await bed.withWork('api', 'b.txt', 'b\n') };
    const clash = await bed.withWork('clash', 'b.txt', 'other\n');
    const steps = Object.entries({ ...trees, clash }).map(([agent, path], index) =>
      newStep({ agent, window: index + 2, branch: `taco/team/${agent}`, path }),
    );
    begun = {
      id: '1',
      ticket: '',
      at: 1,
      endedAt: null,
      target: 'main',
      method: 'merge',
      check: ['true'],
      steps,
      problem: '',
    };
  });
  afterEach(() => bed.close());

  /** Runs the lane until it ends or dies at the given write (from 1), and returns the journal as the disk has it. */
  async function run(
    journal: MergeJournal,
    diesAt = Infinity,
    isWritten = false,
  ): Promise<{ disk: MergeJournal; writes: number }> {
    const git = new Git(bed.env);
    const tree = new LaneTree(git, {
      projectDir: bed.project,
      path: join(bed.dir, 'lane'),
      env: bed.env,
      setup: [],
      include: [],
    });
    const death = new AbortController();
    let disk = journal;
    let writes = 0;
    const hooks: LaneHooks = {
      write: async (now) => {
        writes += 1;
        if (writes === diesAt) {
          if (isWritten) disk = now;
          death.abort();
          throw new Death();
        }
        disk = now;
      },
      whyNot: async () => '',
      check: async () => GREEN,
      signal: death.signal,
    };
    await new MergeLane(git, bed.project, tree).run(journal, hooks).catch((error: unknown) => {
      if (!(error instanceof Death)) throw error;
    });
    return { disk, writes };
  }

  it('loses and repeats nothing, whatever write of the journal was its last', async () => {
    const main = bed.git(bed.project, 'rev-parse', 'main');
    const { writes, disk: whole } = await run(begun);
    assert.deepEqual(
      whole.steps.map(({ state }) => state),
      ['merged', 'conflict'],
    );
    assert.ok(writes >= 6, `${writes} writes`);
    for (let at = 1; at <= writes; at += 1)
      for (const isWritten of [false, true]) {
        bed.git(bed.project, 'reset', '-q', '--hard', main);
        const dead = await run(begun, at, isWritten);
        const { disk } = await run(dead.disk);
        const where = `write ${at}, ${isWritten ? 'after' : 'before'} the disk had it`;
        assert.deepEqual(
          disk.steps.map(({ state }) => state),
          ['merged', 'conflict'],
          where,
        );
        assert.ok(disk.steps.every(isOver) && disk.endedAt !== null, where);
        assert.equal(bed.git(bed.project, 'log', '--merges', '--format=%s', 'main'), 'Merge the work of api', where);
        assert.equal(bed.read(bed.project, 'b.txt'), 'b\n', where);
        assert.equal(bed.git(bed.project, 'status', '--porcelain'), '', where);
      }
  });

  it('begins a step again when the user commits to the target meanwhile', async () => {
    const git = new Git(bed.env);
    const tree = new LaneTree(git, {
      projectDir: bed.project,
      path: join(bed.dir, 'lane'),
      env: bed.env,
      setup: [],
      include: [],
    });
    let checks = 0;
    const ended = await new MergeLane(git, bed.project, tree).run(
      { ...begun, steps: begun.steps.slice(0, 1) },
      {
        write: async () => undefined,
        whyNot: async () => '',
        check: async () => {
          checks += 1;
          if (checks === 1) bed.commit(bed.project, 'user.txt', 'meanwhile\n');
          return GREEN;
        },
        signal: new AbortController().signal,
      },
    );
    assert.deepEqual([checks, ended.steps[0]?.state], [2, 'merged']);
    assert.deepEqual([bed.read(bed.project, 'user.txt'), bed.read(bed.project, 'b.txt')], ['meanwhile\n', 'b\n']);
  });

  it('checks the merged result with the commit of a submodule that only the agent has, and shares that commit', async () => {
    bed.addSubmodule();
    const git = new Git(bed.env);
    const { folder: path } = await bed.worktrees.add('team', 'lib');
    bed.commit(join(path, 'lib'), 'l.txt', 'by the agent\n');
    bed.commit(path, 'c.txt', 'c\n');
    const commit = bed.git(join(path, 'lib'), 'rev-parse', 'HEAD');
    const tree = new LaneTree(git, {
      projectDir: bed.project,
      path: join(bed.dir, 'lane'),
      env: bed.env,
      setup: [],
      include: [],
    });
    await tree.at(bed.git(bed.project, 'rev-parse', 'main'));
    const checked: string[] = [];
    const steps = [newStep({ agent: 'lib', window: 9, branch: 'taco/team/lib', path })];
    const ended = await new MergeLane(git, bed.project, tree).run(
      { ...begun, steps },
      {
        write: async () => undefined,
        whyNot: async () => '',
        check: async (_step, folder) => {
          checked.push(bed.read(join(folder, 'lib'), 'l.txt'));
          return GREEN;
        },
        signal: new AbortController().signal,
      },
    );
    assert.deepEqual([checked, ended.steps[0]?.reason, ended.steps[0]?.state], [['by the agent\n'], '', 'merged']);
    assert.equal(bed.git(bed.project, 'rev-parse', 'main:lib'), commit);
    bed.git(bed.project, 'submodule', '--quiet', 'update');
    assert.equal(bed.read(join(bed.project, 'lib'), 'l.txt'), 'by the agent\n');
    assert.equal(await submoduleWithWork(git, bed.project, path), null);
  });

  it('merges two commits of a submodule of which one is built on the other', async () => {
    bed.addSubmodule();
    const git = new Git(bed.env);
    const folders: string[] = [];
    for (const name of ['first', 'second']) folders.push((await bed.worktrees.add('team', name)).folder);
    const [first = '', second = ''] = folders;
    bed.commit(join(first, 'lib'), 'l.txt', 'first\n');
    bed.commit(first, 'c.txt', 'c\n');
    bed.git(join(second, 'lib'), 'pull', '--quiet', '--ff-only', join(first, 'lib'), 'HEAD');
    bed.commit(join(second, 'lib'), 'l.txt', 'second\n');
    bed.commit(second, 'd.txt', 'd\n');
    const built = bed.git(join(second, 'lib'), 'rev-parse', 'HEAD');
    const path = join(bed.dir, 'lane');
    const tree = new LaneTree(git, { projectDir: bed.project, path, env: bed.env, setup: [], include: [] });
    const steps = ['first', 'second'].map((agent, index) =>
      newStep({ agent, window: index + 2, branch: `taco/team/${agent}`, path: folders[index] ?? '' }),
    );
    const ended = await new MergeLane(git, bed.project, tree).run(
      { ...begun, steps },
      {
        write: async () => undefined,
        whyNot: async () => '',
        check: async () => GREEN,
        signal: new AbortController().signal,
      },
    );
    assert.deepEqual(
      ended.steps.map(({ state, reason }) => [state, reason]),
      [
        ['merged', ''],
        ['merged', ''],
      ],
    );
    assert.equal(bed.git(bed.project, 'rev-parse', 'main:lib'), built);
  });
});
