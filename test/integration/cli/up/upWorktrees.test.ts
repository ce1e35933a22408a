import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { isRunning } from '../../../../src/redis/server/processes';
import { stopRedis } from '../../../../src/redis/server/redisServer';
import { GitProject } from '../../../support/gitProject';
import { TACO, taco, type Ran } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

const PLAN = {
  agents: [
    { window: 2, name: 'api', role: 'Builds the API' },
    { window: 3, name: 'web', role: 'Builds the pages', depends_on: ['api'] },
  ],
};

describe('taco up --worktrees with scripted agents', function () {
  this.timeout(120_000);
  let bed: GitProject;
  const socket = `taco-up-worktrees-${process.pid}`;
  const children: ChildProcess[] = [];
  const env = (): Record<string, string> => ({ ...bed.env, TACO_HOME: join(bed.dir, 'home'), TMUX_TMPDIR: bed.dir });
  const run = (...args: string[]): Promise<Ran> =>
    taco([...args, '--socket', socket], { cwd: bed.project, env: env() });
  const UP = ['up', '--plan', 'team.json', '--worktrees', '--yes', '--profile', 'scripted'];

  beforeEach(() => {
    bed = new GitProject();
    bed.commit(bed.project, 'team.json', JSON.stringify(PLAN));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    spawnSync('tmux', ['-L', socket, 'kill-server'], { env: { PATH: process.env['PATH'], ...env() } });
    await stopRedis(new TacoPaths(env(), bed.dir));
    bed.close();
  });

  const names = async (): Promise<string[]> => {
    const { worktrees } = (await run('worktree', 'list', '--json')).json<{ worktrees: { name: string }[] }>();
    return worktrees.map(({ name }) => name.split('/').at(-1) ?? '');
  };

  it('works in worktrees whose post-checkout hook fails, with a warning, and makes no second one at the next start', async () => {
    bed.hook('post-checkout', 'echo "no ticket number" >&2; exit 1');
    for (let n = 1; n <= 2; n++) {
      const ran = await run(...UP, '--until-done', '--timeout', '60', '--json');
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
      assert.match(
        ran.stderr,
        n === 1
          ? /Warning: A hook of the repository \(post-checkout\) failed in api's worktree: no ticket number/
          : /Warning: api uses the worktree .* which an earlier try left behind unused/,
      );
      assert.deepEqual(await names(), ['api', 'web']);
    }
  });

  it('ends with the merged work and its evidence where --merge-when-proven asks for that', async () => {
    // Each agent's set-up stands for its work.
    bed.write(
      bed.dir,
      'work.sh',
      'name=$(basename "$PWD"); echo "$name" > "$name.txt"; git add .; git -c user.name=T -c user.email=t@localhost commit -qm "work of $name"\n',
    );
    const check = `${process.execPath} -e 0`;
    const ran = await run(
      ...[...UP, '--worktree-setup', `sh ${join(bed.dir, 'work.sh')}`, '--check', check, '--merge-when-proven'],
      ...['--until-done', '--timeout', '100', '--json'],
    );
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    const { result, merged } = ran.json<{ result: string; merged: { agent: string; commit: string }[] }>();
    assert.equal(result, 'done');
    assert.deepEqual(merged.map(({ agent }) => agent).sort(), ['api', 'web']);
    for (const name of ['api', 'web']) {
      assert.equal(readFileSync(join(bed.project, `${name}.txt`), 'utf8'), `${name}\n`);
      const { commit } = merged.find(({ agent }) => agent === name)!;
      assert.equal(bed.git(bed.project, 'merge-base', commit, 'HEAD'), commit);
    }
  });

  it('shows the progress of a set-up, and ends it with everything it started on down', async () => {
    const script = join(bed.dir, 'setup.sh');
    bed.write(
      bed.dir,
      'setup.sh',
      `sleep 300 & echo $! > ${bed.dir}/pid; while :; do echo still building; sleep 0.1; done\n`,
    );
    const up = spawn(process.execPath, [TACO, ...UP, '--socket', socket, '--worktree-setup', `sh ${script}`], {
      cwd: bed.project,
      env: { LANG: 'C.UTF-8', ...env() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(up);
    let printed = '';
    for (const stream of [up.stdout, up.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
    const ended = new Promise((resolve) => up.on('close', resolve));
    await waitUntil(() => /Worktree of api: sh \S+setup\.sh: still building/.test(printed), 60_000, 'the set-up');
    const pid = Number(readFileSync(join(bed.dir, 'pid'), 'utf8'));
    const down = await run('down');
    assert.equal(down.code, 0, down.stdout + down.stderr);
    await ended;
    assert.match(printed, /The session was stopped/);
    await waitUntil(() => !isRunning(pid), 5000, 'the end of what the set-up had started');
    assert.deepEqual(await names(), ['api'], 'it stays for the next try');
  });

  it('ends the set-up of a killed leader, and the next leader runs it again and launches the team', async () => {
    bed.write(
      bed.dir,
      'setup.sh',
      `if [ -e ${bed.dir}/pids ]; then exit 0; fi; sleep 300 & echo $! $$ > ${bed.dir}/pids; sleep 300\n`,
    );
    const args = [...UP, '--worktree-setup', `sh ${join(bed.dir, 'setup.sh')}`];
    const up = spawn(process.execPath, [TACO, ...args, '--socket', socket], {
      cwd: bed.project,
      env: { LANG: 'C.UTF-8', ...env() },
      stdio: 'ignore',
    });
    children.push(up);
    const started = (): string => (existsSync(join(bed.dir, 'pids')) ? bed.read(bed.dir, 'pids').trim() : '');
    await waitUntil(() => started() !== '', 60_000, 'the set-up');
    const pids = started().split(' ').map(Number);
    up.kill('SIGKILL');
    const next = await run(
      ...['up', '--yes', '--worktrees', '--profile', 'scripted', '--worktree-setup', `sh ${join(bed.dir, 'setup.sh')}`],
      ...['--until-done', '--timeout', '90', '--json'],
    );
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.deepEqual(pids.filter(isRunning), []);
    assert.deepEqual(await names(), ['api', 'web']);
  });

  it('launches nothing without git-lfs, and leaves no branch and no folder behind', async () => {
    bed.write(bed.project, '.gitattributes', '*.bin filter=lfs\n');
    bed.commit(bed.project, 'a.bin', 'x');
    bed.git(bed.project, 'config', 'filter.lfs.required', 'true');
    bed.git(bed.project, 'config', 'filter.lfs.smudge', 'git-lfs-that-is-missing smudge -- %f');
    const ran = await run(...UP, '--until-done', '--timeout', '30', '--json');
    assert.equal(ran.code, 1);
    assert.match(ran.stderr + ran.stdout, /the filter lfs needs the program git-lfs.*Nothing was left behind/);
    assert.deepEqual([bed.branches(), await names()], [['main'], []]);
  });
});
