/**
 * A machine with several projects: one home, one tmux socket folder, TACO's own Redis. Everything on it runs by the
 * built `taco`.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TacoPaths } from '../../src/core/programs/paths';
import { projectIdOf } from '../../src/redis/client/keys';
import { stopRedis } from '../../src/redis/server/redisServer';
import type { ProcessFacts } from '../../src/tmux/session/processTable';
import { endSurvivors } from '../../src/tmux/session/processTree';
import { processesWith } from '../../src/tmux/session/teamProcesses';
import { waitUntil } from './waitUntil';

const PLAN = {
  agents: [
    { window: 2, name: 'api', role: 'Builds the API' },
    { window: 3, name: 'qa', role: 'Tests it' },
  ],
};

export interface Ran {
  readonly code: number | null;
  readonly text: string;
}

/** A running `taco` process, until it is ended. */
export interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  /** Ends the process as Ctrl-C does. */
  leave(): Promise<void>;
}

export class Machine {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'taco-m-')));
  readonly home = join(this.root, 'home');
  readonly paths = new TacoPaths({ TACO_HOME: join(this.root, 't') }, this.home);
  private readonly children: ChildProcess[] = [];
  private readonly projects: MachineProject[] = [];

  constructor(readonly taco = resolve('dist/taco.js')) {
    for (const folder of [this.home, this.socketFolder('s')]) mkdirSync(folder, { recursive: true });
  }

  get env(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      TACO_HOME: this.paths.home,
      TMUX_TMPDIR: this.socketFolder('s'),
      TACO_SCRIPTED_QUIET: '1',
      TACO_SCRIPTED_WORK_MS: '20',
    };
  }

  /** Socket of the server `taco`. */
  get socket(): string {
    return join(this.socketFolder('s'), `tmux-${process.getuid?.() ?? 0}`, 'taco');
  }

  socketFolder(name: string): string {
    return join(this.root, name);
  }

  project(path: string): MachineProject {
    const project = new MachineProject(this, join(this.root, path));
    this.projects.push(project);
    return project;
  }

  /** Runs tmux as the user would. */
  tmux(...args: readonly string[]): string {
    const ran = spawnSync('tmux', ['-L', 'taco', ...args], { encoding: 'utf8', env: this.env });
    return ran.status === 0 ? ran.stdout.trim() : `failed: ${ran.stderr.trim()}`;
  }

  /** Ends the tmux server, and resolves when it has ended. */
  async killServer(): Promise<void> {
    this.tmux('kill-server');
    await waitUntil(() => /no server|error connecting/.test(this.tmux('list-sessions')), 10_000, 'the end of tmux');
  }

  configure(lines: readonly string[]): void {
    writeFileSync(join(this.home, '.tmux.conf'), `${lines.join('\n')}\n`);
  }

  start(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Running {
    const child = spawn(process.execPath, [this.taco, ...args], {
      cwd,
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    this.children.push(child);
    const ended = new Promise<number | null>((done) => child.once('close', done));
    const leave = async (): Promise<void> => {
      child.kill('SIGINT');
      await ended;
    };
    return { child, output: () => text, ended, leave };
  }

  /** Ends all processes, and removes the folders. */
  async dispose(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    spawnSync('tmux', ['-L', 'taco', 'kill-server'], { env: this.env });
    for (const project of this.projects) await endSurvivors(await project.processes(), 0);
    await endSurvivors(await processesWith(`TMUX_TMPDIR=${this.socketFolder('s')}`), 0);
    await stopRedis(this.paths);
    await rm(this.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

export class MachineProject {
  readonly id: string;
  private readonly log: string;

  constructor(
    readonly machine: Machine,
    readonly dir: string,
  ) {
    mkdirSync(dir, { recursive: true });
    this.id = projectIdOf(dir);
    this.log = join(machine.root, `${this.id}.jsonl`);
    writeFileSync(join(dir, 'plan.json'), JSON.stringify(PLAN));
  }

  private get env(): Record<string, string> {
    return { TACO_SCRIPTED_RECEIVED: this.log };
  }

  async taco(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const run = this.machine.start(args, this.dir, { ...this.env, ...env });
    return { code: await run.ended, text: run.output() };
  }

  /** Runs `taco up`, which leads until it is ended. */
  up(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Running {
    return this.machine.start(['up', '--profile', 'scripted', ...args], this.dir, { ...this.env, ...env });
  }

  /** Starts the team of two and waits until it runs. */
  async begin(env: Readonly<Record<string, string>> = {}): Promise<Running> {
    const run = this.up(['--plan', 'plan.json', '--yes'], env);
    await waitUntil(
      () => {
        if (run.child.exitCode !== null) throw new Error(`taco up ended: ${run.output()}`);
        return /qa \(window 3\): ready/.test(run.output()) && /api \(window 2\): ready/.test(run.output());
      },
      60_000,
      `the team of ${this.dir}`,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${run.output()}`);
    });
    return run;
  }

  /** `taco agents --json`. */
  async agents(): Promise<
    readonly { readonly name: string; readonly status: string; readonly [field: string]: unknown }[]
  > {
    const { text } = await this.taco(['agents', '--json']);
    return (JSON.parse(text) as { agents: { name: string; status: string }[] }).agents;
  }

  async session(): Promise<string> {
    const { text } = await this.taco(['status', '--json']);
    return /"tmux_session": ?"([^"]*)"/.exec(text)?.[1] ?? '';
  }

  /** Returns all processes of this project's agents, in any tmux server. */
  processes(): Promise<readonly ProcessFacts[]> {
    return processesWith(`TACO_PROJECT=${this.dir}`);
  }

  /** Returns the processes of the agent's CLI. More than one means that its conversation runs twice. */
  async cliProcesses(agent: string): Promise<readonly number[]> {
    const all = await processesWith(`TACO_PROJECT=${this.dir}`, `TACO_AGENT=${agent}`);
    const clis = all.filter(({ pid }) => commandLineOf(pid).includes('scripted-agent'));
    const pids = new Set(clis.map(({ pid }) => pid));
    // A child that the CLI has just forked still shows the command line of its parent.
    return clis.filter(({ parent }) => !pids.has(parent)).map(({ pid }) => pid);
  }

  /** Returns the prompts that its agents received, as the agents recorded them. */
  received(): readonly string[] {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, 'utf8').split('\n').filter(Boolean);
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Gives each test of a `describe` its own machine with the project `app`, and disposes it after the test. */
export function eachOnOwnMachine(receive: (machine: Machine, project: MachineProject) => void): void {
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
    receive(machine, machine.project('app'));
  });
  afterEach(() => machine.dispose());
}
