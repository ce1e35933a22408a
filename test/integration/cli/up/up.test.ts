import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { stopRedis } from '../../../../src/redis/server/redisServer';
import { TACO, taco, type Ran } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

interface UpJson {
  readonly result: string;
  readonly agents: readonly { name: string; window: number; kind: string; done: boolean }[];
  readonly messages: readonly { state: string; message: string }[];
}

const PLAN = {
  agents: [
    { window: 2, name: 'api', role: 'Builds the API', notifies: ['client'] },
    { window: 5, name: 'client', role: 'Builds the client', depends_on: ['api'], wait_for: ['api'] },
  ],
};

describe('taco up with scripted agents', function () {
  this.timeout(90_000);
  let root = '';
  let dir = '';
  const socket = `taco-up-${process.pid}`;
  const children: ChildProcess[] = [];
  const env = () => ({ TACO_HOME: join(root, 'home'), HOME: root, TMUX_TMPDIR: root });
  const run = (...args: string[]): Promise<Ran> => taco([...args, '--socket', socket], { cwd: dir, env: env() });
  const tmux = (...args: string[]) =>
    spawnSync('tmux', ['-L', socket, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env() } });
  const sessions = () => tmux('list-sessions', '-F', '#{session_name}').stdout.split('\n').filter(Boolean);

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'taco-up-')));
    dir = join(root, 'project');
    mkdirSync(dir);
    writeFileSync(join(dir, 'team.json'), JSON.stringify(PLAN));
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    tmux('kill-server');
    await stopRedis(new TacoPaths(env(), root));
    rmSync(root, { recursive: true, force: true });
  });

  /** Starts `taco up` as a running process; `output` returns its text so far. */
  function stay(...args: string[]): { child: ChildProcess; output: () => string } {
    const child = spawn(process.execPath, [TACO, 'up', ...args, '--profile', 'scripted', '--socket', socket], {
      cwd: dir,
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...env() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    children.push(child);
    return { child, output: () => text };
  }
  const ended = (child: ChildProcess) =>
    new Promise<number | null>((resolve) =>
      child.exitCode === null ? child.on('close', resolve) : resolve(child.exitCode),
    );

  it('refuses to lead without a session, and leaves nothing behind', async () => {
    const ran = await run('up', '--json');
    assert.equal(ran.code, 2);
    assert.match(ran.json<{ error: { hint: string } }>().error.hint, /--goal/);
    assert.deepEqual(sessions(), []);
  });

  it('takes a goal to a planned, launched and finished team, and reports every message', async () => {
    const ran = await run(
      'up',
      '--goal',
      'Build a todo app',
      '--yes',
      '--until-done',
      '--timeout',
      '60',
      '--profile',
      'scripted',
      '--json',
    );
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    const { result, agents, messages } = ran.json<UpJson>();
    assert.equal(result, 'done');
    assert.ok(agents.length >= 3 && agents.every((agent) => agent.kind === 'scripted'));
    assert.ok(agents.filter((agent) => agent.window >= 2).every((agent) => agent.done));
    assert.ok(
      messages.length >= 6 && messages.every((message) => message.state === 'received'),
      JSON.stringify(messages),
    );
    assert.ok(messages.some((message) => /^\[AGENT-\d+ → AGENT-\d+\]: /.test(message.message)));
    assert.match(ran.stderr, /planning: Mother plans, attempt 1 of 3[^]*running/);
    assert.deepEqual(sessions(), []);
  });

  it('launches a given plan in its windows without asking Mother for one', async () => {
    const ran = await run(
      'up',
      '--plan',
      'team.json',
      '--yes',
      '--until-done',
      '--timeout',
      '60',
      '--profile',
      'scripted',
      '--json',
    );
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    const { agents, messages } = ran.json<UpJson>();
    assert.deepEqual(
      agents.map((agent) => [agent.window, agent.name]),
      [
        [0, 'mother'],
        [2, 'api'],
        [5, 'client'],
      ],
    );
    assert.ok(!messages.some((message) => /Plan a team/.test(message.message)));
  });

  it('refuses an invalid plan before anything is started', async () => {
    writeFileSync(join(dir, 'bad.json'), JSON.stringify({ agents: [{ ...PLAN.agents[0], window: 1 }] }));
    const ran = await run('up', '--plan', 'bad.json', '--yes', '--profile', 'scripted', '--json');
    assert.deepEqual([ran.code, ran.json<{ error: { code: string } }>().error.code], [1, 'plan-invalid']);
    assert.deepEqual(sessions(), []);
  });

  it('waits for approval from another shell, leaves the team running on Ctrl-C, leads it again, and ends with down', async () => {
    const first = stay('--plan', 'team.json');
    await waitUntil(() => first.output().includes('taco plan approve'), 30_000, 'the plan');
    assert.match((await run('plan', 'show')).stdout, /The plan is proposed/);
    assert.equal((await run('plan', 'approve')).code, 0);
    await waitUntil(() => first.output().includes('client (window 5): ready'), 30_000, 'the team');
    assert.equal(
      (await run('up', '--goal', 'another', '--json')).json<{ error: { code: string } }>().error.code,
      'session-exists',
    );

    first.child.kill('SIGINT');
    assert.equal(await ended(first.child), 0);
    assert.match(first.output(), /The team runs on in the tmux session taco-project-/);
    assert.equal(sessions().length, 1);
    assert.match((await run('status')).stdout, /led by no process/);

    const second = stay();
    await waitUntil(() => second.output().includes('running'), 20_000, 'the new leader');
    assert.equal((await run('send', 'api', 'still there?', '--wait', 'received', '--timeout', '20')).code, 0);
    second.child.kill('SIGINT');
    await ended(second.child);
    const down = await run('down');
    assert.equal(down.code, 0, down.stderr);
    assert.deepEqual(sessions(), []);
    assert.equal((await run('status')).code, 3);
  });

  it('ends with --yes and --until-done when the launch fails, with the reason and nothing left behind', async () => {
    const agents = PLAN.agents.map((spec) => ({ ...spec, worktree: true }));
    writeFileSync(join(dir, 'worktrees.json'), JSON.stringify({ agents }));
    const options = ['--yes', '--until-done', '--profile', 'scripted', '--timeout', '80', '--json'];
    const ran = await run('up', '--plan', 'worktrees.json', ...options);
    assert.equal(ran.code, 1);
    const { error } = ran.json<{ error: { code: string; message: string } }>();
    assert.equal(error.code, 'launch-failed');
    assert.match(error.message, /git/);
    assert.deepEqual(sessions(), []);
  });

  it('reports that a start failed and why, with nothing left behind', async () => {
    const ran = await run(
      'up',
      '--goal',
      'x',
      '--yes',
      '--until-done',
      '--profile',
      'no-such-cli',
      '--timeout',
      '30',
      '--json',
    );
    assert.equal(ran.code, 1);
    assert.match(ran.json<{ error: { message: string } }>().error.message, /no-such-cli/);
    assert.deepEqual(sessions(), []);
  });
});
