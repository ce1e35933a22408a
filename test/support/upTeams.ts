/** Real `taco up` processes with scripted agents: several projects on the test's own tmux server. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TacoPaths } from '../../src/core/programs/paths';
import { stopRedis } from '../../src/redis/server/redisServer';
import { waitUntil } from './waitUntil';

const TACO = resolve('dist/taco.js');
const PLAN = {
  agents: [
    { window: 2, name: 'api', role: 'Builds the API' },
    { window: 3, name: 'qa', role: 'Tests the API' },
  ],
};

export type Env = Readonly<Record<string, string>>;

/** A process in a pane, as the kernel reports it. */
export interface PaneProcess {
  readonly window: number;
  readonly pane: string;
  readonly env: Env;
  readonly cwd: string;
}

export class UpTeams {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'taco-i-')));
  readonly socket = `taco-i-${process.pid}`;
  private readonly leaders = new Set<ChildProcess>();
  readonly home = join(this.root, 'home');
  private readonly homes = new Set([this.home]);
  readonly base: Env;

  constructor() {
    this.base = {
      PATH: process.env['PATH'] ?? '',
      LANG: 'C.UTF-8',
      HOME: this.root,
      TMUX_TMPDIR: this.root,
      TACO_HOME: this.home,
      TACO_SCRIPTED_QUIET: '1',
    };
  }

  /** Creates a project's folder with the plan `team.json` in it. */
  project(name: string): string {
    const dir = join(this.root, name);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'team.json'), JSON.stringify(PLAN));
    return dir;
  }

  taco(dir: string, args: readonly string[], env: Env = {}): { code: number | null; stdout: string; stderr: string } {
    if (env['TACO_HOME'] !== undefined) this.homes.add(env['TACO_HOME']);
    const ran = spawnSync(process.execPath, [TACO, ...args, '--socket', this.socket], {
      cwd: dir,
      env: { ...this.base, ...env },
      encoding: 'utf8',
    });
    return { code: ran.status, stdout: ran.stdout, stderr: ran.stderr };
  }

  tmux(...args: string[]): string {
    return spawnSync('tmux', ['-L', this.socket, ...args], { encoding: 'utf8', env: this.base }).stdout;
  }

  /** Starts `taco up`, which leads until `leave`; resolves once its agents are ready. */
  async up(
    dir: string,
    env: Env = {},
    args: readonly string[] = ['--plan', 'team.json', '--yes'],
  ): Promise<ChildProcess> {
    const child = spawn(process.execPath, [TACO, 'up', ...args, '--profile', 'scripted', '--socket', this.socket], {
      cwd: dir,
      env: { ...this.base, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.leaders.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    const isReady = (): boolean => {
      if (child.exitCode !== null) throw new Error(`taco up ended: ${output}`);
      return args.length === 0 ? output.includes('running') : output.includes('qa (window 3): ready');
    };
    await waitUntil(isReady, 60_000, `the team in ${dir}`).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${output}`);
    });
    return child;
  }

  /** Ends the leader; its team continues. */
  async leave(leader: ChildProcess): Promise<void> {
    this.leaders.delete(leader);
    if (leader.exitCode !== null) return;
    const closed = new Promise((done) => leader.once('close', done));
    leader.kill('SIGINT');
    await closed;
  }

  /** Returns the processes in the panes of a project's session. */
  processes(dir: string): readonly PaneProcess[] {
    const session = (JSON.parse(this.taco(dir, ['status', '--json']).stdout) as { session: { tmux_session: string } })
      .session;
    return this.tmux(
      'list-panes',
      '-s',
      '-t',
      `=${session.tmux_session}:`,
      '-F',
      '#{window_index} #{pane_id} #{pane_pid}',
    )
      .trim()
      .split('\n')
      .map((line) => {
        const [window = '', pane = '', pid = ''] = line.split(' ');
        return { window: Number(window), pane, env: environmentOf(pid), cwd: readlinkSync(`/proc/${pid}/cwd`) };
      });
  }

  agent(dir: string, window: number): PaneProcess {
    const found = this.processes(dir).find((each) => each.window === window);
    if (!found) throw new Error(`no window ${window}`);
    return found;
  }

  async dispose(): Promise<void> {
    for (const child of this.leaders) child.kill('SIGKILL');
    this.tmux('kill-server');
    for (const home of this.homes) await stopRedis(new TacoPaths({ TACO_HOME: home }, this.root));
    rmSync(this.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Returns the environment with which a running process was started. */
function environmentOf(pid: string | number): Env {
  return Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter(Boolean)
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}
