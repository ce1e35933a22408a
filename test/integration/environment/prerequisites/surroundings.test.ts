import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { projectIdOf } from '../../../../src/redis/client/keys';
import { sessionOptions, serverOptions, windowOptions } from '../../../../src/tmux/session/ownOptions';
import { SessionRecordFile } from '../../../../src/tmux/session/sessionRecord';
import { socketPath } from '../../../../src/tmux/session/socketPath';
import type { CommandDeps } from '../../../../src/vscode/commands/commandDeps';
import type * as Doctor from '../../../../src/vscode/commands/doctor';
import { RemoteRedis } from '../../../support/redisServers';
import { taco } from '../../../support/tacoCommand';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { FakeVscode } from '../../../support/vscode/fakeVscode';

const SOCKET = 'around';
const urlOf = ({ port }: RemoteRedis): string => `redis://127.0.0.1:${port}`;
/** A tmux server with a session `team` whose options are as TACO sets them. */
const ownOptions = [
  ...sessionOptions('team', []),
  ...windowOptions('team:', []),
  ...serverOptions(),
] as readonly (readonly string[])[];

/** A machine around the doctor. */
interface Place {
  readonly dir: string;
  readonly home: string;
  readonly project: string;
  readonly env: Record<string, string>;
  readonly run: (program: string, ...args: readonly string[]) => void;
  readonly tmux: (...args: readonly string[]) => void;
  /** Starts the tmux server with the team's session, as TACO leaves it, and remembers its socket. */
  readonly startTeam: () => Promise<void>;
}

interface Surrounding {
  readonly name: string;
  readonly arrange: (place: Place) => Promise<void> | void;
  /** Id of the check in `taco doctor --json`. */
  readonly id: string;
  readonly title: string;
  readonly found: RegExp;
  readonly cure: RegExp;
  readonly rootOnly?: true;
  readonly evicts?: true;
}

const SURROUNDINGS: readonly Surrounding[] = [
  {
    name: 'a TACO_HOME to which others can write',
    arrange: ({ home }) => chmodSync(home, 0o777),
    id: 'home-safe',
    title: "Safety of TACO's folder",
    found: /other users can write/,
    cure: /chmod/,
  },
  {
    name: 'a plugin in tmux.conf that restores sessions',
    arrange: ({ dir }) =>
      writeFileSync(join(dir, '.tmux.conf'), "# @continuum-restore\nset -g @plugin 'tmux-plugins/tmux-continuum'\n"),
    id: 'tmux-restore',
    title: 'tmux plugins that restore sessions',
    found: /\.tmux\.conf loads tmux-continuum/,
    cure: /@continuum-restore/,
  },
  {
    name: 'a plugin that saves and restores sessions in the running server',
    arrange: async ({ startTeam, tmux }) => {
      await startTeam();
      tmux('set-option', '-g', 'status-right', '#(/p/tmux-continuum/scripts/continuum_save.sh) %H:%M');
      tmux('set-hook', '-g', 'session-created', 'run-shell /p/tmux-resurrect/scripts/restore.sh');
    },
    id: 'tmux-restore',
    title: 'tmux plugins that restore sessions',
    found: /runs in TACO's tmux server/,
    cure: /@continuum-restore/,
  },
  {
    name: 'hooks of the server that change panes',
    arrange: async ({ startTeam, tmux }) => {
      await startTeam();
      tmux('set-hook', '-g', 'pane-died', 'respawn-pane -k');
    },
    id: 'tmux-hooks',
    title: "Hooks of TACO's tmux server",
    found: /pane-died/,
    cure: /set-hook -gu pane-died/,
  },
  {
    name: 'options of the team that another program changed',
    arrange: async ({ startTeam, tmux }) => {
      await startTeam();
      tmux('set-option', '-t', 'team', 'renumber-windows', 'on');
      tmux('set-option', '-s', 'extended-keys', 'on');
    },
    id: 'tmux-options',
    title: "Options of the team's tmux session",
    found: /renumber-windows, extended-keys$/,
    cure: /taco up/,
  },
  {
    name: 'another TMUX_TMPDIR than the one of the team',
    arrange: async ({ startTeam, env, dir }) => {
      await startTeam();
      mkdirSync(join(dir, 'other'));
      env['TMUX_TMPDIR'] = join(dir, 'other');
    },
    id: 'tmux-socket',
    title: "Socket of TACO's tmux server",
    found: /the team runs on .*\/around; with this TMUX_TMPDIR, tmux uses .*\/other\//,
    cure: /export TMUX_TMPDIR='/,
  },
  {
    name: 'a Redis that evicts',
    arrange: () => undefined,
    evicts: true,
    id: 'redis-eviction',
    title: 'Eviction in Redis',
    found: /allkeys-lru/,
    cure: /noeviction/,
  },
  {
    name: 'git hooks that may refuse a merge',
    arrange: ({ project, run }) => {
      run('git', 'init', '-q', project);
      mkdirSync(join(project, '.git/hooks'), { recursive: true });
      writeFileSync(join(project, '.git/hooks/commit-msg'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    },
    id: 'git-hooks',
    title: 'git in this project',
    found: /commit-msg/,
    cure: /pass without a terminal/,
  },
  {
    name: 'signed commits',
    arrange: ({ project, run }) => {
      run('git', 'init', '-q', project);
      run('git', '-C', project, 'config', 'commit.gpgsign', 'true');
    },
    id: 'git-signing',
    title: 'git in this project',
    found: /commits are signed/,
    cure: /commit\.gpgsign false/,
  },
  {
    name: 'a repository that git refuses for its owner',
    arrange: ({ project, run }) => {
      run('git', 'init', '-q', project);
      run('chown', '-R', '12345', project);
    },
    rootOnly: true,
    id: 'git-ownership',
    title: 'git in this project',
    found: /another user/,
    cure: /safe\.directory/,
  },
];

describe('the doctor, on the command line and in VS Code', function () {
  this.timeout(60_000);
  const vscode = new FakeVscode();
  const environment = { ...process.env };
  let back: () => void;
  let runDoctor: typeof Doctor.runDoctor;
  let window: WindowProject;
  let place: Place;
  let redis: RemoteRedis | null = null;

  before(async () => {
    back = vscode.install();
    ({ runDoctor } = await import('../../../../src/vscode/commands/doctor'));
  });
  after(() => back());
  beforeEach(async () => {
    vscode.settings.clear();
    vscode.settings.set('taco.tmux.command', 'tmux').set('taco.tmux.socket', SOCKET);
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [
        { name: 'agent', check: { state: 'missing', version: '', where: 'no-such-agent', error: null } } as const,
      ],
    );
    const dir = realpathSync(vscode.folder);
    const env: Record<string, string> = {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      TMUX_TMPDIR: dir,
      TACO_HOME: join(dir, 'home'),
    };
    const server = { ...env };
    mkdirSync(join(dir, 'home', 'bin'), { recursive: true, mode: 0o700 });
    const run = (program: string, ...args: readonly string[]): void =>
      void execFileSync(program, args, { env: server, stdio: 'ignore' });
    const tmux = (...args: readonly string[]): void => run('tmux', '-L', SOCKET, ...args);
    const startTeam = async (): Promise<void> => {
      tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'team', 'sleep 60');
      for (const args of ownOptions) tmux(...args);
      const record = new TacoPaths(server, dir).tmuxRecord(projectIdOf(dir));
      const socket = socketPath(SOCKET, server);
      await new SessionRecordFile(record).write({ identity: 'a'.repeat(24), socket, session: 'team', server: null });
    };
    place = { dir, home: join(dir, 'home'), project: dir, env, run, tmux, startTeam };
  });
  afterEach(async () => {
    Object.assign(process.env, environment);
    try {
      place.tmux('kill-server');
    } catch {
      // None was started.
    }
    await redis?.close();
    redis = null;
    window.dispose();
  });

  /** `taco doctor --json`, by the id of each check. */
  async function onCommandLine(): Promise<Map<string, { state: string; detail: string; cure: string }>> {
    const url = redis ? ['--redis', urlOf(redis)] : [];
    const args = ['doctor', '--json', '--socket', SOCKET, '--agent-command', 'no-such-agent', ...url];
    const ran = await taco(args, { cwd: place.project, env: place.env });
    const { checks } = ran.json<{ checks: { id: string; state: string; detail: string; cure: string }[] }>();
    return new Map(checks.map((check) => [check.id, check]));
  }

  /** The rows of *Run Doctor*. */
  async function inVscode(): Promise<readonly { label: string; description?: string; detail?: string }[]> {
    Object.assign(process.env, place.env);
    if (redis) vscode.settings.set('taco.redisUrl', urlOf(redis));
    vscode.lists.length = 0;
    const parts = {
      secrets: { get: async () => undefined },
      loadBackend: async () => ({ findAgentClis: async () => [] }),
    };
    const deps = { ...window.deps, ...parts } as unknown as CommandDeps;
    await runDoctor(deps);
    return vscode.lists.flat() as { label: string; description?: string; detail?: string }[];
  }

  for (const { name, arrange, id, title, found, cure, rootOnly, evicts } of SURROUNDINGS)
    it(`names ${name} with the cure`, async function () {
      if (rootOnly && process.getuid?.() !== 0) return this.skip();
      if (evicts)
        redis = await RemoteRedis.start(['--port', 'PORT', '--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru']);
      await arrange(place);
      const check = (await onCommandLine()).get(id);
      assert.equal(check?.state, 'warning', JSON.stringify(check));
      assert.match(check.detail, found);
      assert.match(check.cure, cure);
      const rows = (await inVscode()).filter(({ label }) => label === `$(warning) ${title}`);
      assert.ok(
        rows.some(({ description = '', detail = '' }) => found.test(description) && cure.test(detail)),
        JSON.stringify(rows),
      );
    });

  it('finds nothing around a plain machine with a team', async () => {
    place.run('git', 'init', '-q', place.project);
    await place.startTeam();
    const found = await onCommandLine();
    const ids = ['home-safe', 'disk', 'tmux-socket', 'tmux-restore', 'tmux-hooks', 'tmux-options', 'git-hooks'];
    assert.deepEqual([...found.keys()].slice(-ids.length), ids);
    for (const id of ids.filter((each) => each !== 'disk'))
      assert.deepEqual([found.get(id)?.state, found.get(id)?.cure], ['ok', ''], JSON.stringify(found.get(id)));
  });

  const PROGRAMS = ['tmux', 'redis', 'home', 'git', 'agent'];

  /** Compares the rows of the programs and of TACO's folder on the command line with those in VS Code; returns the former. */
  async function sameInBoth(): Promise<Map<string, { state: string; detail: string; cure: string }>> {
    const found = await onCommandLine();
    const rows = await inVscode();
    for (const id of PROGRAMS) {
      const { state, title, detail, cure } = found.get(id) as unknown as Record<string, string>;
      const label = `$(${state === 'ok' ? 'pass' : state}) ${title}`;
      const row = rows.find((each) => each.label === label);
      assert.deepEqual([row?.description, row?.detail ?? ''], [detail, cure], `${id}: ${JSON.stringify(rows)}`);
    }
    return found;
  }

  it('describes programs and the folder in the same words, and makes no folder', async () => {
    rmSync(place.home, { recursive: true });
    const found = await sameInBoth();
    assert.deepEqual(
      PROGRAMS.map((id) => found.get(id)?.state),
      ['ok', 'ok', 'ok', 'ok', 'error'],
    );
    assert.match(found.get('agent')?.cure ?? '', /taco\.agent\.command.*--agent-command/);
    assert.ok(!existsSync(place.home));
  });

  it('names a folder that cannot be written, a missing git and an old tmux and Redis, each with its cure', async () => {
    rmSync(place.home, { recursive: true });
    writeFileSync(place.home, '');
    const bin = join(place.dir, 'bin');
    mkdirSync(bin);
    for (const [name, says] of [
      ['tmux', 'tmux 3.1c'],
      ['redis-server', 'Redis server v=6.0.16 sha=0'],
      ['apt-get', ''],
    ] as const)
      writeFileSync(join(bin, name), `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
    place.env['PATH'] = bin;
    const found = await sameInBoth();
    const facts = PROGRAMS.slice(0, 4).map((id) => [found.get(id)?.state, found.get(id)?.detail, found.get(id)?.cure]);
    assert.deepEqual(facts, [
      ['error', '3.1c is too old; TACO needs 3.2 or newer', 'sudo apt-get install -y tmux'],
      ['error', '6.0.16 is too old; TACO needs 6.2 or newer', 'sudo apt-get install -y redis-server'],
      ['error', `${place.home} is no folder`, 'export TACO_HOME=/a/folder/you/can/write'],
      ['warning', 'not found: needed for worktrees and the Changes view', 'sudo apt-get install -y git'],
    ]);
  });
});
