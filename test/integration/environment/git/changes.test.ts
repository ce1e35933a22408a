import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Changes } from '../../../../src/environment/git/changes';
import { Worktrees } from '../../../../src/environment/git/worktrees';
import { refused } from '../../../support/gitProject';

describe('what agents changed', function () {
  this.timeout(20_000);
  let dir: string;
  let project: string;
  let env: Record<string, string>;
  let changes: Changes;

  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const write = (folder: string, name: string, text: string): void => writeFileSync(join(folder, name), text);
  const commit = (folder: string): void => void (git(folder, 'add', '--all'), git(folder, 'commit', '-q', '-m', 'c'));
  const changedFiles = async (workspace: string) =>
    (await changes.of(workspace))?.files.map(({ path, kind, added, removed, basePath }) => [
      kind,
      path,
      added,
      removed,
      ...(basePath === path ? [] : [basePath]),
    ]);

  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-changes-')));
    project = join(dir, 'project');
    mkdirSync(project);
    env = {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      GIT_AUTHOR_NAME: 'T',
      GIT_AUTHOR_EMAIL: 't@localhost',
      GIT_COMMITTER_NAME: 'T',
      GIT_COMMITTER_EMAIL: 't@localhost',
    };
    git(project, 'init', '-q', '-b', 'main');
    for (const name of ['a.txt', 'b.txt', 'c d.txt']) write(project, name, `${name}\n1\n2\n3\n4\n5\n6\n7\n8\n`);
    commit(project);
    changes = new Changes(project, env);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('in a worktree is all since it parted from the project, committed or not, with names as they are', async () => {
    const { folder: tree } = await new Worktrees(project, join(dir, 'w'), env).add('s', 'api');
    write(tree, 'a.txt', 'a.txt\nother\n');
    commit(tree);
    renameSync(join(tree, 'b.txt'), join(tree, 'ü\n.txt'));
    git(tree, 'add', '--all');
    rmSync(join(tree, 'c d.txt'));
    write(tree, 'new.bin', '\0');
    write(project, 'a.txt', "the user's own\n");
    commit(project);
    assert.deepEqual(await changedFiles(tree), [
      ['changed', 'a.txt', 1, 8],
      ['deleted', 'c d.txt', 0, 9],
      ['added', 'new.bin', null, null],
      ['renamed', 'ü\n.txt', 0, 0, 'b.txt'],
    ]);
    const { base, top } = (await changes.of(tree))!;
    assert.equal(await changes.contents(top, base, 'c d.txt'), 'c d.txt\n1\n2\n3\n4\n5\n6\n7\n8\n');
    assert.equal(await changes.contents(top, base, 'new.bin'), '');
    assert.equal(await changes.contents(top, base, '../../etc/passwd'), '');
  });

  it('in the project is what is not committed, and everything before the first commit', async () => {
    assert.deepEqual(await changedFiles(project), []);
    write(project, 'n.txt', 'n\n');
    assert.deepEqual(await changedFiles(project), [['added', 'n.txt', null, null]]);
    const fresh = join(dir, 'fresh');
    mkdirSync(fresh);
    git(fresh, 'init', '-q');
    write(fresh, 'x.txt', 'x\n');
    git(fresh, 'add', 'x.txt');
    assert.deepEqual(
      (await new Changes(fresh, env).of(fresh))?.files.map(({ path }) => path),
      ['x.txt'],
    );
    assert.equal(await changes.of(dir), null);
  });

  it('has hunks that are found by their lines in the file as it stands', async () => {
    write(project, 'a.txt', 'a.txt\nnew\n1\n2\n3\n4\n5\n6\n7\n');
    const hunks = await changes.hunks((await changes.of(project))!, 'a.txt');
    assert.deepEqual(
      hunks.map(({ first, last }) => [first, last]),
      [
        [1, 5],
        [7, 9],
      ],
    );
    assert.match(hunks[1]?.patch ?? '', /^@@ -6,4 \+7,3 @@[^]*\n-8$/);
  });

  it('is null outside a repository, and a refusal with the cure where git refuses the owner', async function () {
    assert.equal(await changes.of(dir), null);
    if (process.getuid?.() !== 0) return this.skip();
    execFileSync('chown', ['-R', '12345', project]);
    await assert.rejects(
      changes.of(project),
      refused('worktree-refused', /dubious ownership .*git config --global --add safe\.directory \//s),
    );
  });

  it("is read without taking a lock that an agent's own git may need", async () => {
    write(project, '.git/index.lock', '');
    write(project, 'a.txt', 'x\n');
    assert.deepEqual(await changedFiles(project), [['changed', 'a.txt', 1, 9]]);
  });
});
