import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTacoError, type TacoErrorCode } from '../../../../src/core/errors/tacoError';
import { Worktrees } from '../../../../src/environment/git/worktrees';

const refused =
  (code: TacoErrorCode, words: RegExp) =>
  (error: unknown): boolean =>
    isTacoError(error, code) && words.test(`${error.message} ${error.hint}`);

describe("an agent's git worktree", function () {
  this.timeout(20_000);
  let dir: string;
  let project: string;
  let root: string;
  let env: Record<string, string>;
  let worktrees: Worktrees;

  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const write = (folder: string, name: string, text: string): void => writeFileSync(join(folder, name), text);
  const commit = (folder: string, name: string, text: string): void => {
    write(folder, name, text);
    git(folder, 'add', '--all');
    git(folder, 'commit', '-q', '-m', name);
  };

  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-worktree-')));
    project = join(dir, 'project');
    root = join(dir, 'taco');
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
    commit(project, 'a.txt', 'one\n');
    worktrees = new Worktrees(project, root, env);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("starts with the last commit on its own branch, outside the project, and leaves the user's changes alone", async () => {
    write(project, 'a.txt', 'changed, not committed\n');
    write(project, 'new.txt', 'new\n');
    const before = git(project, 'status', '--porcelain');
    const path = (await worktrees.add('team', 'api')).folder;
    assert.equal(path, join(root, 'team', 'api'));
    assert.equal(git(path, 'symbolic-ref', '--short', 'HEAD'), 'taco/team/api');
    assert.equal(readFileSync(join(path, 'a.txt'), 'utf8'), 'one\n');
    assert.equal(git(project, 'status', '--porcelain'), before);
    assert.deepEqual(
      (await worktrees.list()).map(({ name, keeps, ahead }) => [name, keeps, ahead]),
      [['team/api', '', 0]],
    );
  });

  it('is as deep in the repository as the project is', async () => {
    const deep = join(project, 'packages', 'web');
    mkdirSync(deep, { recursive: true });
    commit(deep, 'b.txt', 'b');
    assert.equal(
      (await new Worktrees(deep, root, env).add('team', 'api')).folder,
      join(root, 'team', 'api', 'packages', 'web'),
    );
  });

  it('is refused, with what to do, without a repository and without a commit', async () => {
    const bare = join(dir, 'bare');
    mkdirSync(bare);
    await assert.rejects(
      new Worktrees(bare, root, env).add('team', 'api'),
      refused('worktree-refused', /no git repository.*git init/),
    );
    git(bare, 'init', '-q');
    await assert.rejects(
      new Worktrees(bare, root, env).add('team', 'api'),
      refused('worktree-refused', /no commit yet/),
    );
    assert.deepEqual(await new Worktrees(bare, root, env).list(), []);
  });

  it('begins with the commit of a detached HEAD, and nothing is merged into that', async () => {
    git(project, 'checkout', '-q', '--detach');
    const path = (await worktrees.add('team', 'api')).folder;
    commit(path, 'b.txt', 'b');
    await assert.rejects(worktrees.merge(await worktrees.find('api')), refused('worktree-refused', /on no branch/));
  });

  it("never takes over an earlier team's branch or folder", async () => {
    const first = (await worktrees.add('team', 'api')).folder;
    commit(first, 'b.txt', 'b');
    await worktrees.remove(await worktrees.find('api'), false);
    assert.equal((await worktrees.add('team', 'api')).folder, join(root, 'team', 'api-2'));
    assert.equal(git(project, 'rev-parse', 'taco/team/api^'), git(project, 'rev-parse', 'main'));
  });

  it('is set up by a command without a shell, whose failure is reported', async () => {
    const path = (await worktrees.add('team', 'api', { setup: ['touch', 'it is; set up'] })).folder;
    assert.ok(existsSync(join(path, 'it is; set up')));
    await assert.rejects(
      worktrees.add('team', 'qa', { setup: ['ls', '/nowhere/at/all'] }),
      refused('worktree-refused', /set-up of qa.*No such file/s),
    );
  });

  it('shows what was committed, changed and added in it', async () => {
    const path = (await worktrees.add('team', 'api')).folder;
    commit(path, 'b.txt', 'committed\n');
    write(path, 'a.txt', 'changed\n');
    write(path, 'ü.txt', 'x');
    commit(project, 'c.txt', 'of the user');
    const { patch, untracked } = await worktrees.diff(await worktrees.find('team/api'));
    assert.match(patch, /\+committed/);
    assert.match(patch, /\+changed/);
    assert.doesNotMatch(patch, /of the user/);
    assert.deepEqual(untracked, ['ü.txt']);
  });

  it("is merged into the user's branch and never overwrites uncommitted changes", async () => {
    const path = (await worktrees.add('team', 'api')).folder;
    commit(path, 'a.txt', 'by the agent\n');
    write(project, 'a.txt', 'by the user, not committed\n');
    await assert.rejects(
      worktrees.merge(await worktrees.find('api')),
      refused('worktree-refused', /Nothing was merged/),
    );
    assert.equal(readFileSync(join(project, 'a.txt'), 'utf8'), 'by the user, not committed\n');
    git(project, 'checkout', '-q', 'a.txt');
    await worktrees.merge(await worktrees.find('api'));
    assert.equal(readFileSync(join(project, 'a.txt'), 'utf8'), 'by the agent\n');
  });

  it("leaves conflicts in the user's files, and names them", async () => {
    const path = (await worktrees.add('team', 'api')).folder;
    commit(path, 'a.txt', 'by the agent\n');
    commit(project, 'a.txt', 'by the user\n');
    await assert.rejects(
      worktrees.merge(await worktrees.find('api')),
      refused('worktree-conflict', /a\.txt.*merge --abort/),
    );
    assert.match(readFileSync(join(project, 'a.txt'), 'utf8'), /<<<<<<< HEAD\nby the user/);
    git(project, 'merge', '--abort');
    assert.equal(readFileSync(join(project, 'a.txt'), 'utf8'), 'by the user\n');
  });

  it('is removed with its branch once all is merged; with its branch kept before', async () => {
    const path = (await worktrees.add('team', 'api')).folder;
    commit(path, 'b.txt', 'b');
    assert.deepEqual(await worktrees.remove(await worktrees.find('api'), false), {
      savedAs: '',
      branchKept: 'taco/team/api',
    });
    assert.equal(git(project, 'show', 'taco/team/api:b.txt'), 'b');
    assert.ok(!existsSync(path));
    (await worktrees.add('team', 'qa')).folder;
    assert.deepEqual(await worktrees.remove(await worktrees.find('qa'), false), { savedAs: '', branchKept: '' });
    assert.equal(git(project, 'branch', '--list', 'taco/team/qa'), '');
  });

  it('is not removed while it has uncommitted work, which is saved first when the user forces the removal', async () => {
    const path = (await worktrees.add('team', 'api')).folder;
    write(path, 'a.txt', 'changed\n');
    write(path, 'new.txt', 'new\n');
    await assert.rejects(
      worktrees.remove(await worktrees.find('api'), false),
      refused('worktree-refused', /2 uncommitted files/),
    );
    assert.ok(existsSync(join(path, 'new.txt')));
    const { savedAs } = await worktrees.remove(await worktrees.find('api'), true);
    assert.ok(!existsSync(path));
    assert.deepEqual(
      [git(project, 'show', `${savedAs}:a.txt`), git(project, 'show', `${savedAs}:new.txt`)],
      ['changed', 'new'],
    );
  });

  it('is not removed with commits that are on no branch', async () => {
    const path = (await worktrees.add('team', 'api')).folder;
    git(path, 'checkout', '-q', '--detach');
    commit(path, 'b.txt', 'b');
    await assert.rejects(
      worktrees.remove(await worktrees.find('api'), false),
      refused('worktree-refused', /on no branch/),
    );
    const { savedAs } = await worktrees.remove(await worktrees.find('api'), true);
    assert.equal(git(project, 'show', `${savedAs}:b.txt`), 'b');
  });

  it('is removed with submodules unless they have work that the project does not have', async () => {
    const library = join(dir, 'library');
    mkdirSync(library);
    git(library, 'init', '-q', '-b', 'main');
    commit(library, 'l.txt', 'l');
    git(project, 'submodule', '--quiet', 'add', library, 'lib');
    git(project, 'commit', '-q', '-m', 'lib');
    const { folder } = await worktrees.add('team', 'api');
    assert.equal((await worktrees.find('api')).keeps, '');
    git(join(folder, 'lib'), 'checkout', '-q', '-b', 'feature');
    commit(join(folder, 'lib'), 'm.txt', 'm');
    git(join(folder, 'lib'), 'checkout', '-q', '--detach', 'HEAD^');
    assert.equal((await worktrees.find('api')).keeps, 'has work in the submodule lib');
    for (const force of [false, true])
      await assert.rejects(
        worktrees.remove(await worktrees.find('api'), force),
        refused('worktree-refused', /work in the submodule lib/),
      );
    git(join(project, 'lib'), 'fetch', '-q', join(folder, 'lib'), 'feature:feature');
    await worktrees.remove(await worktrees.find('api'), false);
    assert.ok(!existsSync(folder));
  });

  it('is not removed while it is locked, and its branch stays when only a detached HEAD has its commits', async () => {
    const { folder } = await worktrees.add('team', 'api');
    commit(folder, 'b.txt', 'b');
    git(project, 'worktree', 'lock', '--reason', 'portable disk', folder);
    for (const force of [false, true])
      await assert.rejects(
        worktrees.remove(await worktrees.find('api'), force),
        refused('worktree-refused', /is locked \(portable disk\).*git worktree unlock/),
      );
    git(project, 'worktree', 'unlock', folder);
    git(project, 'checkout', '-q', '--detach', 'taco/team/api');
    assert.equal((await worktrees.remove(await worktrees.find('api'), false)).branchKept, 'taco/team/api');
  });

  it("is none of the user's own worktrees", async () => {
    git(project, 'worktree', 'add', '-q', '-b', 'mine', join(dir, 'mine'));
    (await worktrees.add('team', 'api')).folder;
    assert.deepEqual(
      (await worktrees.list()).map(({ name }) => name),
      ['team/api'],
    );
    await assert.rejects(worktrees.find('mine'), refused('worktree-refused', /no worktree "mine".*team\/api/));
  });
});
