import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { GitProject } from '../../../support/gitProject';

describe('the ignored files of a new worktree', function () {
  this.timeout(30_000);
  let bed: GitProject;
  beforeEach(() => {
    bed = new GitProject();
    bed.write(bed.project, '.gitignore', '.env*\nbuild/\nconfig.local\n');
    bed.commit(bed.project, '.worktreeinclude', '# secrets of this machine\n.env\n/config.local\nnotes.txt\n');
    mkdirSync(join(bed.project, 'web'));
    for (const [name, text] of [
      ['.env', 'KEY=1\n'],
      ['.env.other', 'x'],
      ['web/.env', 'KEY=2\n'],
      ['notes.txt', 'untracked, not ignored'],
    ] as const)
      bed.write(bed.project, name, text);
  });
  afterEach(() => bed.close());

  it('are copies of those that .worktreeinclude names and git ignores', async () => {
    const { folder, warnings } = await bed.worktrees.add('team', 'api');
    assert.deepEqual(warnings, []);
    assert.deepEqual([bed.read(folder, '.env'), bed.read(folder, 'web/.env')], ['KEY=1\n', 'KEY=2\n']);
    for (const name of ['.env.other', 'notes.txt']) assert.ok(!existsSync(join(folder, name)), name);
    bed.write(folder, '.env', 'KEY=changed\n');
    assert.equal(bed.read(bed.project, '.env'), 'KEY=1\n');
    assert.equal((await bed.worktrees.find('api')).keeps, '', 'they keep no worktree from its removal');
  });

  it('are copies of those that the setting names', async () => {
    const { folder } = await bed.worktrees.add('team', 'api', { include: ['**/.env.{local,other}'] });
    assert.ok(existsSync(join(folder, '.env.other')));
  });

  it('are never links to a place outside the project', async () => {
    bed.write(bed.dir, 'secret', 'of another place');
    symlinkSync(join(bed.dir, 'secret'), join(bed.project, 'config.local'));
    symlinkSync('.env', join(bed.project, 'web', '.env.link'));
    const { folder, warnings } = await bed.worktrees.add('team', 'api', { include: ['.env.link'] });
    assert.ok(!existsSync(join(folder, 'config.local')));
    assert.match(warnings.join('\n'), /^config\.local was not copied .* a link to a place outside the project\.$/);
    assert.ok(lstatSync(join(folder, 'web', '.env.link')).isFile());
    assert.equal(bed.read(folder, 'web/.env.link'), 'KEY=2\n');
  });
});
