import assert from 'node:assert/strict';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GitProject, refused } from '../../../support/gitProject';

describe('a new worktree', function () {
  this.timeout(30_000);
  let bed: GitProject;
  beforeEach(() => (bed = new GitProject()));
  afterEach(() => bed.close());

  it('is used with a warning when the post-checkout hook fails', async () => {
    bed.hook('post-checkout', 'echo "no ticket number" >&2; exit 1');
    const { folder, warnings } = await bed.worktrees.add('team', 'api');
    assert.equal(folder, join(bed.root, 'team', 'api'));
    assert.equal(bed.read(folder, 'a.txt'), 'one\n');
    assert.match(warnings.join('\n'), /post-checkout.*no ticket number.*is used/);
  });

  it('leaves nothing behind when the files cannot be checked out, and names git-lfs when that is missing', async () => {
    bed.write(bed.project, '.gitattributes', '*.bin filter=lfs\n');
    bed.commit(bed.project, 'a.bin', 'x');
    bed.git(bed.project, 'config', 'filter.lfs.required', 'true');
    bed.git(bed.project, 'config', 'filter.lfs.process', 'git-lfs-that-is-missing filter-process');
    bed.git(bed.project, 'config', 'filter.lfs.smudge', 'git-lfs-that-is-missing smudge -- %f');
    await assert.rejects(
      bed.worktrees.add('team', 'api'),
      refused(
        'worktree-refused',
        /^[^\n]*the filter lfs needs the program git-lfs[^\n]*git lfs install[^\n]*Nothing was left behind\.$/,
      ),
    );
    assert.deepEqual(bed.branches(), ['main']);
    assert.deepEqual(readdirSync(bed.root), []);
    assert.equal(bed.git(bed.project, 'worktree', 'list').split('\n').length, 1);
  });

  it('begins at the branch that was named, and refuses one that is not there', async () => {
    bed.git(bed.project, 'switch', '-q', '-c', 'develop');
    bed.commit(bed.project, 'd.txt', 'on develop\n');
    bed.git(bed.project, 'switch', '-q', 'main');
    const { folder } = await bed.worktrees.add('team', 'api', { base: 'develop' });
    assert.equal(bed.read(folder, 'd.txt'), 'on develop\n');
    await assert.rejects(
      bed.worktrees.add('team', 'qa', { base: 'nowhere' }),
      refused('worktree-refused', /there is no commit "nowhere" in the project/),
    );
  });

  it('gets another branch prefix where a branch is named taco', async () => {
    bed.git(bed.project, 'branch', 'taco');
    const { folder } = await bed.worktrees.add('team', 'api');
    assert.equal(bed.git(folder, 'symbolic-ref', '--short', 'HEAD'), 'taco-agents/team/api');
    bed.git(bed.project, 'branch', 'TACO-Agents/Team');
    const other = await bed.worktrees.add('team', 'qa').catch((error: unknown) => error);
    assert.ok(!(other instanceof Error), String(other));
  });

  it('is refused in git’s own words where git refuses the owner of the folder', async function () {
    if (process.getuid?.() !== 0) this.skip();
    for (const path of [bed.project, join(bed.project, '.git')]) chownSync(path, 65534, 65534);
    await assert.rejects(
      bed.worktrees.add('team', 'api'),
      refused(
        'worktree-refused',
        /dubious ownership in repository at '.*project'.*git config --global --add safe\.directory \//,
      ),
    );
  });

  it('is made of a bare repository that the project’s .git file names', async () => {
    const parent = join(bed.dir, 'parent');
    mkdirSync(parent);
    bed.git(bed.dir, 'clone', '-q', '--bare', bed.project, join(parent, '.bare'));
    bed.write(parent, '.git', 'gitdir: ./.bare\n');
    bed.git(parent, 'worktree', 'add', '-q', 'main');
    const worktrees = bed.worktreesOf(parent);
    const { folder } = await worktrees.add('team', 'api');
    assert.equal(bed.read(folder, 'a.txt'), 'one\n');
    bed.commit(folder, 'b.txt', 'b');
    await assert.rejects(
      worktrees.merge(await worktrees.find('api')),
      refused('worktree-refused', /bare repository.*git -C \S+parent\/main merge taco\/team\/api/),
    );
  });

  it('is refused beside a bare repository with what to open', async () => {
    const parent = join(bed.dir, 'parent');
    mkdirSync(parent);
    bed.git(bed.dir, 'clone', '-q', '--bare', bed.project, join(parent, 'repo.git'));
    bed.git(join(parent, 'repo.git'), 'worktree', 'add', '-q', '../main', 'main');
    await assert.rejects(
      bed.worktreesOf(parent).add('team', 'api'),
      refused(
        'worktree-refused',
        /the bare repository repo\.git lies in it.*worktrees \(main\).*gitdir: \.\/repo\.git/,
      ),
    );
  });

  it('has the submodules that the project has checked out, without its remote', async () => {
    const library = bed.addSubmodule();
    rmSync(library, { recursive: true });
    const { folder, warnings } = await bed.worktrees.add('team', 'api');
    assert.deepEqual(warnings, []);
    assert.equal(bed.read(join(folder, 'lib'), 'l.txt'), 'l');
    assert.equal(bed.git(join(folder, 'lib'), 'config', 'remote.origin.url'), library);
    assert.equal(bed.git(bed.project, 'config', 'submodule.lib.url'), library);
    assert.equal(bed.git(folder, 'status', '--porcelain'), '');
  });

  it('has no submodule that the project has not checked out', async () => {
    bed.addSubmodule();
    bed.git(bed.project, 'submodule', '--quiet', 'deinit', '--force', 'lib');
    const { folder, warnings } = await bed.worktrees.add('team', 'api');
    assert.deepEqual([warnings, readdirSync(join(folder, 'lib'))], [[], []]);
  });

  it('warns of a submodule that cannot be checked out, and is used', async () => {
    const library = bed.addSubmodule();
    bed.commit(library, 'new.txt', 'n');
    const commit = bed.git(library, 'rev-parse', 'HEAD');
    bed.git(bed.project, 'update-index', '--cacheinfo', `160000,${commit},lib`);
    bed.git(bed.project, 'commit', '-q', '-m', 'a commit that the copy does not have');
    rmSync(library, { recursive: true });
    const { warnings } = await bed.worktrees.add('team', 'api');
    assert.match(warnings.join('\n'), /^The submodule lib is not checked out: .*git submodule update --init/s);
  });

  it('uses an unused worktree of its name, at the project’s commit', async () => {
    const first = await bed.worktrees.add('team', 'api');
    bed.commit(bed.project, 'later.txt', 'later');
    const second = await bed.worktrees.add('team', 'api');
    assert.equal(second.folder, first.folder);
    assert.match(second.warnings.join(), /earlier try left behind unused/);
    assert.ok(existsSync(join(second.folder, 'later.txt')));
    bed.write(second.folder, 'begun.txt', 'work');
    assert.equal((await bed.worktrees.add('team', 'api')).folder, join(bed.root, 'team', 'api-2'));
  });

  it('takes no folder that was removed by hand for a free one', async () => {
    const { folder } = await bed.worktrees.add('team', 'api');
    rmSync(folder, { recursive: true });
    bed.git(bed.project, 'update-ref', '-d', 'refs/heads/taco/team/api');
    assert.equal((await bed.worktrees.add('team', 'api')).folder, join(bed.root, 'team', 'api-2'));
  });

  it('is made in the project’s repository although the environment names another', async () => {
    const env = { GIT_DIR: '/nowhere', GIT_WORK_TREE: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', GIT_PREFIX: 'x/' };
    const worktrees = bed.worktreesOf(bed.project, env);
    const { folder } = await worktrees.add('team', 'api', { setup: ['git', 'rev-parse', '--show-toplevel'] });
    assert.equal(bed.git(folder, 'rev-parse', '--show-toplevel'), folder);
    assert.equal((await worktrees.list()).length, 1);
  });

  it('runs hooks of core.hooksPath, and never waits for an editor, a pager or a password', async () => {
    const hooks = join(bed.dir, 'hooks');
    mkdirSync(hooks);
    bed.git(bed.project, 'config', 'core.hooksPath', hooks);
    bed.write(hooks, 'post-checkout', '#!/bin/sh\nenv > seen.txt\n');
    bed.git(bed.dir, 'init', '-q', 'x');
    (await import('node:fs')).chmodSync(join(hooks, 'post-checkout'), 0o755);
    const env = { GIT_EDITOR: 'sleep 100', GIT_PAGER: 'sleep 100', GIT_ASKPASS: '/bin/ask', LC_ALL: 'de_DE.UTF-8' };
    const { folder } = await bed.worktreesOf(bed.project, env).add('team', 'api');
    const seen = readFileSync(join(folder, 'seen.txt'), 'utf8').split('\n');
    for (const line of ['GIT_EDITOR=true', 'GIT_PAGER=cat', 'GIT_ASKPASS=', 'GIT_TERMINAL_PROMPT=0', 'LANGUAGE=en'])
      assert.ok(seen.includes(line), line);
  });

  it('begins in a shallow clone, and is refused where the branch has no commit yet', async () => {
    bed.commit(bed.project, 'b.txt', 'b');
    const shallow = join(bed.dir, 'shallow');
    bed.git(bed.dir, 'clone', '-q', '--depth', '1', `file://${bed.project}`, shallow);
    const { folder } = await bed.worktreesOf(shallow).add('team', 'api');
    bed.commit(folder, 'c.txt', 'c');
    assert.equal((await bed.worktreesOf(shallow).merge(await bed.worktreesOf(shallow).find('api'))).commits, 1);
    bed.git(shallow, 'checkout', '-q', '--orphan', 'fresh');
    await assert.rejects(
      bed.worktreesOf(shallow).add('team', 'qa'),
      refused('worktree-refused', /on the branch fresh, which has no commit yet/),
    );
  });

  it('says that git is not installed where it is not', async () => {
    const worktrees = bed.worktreesOf(bed.project, { PATH: join(bed.dir, 'empty') });
    await assert.rejects(
      worktrees.add('team', 'api'),
      refused('worktree-refused', /git is not installed.*Install git/),
    );
  });
});
