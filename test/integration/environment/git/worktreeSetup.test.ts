import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../../../src/redis/server/processes';
import { GitProject, refused } from '../../../support/gitProject';
import { waitUntil } from '../../../support/waitUntil';

describe('the set-up of a worktree', function () {
  this.timeout(30_000);
  let bed: GitProject;
  beforeEach(() => (bed = new GitProject()));
  afterEach(() => bed.close());
  const shell = (script: string): string[] => ['sh', '-c', script];

  it('may print any amount', async () => {
    const lines: string[] = [];
    const setup = shell('seq 1 300000; seq 1 300000 >&2; touch done');
    const { folder } = await bed.worktrees.add('team', 'api', { setup, onProgress: (text) => lines.push(text) });
    assert.ok(existsSync(join(folder, 'done')));
    assert.match(lines.join('\n'), /sh -c .*: \d+/);
  });

  it('shows the end of its output when it fails', async () => {
    await assert.rejects(
      bed.worktrees.add('team', 'api', {
        setup: shell('seq 1 300000; printf "\\033[31mno network\\033[0m\\n"; exit 3'),
      }),
      refused('worktree-refused', /failed: it ended with exit code 3: [^]*300000\nno network Correct the command/),
    );
  });

  it('that failed runs again in the same worktree at the next try', async () => {
    const setup = shell('touch left-by-setup; test -e go');
    await assert.rejects(bed.worktrees.add('team', 'api', { setup }), refused('worktree-refused', /is used again/));
    bed.commit(bed.project, 'go', '');
    const { folder, warnings } = await bed.worktrees.add('team', 'api', { setup });
    assert.equal(folder, join(bed.root, 'team', 'api'));
    assert.equal(warnings.length, 1);
    assert.deepEqual(
      (await bed.worktrees.list()).map(({ name }) => name),
      ['team/api'],
    );
  });

  it('names a command that does not exist', async () => {
    await assert.rejects(
      bed.worktrees.add('team', 'api', { setup: ['no-such-program'] }),
      refused('worktree-refused', /no-such-program cannot be run \(it was not found\)/),
    );
  });

  it('does not wait for a background process that holds its output open', async () => {
    const { folder } = await bed.worktrees.add('team', 'api', { setup: shell('sleep 60 & echo $! > pid') });
    const pid = Number(bed.read(folder, 'pid'));
    assert.ok(isRunning(pid), 'a service that the set-up started goes on');
    process.kill(pid);
  });

  it('ends with everything it started when it is cancelled, even what ignores SIGTERM', async () => {
    const controller = new AbortController();
    const stubborn = `sh -c 'trap "" TERM; echo $$ > inner; while :; do sleep 1; done'`;
    const setup = shell(`echo $$ > outer; ${stubborn} & wait`);
    const added = bed.worktrees.add('team', 'api', { setup, signal: controller.signal });
    const folder = join(bed.root, 'team', 'api');
    const pidOf = (name: string): number => (existsSync(join(folder, name)) ? Number(bed.read(folder, name)) : 0);
    await waitUntil(() => pidOf('inner') > 0 && pidOf('outer') > 0, 15_000, 'the set-up');
    const pids = [pidOf('inner'), pidOf('outer')];
    controller.abort();
    await assert.rejects(added, refused('cancelled', /set-up of api's worktree was cancelled/));
    await waitUntil(() => pids.every((pid) => !isRunning(pid)), 2000, 'the end of the set-up');
  });

  it('leaves nothing behind of a checkout that is cancelled in a hook', async () => {
    bed.hook('post-checkout', 'echo $$ > ../../../hook; exec sleep 60');
    const controller = new AbortController();
    const added = bed.worktrees.add('team', 'api', { signal: controller.signal });
    await waitUntil(() => existsSync(join(bed.dir, 'hook')), 15_000, 'the hook');
    controller.abort();
    await assert.rejects(added, refused('cancelled', /worktree of api was cancelled/));
    assert.deepEqual([bed.branches(), existsSync(join(bed.root, 'team'))], [['main'], false]);
  });
});
