import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { Git } from '../../../src/environment/git/git';
import { GitProject } from '../../support/gitProject';
import { CANARY, hostileNames } from '../../support/hostileNames';

/** Returns the part of a text that git accepts as a branch (`git check-ref-format`). */
function branchName(text: string): string {
  return text
    .replace(/[\u0000-\u0020\u007f~^:?*[\]\\]|@\{|\.\.|\/\//gu, '')
    .replace(/^[-.]+|[.]+$|\.lock$/g, '')
    .slice(0, 60)
    .toWellFormed();
}

describe('a project on a branch whose name is a program to a shell or tmux', function () {
  this.timeout(300_000);
  let bed: GitProject;
  let bin: string;
  before(() => {
    bed = new GitProject();
    bin = join(bed.dir, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, CANARY), `#!/bin/sh\n: > '${join(bed.dir, 'canary')}'\n`);
    chmodSync(join(bin, CANARY), 0o700);
  });
  after(() => bed.close());

  it('gets worktrees, their state and their merge on exactly that branch, and nothing else is run', async () => {
    const path = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
    const git = new Git({ ...bed.env, PATH: path });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(hostileNames(), async (text) => {
        const branch = branchName(text);
        fc.pre(branch !== '' && (await git.run(bed.project, ['check-ref-format', '--branch', branch])).ok);
        const [agent, file] = [`agent${(count += 1)}`, `file${count}.txt`];
        const before = bed.git(bed.project, 'rev-parse', 'main');
        bed.git(bed.project, 'checkout', '-q', '-B', branch, 'main', '--');
        const worktrees = bed.worktreesOf(bed.project, { PATH: path });
        const { folder } = await worktrees.add('team', agent);
        bed.commit(folder, file, text);
        await worktrees.list();
        await worktrees.merge(await worktrees.find(agent));
        assert.equal(bed.git(bed.project, 'symbolic-ref', '--short', 'HEAD'), branch);
        assert.equal(bed.read(bed.project, file), text);
        assert.equal(bed.git(bed.project, 'rev-parse', 'refs/heads/main'), before);
        await worktrees.remove(await worktrees.find(agent), false);
        bed.git(bed.project, 'checkout', '-q', 'main', '--');
        assert.ok(!existsSync(join(bed.dir, 'canary')), 'a command that stands in a branch was run');
      }),
      { numRuns: 25 },
    );
  });
});
