import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Plan } from '../../../../src/core/models';
import { startTestRedis } from '../../../support/redis';
import { TestTeam } from '../../../support/team';
import { waitUntil } from '../../../support/waitUntil';

const run = promisify(execFile);
const PLAN: Plan = {
  agents: [2, 3].map((window) => ({
    window,
    name: `agent${window}`,
    role: 'Works',
    task: 'Work',
    depends_on: [],
    notifies: [],
    wait_for: [],
  })),
};

describe('launched agents', () => {
  it('get 1,000 different ports for 50 processes that request 20 each at once', async () => {
    const redis = await startTestRedis();
    const dir = mkdtempSync(join(tmpdir(), 'taco-ports-'));
    try {
      const script = join(dir, 'ports.js');
      await build({
        entryPoints: [resolve('test/support/processes/ports.process.ts')],
        bundle: true,
        platform: 'node',
        format: 'cjs',
        loader: { '.lua': 'text' },
        outfile: script,
        logLevel: 'error',
      });
      const { projectId } = redis.newKeys();
      // Two per round, ten rounds: the processes collide again and again.
      const asked = Array.from({ length: 50 }, (_, n) =>
        run(process.execPath, [script, redis.paths.redisSocket, projectId, `AGENT-${n}`, '10', '20000', '29999']),
      );
      const ports = (await Promise.all(asked)).flatMap(({ stdout }) => JSON.parse(stdout) as number[]);
      assert.deepEqual([ports.length, new Set(ports).size], [1000, 1000]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
      await redis.close();
    }
  }).timeout(180_000);

  it('have ports in their environment until they end, and the owner of a service gets a message when it goes down', async () => {
    const bed = new TestTeam();
    const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    try {
      const team = await bed.open();
      await bed.engine(team, { profile: 'scripted', agentEnv: { TACO_SCRIPTED_QUIET: '1' } });
      await team.request({
        kind: 'start',
        goal: 'x',
        plan: `AGENT_SPEC_JSON_START\n${JSON.stringify(PLAN)}\nAGENT_SPEC_JSON_END`,
      });
      await bed.until(team, 'a plan', 20, ({ session }) => session?.phase === 'review');
      await team.request({ kind: 'approve', plan: PLAN });
      const { agents } = await bed.until(team, 'running', 20, ({ session }) => session?.phase === 'running');
      const portOf = (window: number): string | undefined => {
        const pane = agents.find((agent) => agent.window === window)?.pane ?? '';
        const pid = bed.tmux('display-message', '-p', '-t', pane, '#{pane_pid}').trim();
        return /(?:^|\0)PORT=(\d+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
      };
      const [first, second] = [portOf(2), portOf(3)];
      assert.ok(first !== undefined && second !== undefined && first !== second && portOf(0) === undefined);
      const leased = async (): Promise<string[]> =>
        Object.keys(Object.fromEntries(chunks((await team.redis.call('HGETALL', team.keys.ports)) as string[])));
      assert.deepEqual((await leased()).sort(), [first, second].sort());

      await team.request({ kind: 'stop-agent', window: 2 });
      await bed.until(team, 'exited', 10, ({ agents: now }) =>
        now.some(({ window, status }) => window === 2 && status === 'exited'),
      );
      await waitUntil(async () => (await leased()).length < 2, 15_000, 'the end of its lease');
      assert.deepEqual(await leased(), [second]);
      await team.request({ kind: 'relaunch', window: 2 });
      await bed.until(team, 'relaunched', 20, ({ agents: now }) =>
        now.some(({ window, status }) => window === 2 && status !== 'exited'),
      );
      assert.equal((await leased()).length, 2);

      const { port } = server.address() as AddressInfo;
      await team.store.setService({
        name: 'web',
        port,
        url: '',
        health: 'healthy',
        owner: 'AGENT-3',
        check: 'tcp',
        checkedAt: 0,
      });
      await new Promise((done) => server.close(done));
      await bed.until(team, 'its owner told', 25, ({ messages }) =>
        messages.some(
          ({ message, target }) => message === '[TACO → AGENT-3]: your service web is down' && target.endsWith(':3'),
        ),
      );
      await team.request({ kind: 'stop' });
      await bed.until(team, 'no session', 20, ({ session }) => session === null);
      assert.deepEqual(await leased(), []);
    } finally {
      server.close();
      await bed.dispose();
    }
  }).timeout(90_000);

  it('have a health check of the user: a command that the leader runs in the project', async () => {
    const bed = new TestTeam();
    try {
      const team = await bed.open();
      await bed.engine(team, { profile: 'scripted', agentEnv: { TACO_SCRIPTED_QUIET: '1' } });
      await team.request({ kind: 'start', goal: 'x' });
      await bed.until(team, 'a session', 20, ({ session }) => session?.phase === 'planning');
      const command = ['test', '-e', 'it is up'];
      const { stdout } = await run(
        process.execPath,
        [
          resolve('dist/taco.js'),
          'service',
          'register',
          'db',
          '5432',
          '--check-command',
          JSON.stringify(command),
          '--json',
        ],
        { cwd: bed.project, env: bed.env },
      );
      const { check, owner, command: argv } = JSON.parse(stdout) as { check: string; owner: string; command: string[] };
      assert.deepEqual([check, owner, argv], ['command', 'USER', command]);
      const health = (is: string): Promise<unknown> =>
        bed.until(team, is, 30, ({ services }) => services[0]?.health === is);
      await health('down');
      writeFileSync(join(bed.project, 'it is up'), '');
      await health('healthy');
    } finally {
      await bed.dispose();
    }
  }).timeout(90_000);

  it('get their own worktree if the plan says so, which outlives the team', async () => {
    const bed = new TestTeam();
    try {
      const git = (...args: string[]) =>
        run('git', ['-c', 'user.name=T', '-c', 'user.email=t@localhost', ...args], { cwd: bed.project });
      await git('init', '-q');
      await git('commit', '-q', '--allow-empty', '-m', 'first');
      const plan: Plan = { agents: PLAN.agents.map((spec) => ({ ...spec, worktree: spec.window === 3 })) };
      const team = await bed.open();
      await bed.engine(team, { profile: 'scripted', agentEnv: { TACO_SCRIPTED_QUIET: '1' } });
      await team.request({
        kind: 'start',
        goal: 'x',
        plan: `AGENT_SPEC_JSON_START\n${JSON.stringify(plan)}\nAGENT_SPEC_JSON_END`,
      });
      await bed.until(team, 'a plan', 20, ({ session }) => session?.phase === 'review');
      await team.request({ kind: 'approve', plan });
      const { agents, session } = await bed.until(
        team,
        'running',
        20,
        (snapshot) => snapshot.session?.phase === 'running',
      );
      const own = join(realpathSync(bed.paths.worktreesDir(team.projectId)), session?.tmux_session ?? '', 'agent3');
      assert.deepEqual(
        agents.map(({ workspace }) => workspace),
        [bed.project, bed.project, own],
      );
      const pane = agents.find(({ window }) => window === 3)?.pane ?? '';
      assert.equal(bed.tmux('display-message', '-p', '-t', pane, '#{pane_current_path}').trim(), own);
      await team.request({ kind: 'relaunch', window: 3 });
      await bed.until(team, 'relaunched in it', 20, ({ activity }) =>
        activity.some(({ text }) => text.includes('agent3 was relaunched')),
      );
      assert.equal((await team.snapshot()).agents.find(({ window }) => window === 3)?.workspace, own);
      await team.request({ kind: 'stop' });
      await bed.until(team, 'no session', 20, (snapshot) => snapshot.session === null);
      const cli = async (...args: string[]) =>
        run(process.execPath, [resolve('dist/taco.js'), 'worktree', ...args, '--json'], {
          cwd: bed.project,
          env: bed.env,
        });
      const { worktrees } = JSON.parse((await cli('list')).stdout) as { worktrees: { path: string; keeps: string }[] };
      assert.deepEqual(
        worktrees.map(({ path, keeps }) => [path, keeps]),
        [[own, '']],
      );
      assert.equal((JSON.parse((await cli('remove', 'agent3')).stdout) as { branchKept: string }).branchKept, '');
    } finally {
      await bed.dispose();
    }
  }).timeout(60_000);
});

function chunks(flat: readonly string[]): [string, string][] {
  return flat.flatMap((field, index) => (index % 2 === 0 ? [[field, flat[index + 1] ?? ''] as [string, string]] : []));
}
