import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectIdOf } from '../../../src/redis/client/keys';
import { UpTeams, type Env } from '../../support/upTeams';
import { waitUntil } from '../../support/waitUntil';

const A: Env = { DATABASE_URL: 'prod-a', ANTHROPIC_API_KEY: 'key-a', AWS_PROFILE: 'a', SSL_CERT_FILE: '/a.pem' };
const B: Env = { GEMINI_API_KEY: 'key-b', HTTPS_PROXY: 'http://p', FOO: 'b "c" $(id)\n#{x}', SSH_AUTH_SOCK: '/b.sock' };

/** The members of `wanted`, as `env` has them. */
function part(env: Env, wanted: Env): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, env[name]]));
}

/** Variables as `env` prints them, as far as they have no line break. */
function envOf(text: string): Env {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? '']];
    }),
  );
}

function none(env: Env): Record<string, undefined> {
  return Object.fromEntries(Object.keys(env).map((name) => [name, undefined]));
}

(existsSync('/proc/self/environ') ? describe : describe.skip)('the environment of a project’s programs', function () {
  this.timeout(180_000);
  let teams: UpTeams;
  beforeEach(() => (teams = new UpTeams()));
  afterEach(() => teams.dispose());

  it('is that of its own taco up, and has nothing of another project on the same tmux server', async () => {
    const [a, b] = [teams.project('a'), teams.project('b')];
    await teams.up(a, A);
    await teams.up(b, B);
    for (const { env, cwd, window } of teams.processes(a)) {
      assert.deepEqual([part(env, A), part(env, B)], [A, none(B)], `a's window ${window}`);
      assert.equal(cwd, a);
    }
    const ofB = teams.processes(b);
    assert.deepEqual(
      ofB.map(({ window }) => window),
      [0, 1, 2, 3],
    );
    for (const { env, cwd, window } of ofB) {
      assert.deepEqual([part(env, B), part(env, A)], [B, none(A)], `b's window ${window}`);
      assert.equal(cwd, b);
      assert.equal(env['TACO_WINDOW'], window === 1 ? undefined : String(window));
    }

    // Neither the server, nor an argument list, nor a log has a value.
    const seen = [
      teams.tmux('show-environment', '-g'),
      teams.tmux('list-panes', '-a', '-F', '#{pane_start_command}'),
      teams.tmux('show-options', '-g'),
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }),
      ...readdirSync(join(teams.home, 'log')).map((name) => readFileSync(join(teams.home, 'log', name), 'utf8')),
    ].join('\n');
    for (const value of ['prod-a', 'key-a', 'key-b', ofB[2]!.env['TACO_SECRET']!])
      assert.ok(!seen.includes(value), value);

    for (const project of [a, b]) assert.equal(teams.taco(project, ['down']).code, 0);
    const agents = (project: string) => join(teams.home, 'projects', projectIdOf(project), 'agents');
    const left = [a, b].flatMap((project) => readdirSync(agents(project), { recursive: true }).map(String));
    assert.deepEqual(
      left.filter((name) => name.endsWith('launch.sh')),
      [],
    );
  });

  it('has nothing of another program’s session that taco up was started in', async () => {
    const foreign: Env = {
      VSCODE_IPC_HOOK_CLI: '/x.sock',
      VSCODE_PID: '1',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--no-warnings',
      BROWSER: '/x/browser.sh',
      GIT_ASKPASS: '/x/askpass.sh',
      CLAUDECODE: '1',
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      CLAUDE_CODE_SSE_PORT: '1',
      CLAUDE_CODE_CHILD_SESSION: '1',
      CLAUDE_CODE_MESSAGING_SOCKET: '/m.sock',
      CLAUDE_CODE_MESSAGING_TOKEN: 'token',
      CODEX_THREAD_ID: '1',
      GEMINI_CLI_IDE_AUTH_TOKEN: '1',
      OPENCODE_PID: '1',
      COPILOT_AGENT_SESSION_ID: '1',
      STY: '1.tty',
      TACO_AGENT: 'outer',
    };
    const own: Env = { CLAUDE_CONFIG_DIR: '/c', CLAUDE_CODE_USE_BEDROCK: '1', OPENAI_API_KEY: 'o', NO_PROXY: 'x' };
    const dir = teams.project('a');
    await teams.up(dir, { ...foreign, ...own, TMUX: '/tmp/outer,1,0', TMUX_PANE: '%77' });
    for (const { env, pane, window } of teams.processes(dir)) {
      const agent = { 0: 'mother', 2: 'api', 3: 'qa' }[window];
      const expected = { ...none(foreign), TACO_AGENT: agent };
      assert.deepEqual(part(env, foreign), expected, `window ${window}`);
      assert.deepEqual(part(env, own), own, `window ${window}`);
      assert.equal(env['TMUX_PANE'], pane);
      assert.ok(!env['TMUX']!.startsWith('/tmp/outer'));
    }
  });

  it('is composed again at each launch: what was changed or removed since is so, also on a server that stays', async () => {
    // The user's own session, on a server that TACO did not start.
    teams.tmux('new-session', '-d', '-s', 'main');
    teams.tmux('set-environment', '-g', 'REMOVED', 'server');
    const dir = teams.project('a');
    const first = await teams.up(dir, { CHANGED: 'old', REMOVED: 'x' });
    assert.deepEqual(part(teams.agent(dir, 2).env, { CHANGED: '', REMOVED: '' }), { CHANGED: 'old', REMOVED: 'x' });
    await teams.leave(first);

    // Another leader of the running team relaunches by its own environment.
    const second = await teams.up(dir, { CHANGED: 'new' }, []);
    const before = teams.agent(dir, 2);
    assert.equal(teams.taco(dir, ['relaunch', 'api']).code, 0);
    await waitUntil(() => teams.agent(dir, 2).env['TACO_SECRET'] !== before.env['TACO_SECRET'], 30_000, 'the relaunch');
    await waitUntil(() => teams.agent(dir, 2).env['CHANGED'] === 'new', 10_000, 'the new environment');
    assert.equal(teams.agent(dir, 2).env['REMOVED'], undefined);
    assert.equal(teams.agent(dir, 3).env['CHANGED'], 'old');
    await teams.leave(second);
    assert.equal(teams.taco(dir, ['down']).code, 0);

    assert.match(teams.tmux('list-sessions'), /^main:/m, 'the server stays');
    await teams.up(dir, { CHANGED: 'newest' });
    for (const { env, window } of teams.processes(dir))
      assert.deepEqual(part(env, { CHANGED: '', REMOVED: '' }), { CHANGED: 'newest', REMOVED: undefined }, `${window}`);
  });

  it('is also that of worktree set-ups and health checks, and follows the leader', async () => {
    const past: Env = { PAST: 'of the server', CHANGED: 'server' };
    const foreign: Env = { CLAUDECODE: '1', VSCODE_PID: '7', TMUX: '/tmp/outer,1,0', TMUX_PANE: '%77' };
    // The user's own session, whose server was started with another environment.
    teams.tmux('new-session', '-d', '-s', 'main');
    for (const [name, value] of Object.entries(past)) teams.tmux('set-environment', '-g', name, value);
    const dir = teams.project('a');
    writeFileSync(join(teams.root, 'dump.sh'), 'env > "$1.draft" && mv "$1.draft" "$1"\n');
    for (const args of [
      ['init', '-q'],
      ['commit', '-q', '--allow-empty', '-m', 'first'],
    ])
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { cwd: dir });
    const dumpTo = (name: string): string => `sh ${join(teams.root, 'dump.sh')} ${join(teams.root, name)}`;
    const dumped = async (name: string, is: (env: Env) => boolean): Promise<Env> => {
      const read = (): Env | null => {
        const file = join(teams.root, name);
        const env = existsSync(file) ? envOf(readFileSync(file, 'utf8')) : {};
        return is(env) ? env : null;
      };
      return await waitUntil(read, 60_000, `${name} in the environment of the user`);
    };
    const worktrees = ['--plan', 'team.json', '--yes', '--worktrees', '--worktree-setup', dumpTo('setup')];
    const first = await teams.up(dir, { ...A, ...foreign, CHANGED: 'old', REMOVED: 'x' }, worktrees);
    const setup = await dumped('setup', ({ CHANGED }) => CHANGED === 'old');
    assert.equal(teams.taco(dir, ['service', 'register', 'db', '5432', '--check-command', dumpTo('check')]).code, 0);
    const check = await dumped('check', ({ CHANGED }) => CHANGED === 'old');
    for (const env of [setup, check]) {
      assert.deepEqual(part(env, A), A);
      assert.deepEqual(part(env, { PAST: '', ...foreign }), none({ PAST: '', ...foreign }));
      assert.equal(env['REMOVED'], 'x');
      assert.equal(env['PATH']?.split(':')[0], join(teams.home, 'bin'));
    }
    assert.equal(check['PORT'], '5432');
    await teams.leave(first);

    const second = await teams.up(dir, { CHANGED: 'new' }, []);
    const later = await dumped('check', ({ CHANGED }) => CHANGED === 'new');
    assert.deepEqual(part(later, { ...A, REMOVED: '' }), none({ ...A, REMOVED: '' }));
    await teams.leave(second);
    assert.equal(teams.taco(dir, ['down']).code, 0);
  });

  it('is the same after tmux itself started the pane’s program again', async () => {
    const dir = teams.project('a');
    await teams.up(dir, A);
    const { env, pane } = teams.agent(dir, 2);
    teams.tmux('respawn-pane', '-k', '-t', pane);
    await waitUntil(() => teams.agent(dir, 2).env['TACO_WINDOW'] === '2', 20_000, 'the program');
    assert.deepEqual(teams.agent(dir, 2).env, env);
  });
});
