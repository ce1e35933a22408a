import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plan } from '../../src/core/models';
import type { Snapshot } from '../../src/core/team/snapshot';
import type { Team } from '../../src/team/team';
import { receivedPrompts } from './receivedPrompts';
import { areAllReceived, isHostThere, phaseIs } from './snapshotChecks';
import { TestTeam } from './team';
import { waitUntil } from './waitUntil';

/**
 * Another machine of a team, simulated on this one: its own tmux server and folders, and `taco host` processes as
 * executors.
 */
export class TestHost {
  readonly home: string;
  readonly socket: string;
  private readonly env: Record<string, string>;
  private readonly running = new Set<ChildProcess>();
  private said = '';

  /**
   * @param agentEnv environment of its agents, `TACO_SCRIPTED_…`
   * @param more options of `taco host`
   * @param inside argument array that runs the command after it, for example `ip netns exec NAME`
   */
  constructor(
    private readonly bed: TestTeam,
    readonly name: string,
    agentEnv: Readonly<Record<string, string>>,
    private readonly more: readonly string[] = [],
    private readonly inside: readonly string[] = [],
  ) {
    this.home = join(bed.dir, `home-${name}`);
    mkdirSync(this.home, { recursive: true });
    this.socket = `${bed.socket}-${name}`;
    this.env = { ...bed.env, ...agentEnv, HOME: this.home, TACO_HOME: join(this.home, 't') };
  }

  get pids(): readonly number[] {
    return [...this.running].flatMap(({ pid }) => pid ?? []);
  }

  /** The output of its processes. */
  get words(): string {
    return this.said;
  }

  /** Starts one more executor; returns its number. */
  join(): number {
    const args = [
      resolve('dist/taco.js'),
      'host',
      '--name',
      this.name,
      '--profile',
      'scripted',
      '--project',
      this.bed.project,
      '--socket',
      this.socket,
      '--redis',
      this.bed.redisUrl ?? this.bed.paths.redisSocket,
      ...this.more,
    ];
    const [program = process.execPath, ...words] = [...this.inside, process.execPath];
    const child = spawn(program, [...words, ...args], { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (this.said = (this.said + data.toString()).slice(-2000)));
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    return child.pid ?? 0;
  }

  /** Kills one process, or all, with SIGKILL; resolves once they have ended. */
  async kill(pid?: number): Promise<void> {
    const doomed = [...this.running].filter((child) => pid === undefined || child.pid === pid);
    await Promise.all(
      doomed.map(
        (child) =>
          new Promise((gone) => {
            child.once('exit', gone);
            child.kill('SIGKILL');
          }),
      ),
    );
  }

  /** Ends the processes as Ctrl-C does; returns their output. */
  async leave(): Promise<string> {
    await Promise.all(
      [...this.running].map(
        (child) =>
          new Promise((gone) => {
            child.once('close', gone);
            child.kill('SIGINT');
          }),
      ),
    );
    return this.said;
  }

  /** Windows of its tmux server, `SESSION:INDEX:NAME`; empty when it does not run. */
  windows(): readonly string[] {
    try {
      return this.tmux('list-windows', '-a', '-F', '#{session_name}:#{window_index}:#{window_name}')
        .trim()
        .split('\n')
        .filter(Boolean);
    } catch {
      return [];
    }
  }

  tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.socket, ...args], {
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async dispose(): Promise<void> {
    await this.kill();
    try {
      this.tmux('kill-server');
    } catch {
      // Ended already.
    }
  }
}

/**
 * Waits until `read` returns `count` entries, and returns them: a receipt is written a moment after the hook's report.
 */
export async function whenThere(read: () => readonly string[], count: number): Promise<readonly string[]> {
  await waitUntil(() => read().length >= count, 15_000, `${count} entries`, { details: () => read().join('\n') });
  return read();
}

/** A team with scripted agents whose plan may name the host `build`. */
export class HostedTeam {
  readonly received: string;
  readonly host: TestHost;

  private constructor(
    readonly bed: TestTeam,
    readonly team: Team,
  ) {
    this.received = join(bed.dir, 'received.jsonl');
    this.host = new TestHost(bed, 'build', {
      TACO_SCRIPTED_RECEIVED: this.received,
      TACO_SCRIPTED_WORK_MS: '50',
      TACO_SCRIPTED_QUIET: '1',
    });
  }

  static async open(): Promise<HostedTeam> {
    const bed = new TestTeam();
    return new HostedTeam(bed, await bed.open());
  }

  async lead(env: Readonly<Record<string, string>> = { TACO_SCRIPTED_QUIET: '1' }): Promise<void> {
    await this.bed.engine(this.team, {
      profile: 'scripted',
      autoApprove: true,
      agentEnv: { TACO_SCRIPTED_RECEIVED: this.received, TACO_SCRIPTED_WORK_MS: '50', ...env },
    });
  }

  /** Launches these agents, and resolves when each has its opening task. */
  async running(agents: Plan['agents']): Promise<Snapshot> {
    const { bed, team, host } = this;
    await this.lead();
    host.join();
    await bed.until(team, 'the host there', 20, isHostThere('build'));
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents }) });
    await bed.until(team, 'running', 30, phaseIs('running'));
    return bed.until(team, 'opening tasks received', 30, areAllReceived);
  }

  /** Returns the user's texts that the agent's model got, in order. */
  got(name: string): string[] {
    return receivedPrompts(this.received, name);
  }

  async dispose(): Promise<void> {
    await this.host.dispose();
    await this.bed.dispose();
  }
}
