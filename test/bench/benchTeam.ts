import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Plan } from '../../src/core/models';
import type { Snapshot } from '../../src/core/snapshot';
import { defaultSettings, type EngineSettings } from '../../src/orchestrator/settings';
import { newCommandId, type Team } from '../../src/orchestrator/teamClient';
import { RedisCommandProducer } from '../../src/redis/producer';
import { pidOf } from '../../src/redis/redisServer';
import { TestTeam } from '../support/team';
import { cpuMsOf, cpuMsWithChildren, isMonitor } from './cpu';
import type { HostFacts, HostOrder } from './engineHost';

/** `scripted`: hooks are processes, as every CLI runs them; `direct`: hooks that cost none (directAgent.ts). */
export type AgentKind = 'scripted' | 'direct';

export interface BenchTeamOptions {
  readonly kind: AgentKind;
  readonly settings?: Partial<EngineSettings>;
  /** Where the engine's CPU profile goes when it ends. */
  readonly profileDir?: string;
}

export interface ProcessTimes {
  readonly engine: number;
  readonly tmux: number;
  readonly redis: number;
  readonly monitor: number;
  /** All of them together, with their hooks. */
  readonly agents: number;
}

/** The whole of TACO with its engine in a process of its own; this process is a client like any other. */
export class BenchTeam {
  readonly producer: RedisCommandProducer;
  private host: ChildProcess | undefined;
  private session = '';
  private monitorPid = 0;
  private settings: EngineSettings;

  private constructor(
    readonly bed: TestTeam,
    readonly team: Team,
    private readonly options: BenchTeamOptions,
  ) {
    this.producer = new RedisCommandProducer(team.redis, team.keys);
    this.settings = {
      ...defaultSettings,
      maxAgents: 200,
      profile: 'scripted',
      autoApprove: true,
      agentCommand: options.kind === 'direct' ? resolve('out/bench/agent.js') : undefined,
      tmuxSocket: bed.socket,
      tacoCommand: [process.execPath, resolve('out/bench/taco.js')],
      agentEnv: { TACO_SCRIPTED_WORK_MS: '0', TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_START_MS: '0' },
      ...options.settings,
    };
  }

  static async open(options: BenchTeamOptions): Promise<BenchTeam> {
    const bed = new TestTeam();
    return new BenchTeam(bed, await bed.open(), options);
  }

  /** Opens, starts the engine and a session of `agents` agents, and waits until each has its opening task. */
  static async start(agents: number, options: BenchTeamOptions): Promise<BenchTeam> {
    const bench = await BenchTeam.open(options);
    try {
      await bench.startEngine();
      await bench.startSession(agents);
      return bench;
    } catch (error) {
      await bench.dispose();
      throw error;
    }
  }

  /** Settings for engines that are started from now on. */
  use(settings: Partial<EngineSettings>): void {
    this.settings = { ...this.settings, ...settings };
  }

  async startEngine(): Promise<HostFacts> {
    const order: HostOrder = { project: this.bed.project, env: this.bed.env, settings: this.settings };
    const profiling = this.options.profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${this.options.profileDir}`];
    this.host = fork(resolve('out/bench/engineHost.js'), [JSON.stringify(order)], { execArgv: ['--expose-gc', ...profiling], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    return await this.answer();
  }

  async startSession(agents: number): Promise<void> {
    await this.team.request({ kind: 'start', goal: 'measure', plan: JSON.stringify(planOf(agents)) });
    const running = await this.until('running', 120, ({ session }) => session?.phase === 'running');
    this.session = running.session?.tmux_session ?? '';
    await this.until('opening tasks received', 240, ({ counters, agents: all }) => counters.pending + counters.processing === 0 && all.every(({ status }) => status === 'idle'));
  }

  until(what: string, seconds: number, is: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    return this.bed.until(this.team, what, seconds, is);
  }

  /** As `taco send` from the person puts it into the queue; resolves with its id. */
  async send(window: number, text: string, id = newCommandId()): Promise<string> {
    await this.producer.enqueue({
      id, type: 'tmux_message', target: `${this.session}:${window}`, message: `[USER → AGENT-${window}]: ${text}`,
      priority: 'normal', timestamp: new Date().toISOString(), sender: 'USER', secret: null,
    });
    return id;
  }

  async executed(): Promise<number> {
    return Number((await this.team.redis.call('GET', this.team.keys.executedTotal)) ?? 0);
  }

  async facts(): Promise<HostFacts> {
    this.host?.send('facts');
    return await this.answer();
  }

  /** CPU time so far of each process that all agents share, and of the agents, milliseconds. */
  async times(): Promise<ProcessTimes> {
    const redis = await pidOf(this.bed.paths);
    if (this.monitorPid === 0) this.monitorPid = Number(this.bed.tmux('display-message', '-p', '-t', `=${this.session}:1`, '#{pane_pid}'));
    const monitor = isMonitor(this.monitorPid) ? cpuMsOf(this.monitorPid) : 0;
    const agents = this.bed.tmux('list-panes', '-s', '-t', `=${this.session}`, '-F', '#{window_index} #{pane_pid}').trim().split('\n').map((line) => line.split(' ').map(Number));
    const agentsMs = agents.reduce((sum, [window = 0, pid = 0]) => sum + (window === 1 ? 0 : cpuMsWithChildren(pid)), 0);
    return { agents: agentsMs, engine: cpuMsOf(this.host?.pid ?? 0), tmux: cpuMsOf(Number(this.bed.tmux('display-message', '-p', '#{pid}'))), redis: cpuMsOf(redis ?? 0), monitor };
  }

  async stopEngine(): Promise<void> {
    const { host } = this;
    this.host = undefined;
    if (!host || host.exitCode !== null) return;
    const ended = once(host, 'exit');
    host.send('stop');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stopEngine();
    await this.bed.dispose();
  }

  private async answer(): Promise<HostFacts> {
    const { host } = this;
    if (!host) throw new Error('the engine does not run');
    const [message] = (await Promise.race([once(host, 'message'), once(host, 'exit').then(() => Promise.reject(new Error('the engine ended')))])) as [HostFacts];
    return message;
  }
}

export function planOf(agents: number): Plan {
  return {
    agents: Array.from({ length: agents }, (_, i) => ({ window: i + 2, name: `agent${i + 2}`, role: 'takes messages', depends_on: [], notifies: [], wait_for: [] })),
  };
}
