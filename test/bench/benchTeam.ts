import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { targetOf, sessionOn } from '../../src/core/messages/address';
import { newCommandId } from '../../src/core/messages/newCommand';
import type { Plan } from '../../src/core/models';
import type { Snapshot } from '../../src/core/team/snapshot';
import { RedisCommandProducer } from '../../src/redis/queue/commandProducer';
import { pidOf } from '../../src/redis/server/redisServer';
import { defaultSettings, type EngineSettings } from '../../src/team/engineSettings';
import type { Team } from '../../src/team/team';
import { TestTeam } from '../support/team';
import { cpuMsOf, cpuMsWithChildren, isMonitor } from './cpu';
import type { HostFacts, HostOrder } from './engineHost';
import { EngineProcess } from './engineProcess';

/** `scripted`: hooks are processes, as in every CLI; `direct`: hooks without a process (directAgent.ts). */
export type AgentKind = 'scripted' | 'direct';

export interface BenchTeamOptions {
  readonly kind: AgentKind;
  readonly settings?: Partial<EngineSettings>;
  /** Folder for the engine's CPU profile when it ends. */
  readonly profileDir?: string;
  /** Number of hosts that join, each with its own tmux server and folders. */
  readonly hosts?: number;
  /** Returns where the n-th agent runs; default: this machine, or distributed evenly among the hosts. */
  readonly place?: (n: number) => string;
}

export interface ProcessTimes {
  readonly engine: number;
  /** Sum over all hosts' executors. */
  readonly hosts: number;
  /** Sum over all tmux servers; the same for the monitors. */
  readonly tmux: number;
  readonly redis: number;
  readonly monitor: number;
  /** Sum over all agents and their hooks. */
  readonly agents: number;
}

/** The whole of TACO with its engine in a separate process; this process is an ordinary client. */
export class BenchTeam {
  readonly producer: RedisCommandProducer;
  private engine: EngineProcess | undefined;
  private readonly hosts: { readonly name: string; readonly socket: string; readonly process: EngineProcess }[] = [];
  private session = '';
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

  /**
   * Opens the project, starts the engine and a session of `agents` agents, and waits until each has its opening task.
   */
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

  /** Sets settings for engines that start later. */
  use(settings: Partial<EngineSettings>): void {
    this.settings = { ...this.settings, ...settings };
  }

  /** Starts the leader, and the hosts that join it. */
  async startEngine(): Promise<HostFacts> {
    const order: HostOrder = { project: this.bed.project, env: this.bed.env, settings: this.settings };
    this.engine = await EngineProcess.start(order, this.options.profileDir);
    for (const name of this.hostNames) {
      const socket = `${this.bed.socket}-${name}`;
      const env = { ...this.bed.env, TACO_HOME: join(this.bed.dir, name) };
      const process = await EngineProcess.start({
        ...order,
        env,
        settings: { ...this.settings, tmuxSocket: socket },
        joins: { name, redisUrl: this.bed.paths.redisSocket },
      });
      this.hosts.push({ name, socket, process });
    }
    await this.until('the hosts there', 20, ({ hosts = [] }) => hosts.length === this.hosts.length);
    return await this.engine.facts();
  }

  async startSession(agents: number): Promise<void> {
    await this.team.request({ kind: 'start', goal: 'measure', plan: JSON.stringify(planOf(agents, this.place)) });
    const running = await this.until('running', 120, ({ session }) => session?.phase === 'running');
    this.session = running.session?.tmux_session ?? '';
    await this.until(
      'opening tasks received',
      240,
      ({ counters, agents: all }) =>
        counters.pending + counters.processing === 0 && all.every(({ status }) => status === 'idle'),
    );
  }

  until(what: string, seconds: number, is: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    return this.bed.until(this.team, what, seconds, is);
  }

  /** Queues a message as the user's `taco send` does; resolves with its id. */
  async send(window: number, text: string, id = newCommandId()): Promise<string> {
    await this.producer.enqueue({
      id,
      type: 'tmux_message',
      target: targetOf(this.session, window, this.place(window - 2)),
      message: `[USER → AGENT-${window}]: ${text}`,
      priority: 'normal',
      timestamp: new Date().toISOString(),
      sender: 'USER',
      secret: null,
    });
    return id;
  }

  async executed(): Promise<number> {
    return Number((await this.team.redis.call('GET', this.team.keys.executedTotal)) ?? 0);
  }

  async facts(): Promise<HostFacts> {
    if (!this.engine) throw new Error('the engine does not run');
    return await this.engine.facts();
  }

  /** Returns warnings and errors of the leader and the hosts. */
  async complaints(): Promise<readonly string[]> {
    const all = await Promise.all(
      [this.engine, ...this.hosts.map(({ process }) => process)].map(
        async (each) => (await each?.facts())?.complaints ?? [],
      ),
    );
    return all.flat();
  }

  /** Returns the CPU time so far of each shared process, and of the agents, milliseconds. */
  async times(): Promise<ProcessTimes> {
    const redis = await pidOf(this.bed.paths);
    const servers = ['', ...this.hosts.map(({ name }) => name)].map((host) => this.timesOfServer(host));
    const sum = (what: keyof (typeof servers)[number]): number =>
      servers.reduce((all, server) => all + server[what], 0);
    return {
      agents: sum('agents'),
      tmux: sum('tmux'),
      monitor: sum('monitor'),
      redis: cpuMsOf(redis ?? 0),
      engine: cpuMsOf(this.engine?.pid ?? 0),
      hosts: this.hosts.reduce((all, { process }) => all + cpuMsOf(process.pid), 0),
    };
  }

  /** Returns the calls of each Redis command so far, including those inside scripts. */
  async commandCalls(): Promise<Map<string, number>> {
    const info = String(await this.team.redis.call('INFO', 'commandstats'));
    return new Map(
      [...info.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)].map((match) => [match[1] ?? '', Number(match[2])]),
    );
  }

  async stopEngine(): Promise<void> {
    const { engine } = this;
    this.engine = undefined;
    await Promise.all([...this.hosts.map(({ process }) => process.stop()), engine?.stop()]);
  }

  async dispose(): Promise<void> {
    await this.stopEngine();
    for (const { socket } of this.hosts) {
      try {
        this.tmux(socket, 'kill-server');
      } catch {
        // Ended already.
      }
    }
    await this.bed.dispose();
  }

  private get hostNames(): readonly string[] {
    return Array.from({ length: this.options.hosts ?? 0 }, (_, i) => `host${i + 1}`);
  }

  private readonly place = (n: number): string => {
    const { place, hosts = 0 } = this.options;
    return place?.(n) ?? (hosts === 0 ? '' : (this.hostNames[n % hosts] ?? ''));
  };

  private tmux(socket: string, ...args: string[]): string {
    return execFileSync('tmux', ['-L', socket, ...args], {
      env: this.bed.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** @param host empty: the leader's own server */
  private timesOfServer(host: string): Pick<ProcessTimes, 'tmux' | 'monitor' | 'agents'> {
    const socket = this.hosts.find(({ name }) => name === host)?.socket ?? this.bed.socket;
    const panes = this.tmux(
      socket,
      'list-panes',
      '-s',
      '-t',
      `=${sessionOn(this.session, host)}`,
      '-F',
      '#{window_index} #{pane_pid}',
    )
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    const times = {
      agents: 0,
      monitor: 0,
      tmux: cpuMsOf(Number(this.tmux(socket, 'display-message', '-p', '#{pid}'))),
    };
    for (const [window = 0, pid = 0] of panes) {
      if (window !== 1) times.agents += cpuMsWithChildren(pid);
      else if (isMonitor(pid)) times.monitor += cpuMsOf(pid);
    }
    return times;
  }
}

/** @param place the host of the n-th agent; empty: the leader's own */
export function planOf(agents: number, place: (n: number) => string = () => ''): Plan {
  return {
    agents: Array.from({ length: agents }, (_, i) => ({
      window: i + 2,
      name: `agent${i + 2}`,
      role: 'takes messages',
      depends_on: [],
      notifies: [],
      wait_for: [],
      ...(place(i) === '' ? {} : { host: place(i) }),
    })),
  };
}
