import { STEP_DELAY_MS } from '../../../src/core/base/limits';
import { BenchTeam, type AgentKind } from '../benchTeam';
import { machineBusyMs } from '../cpu';
import { goal, number, type Curve, type Figure } from '../figure';
import { sleep } from '../stats';

/** Maximum of messages that an agent can get in a minute, because of the required pause alone. */
export const MAX_PER_MINUTE = 60_000 / STEP_DELAY_MS;
const WARM_UP_MS = 1500;

export interface Throughput {
  readonly agents: number;
  readonly kind: AgentKind;
  /** Number of hosts that share the agents; 0: all are the leader's own. */
  readonly hosts: number;
  readonly seconds: number;
  readonly perMinute: number;
  /** Share of 300 a minute for each agent. */
  readonly share: number;
  /** CPU time for one message, milliseconds. */
  readonly cpu: {
    readonly engine: number;
    readonly hosts: number;
    readonly tmux: number;
    readonly redis: number;
    readonly monitor: number;
    readonly agents: number;
    readonly machine: number;
  };
  /** Redis commands for one message, including those inside scripts. */
  readonly commands: number;
  readonly complaints: readonly string[];
}

export interface ThroughputOrder {
  readonly agents: number;
  readonly kind: AgentKind;
  readonly seconds: number;
  readonly profileDir?: string;
  readonly whenBusy?: 'steer' | 'hold';
  readonly hosts?: number;
}

/** Sends so that every agent always has a waiting message; counts the messages received meanwhile. */
export async function throughput({
  agents,
  kind,
  seconds,
  profileDir,
  whenBusy = 'hold',
  hosts = 0,
}: ThroughputOrder): Promise<Throughput> {
  const bench = await BenchTeam.start(agents, {
    kind,
    hosts,
    settings: { whenBusy },
    ...(profileDir === undefined ? {} : { profileDir }),
  });
  try {
    const each = Math.min(900, Math.ceil((seconds + 3) * (1000 / STEP_DELAY_MS)));
    for (let n = 0; n < each; n++) {
      await Promise.all(
        Array.from({ length: agents }, (_, i) => bench.send(i + 2, `message ${n} of a long row of them`)),
      );
    }
    await sleep(WARM_UP_MS);
    const before = {
      at: performance.now(),
      executed: await bench.executed(),
      times: await bench.times(),
      busy: machineBusyMs(),
      calls: await bench.commandCalls(),
    };
    await sleep(seconds * 1000);
    const after = {
      at: performance.now(),
      executed: await bench.executed(),
      times: await bench.times(),
      busy: machineBusyMs(),
      calls: await bench.commandCalls(),
    };
    const messages = Math.max(1, after.executed - before.executed);
    const perMinute = (messages / (after.at - before.at)) * 60_000;
    const cpu = {
      engine: (after.times.engine - before.times.engine) / messages,
      hosts: (after.times.hosts - before.times.hosts) / messages,
      tmux: (after.times.tmux - before.times.tmux) / messages,
      redis: (after.times.redis - before.times.redis) / messages,
      monitor: (after.times.monitor - before.times.monitor) / messages,
      agents: (after.times.agents - before.times.agents) / messages,
      machine: (after.busy - before.busy) / messages,
    };
    const calls = [...after.calls].reduce((sum, [name, count]) => sum + count - (before.calls.get(name) ?? 0), 0);
    return {
      agents,
      kind,
      hosts,
      seconds,
      perMinute,
      share: perMinute / (MAX_PER_MINUTE * agents),
      cpu,
      commands: calls / messages,
      complaints: await bench.complaints(),
    };
  } finally {
    await bench.dispose();
  }
}

function line({ perMinute, share, cpu }: Throughput): string {
  return `${number(perMinute)} a minute, ${number(share * 100)} %; CPU a message: engine ${number(cpu.engine)} ms, tmux ${number(cpu.tmux)}, Redis ${number(cpu.redis)}, monitor ${number(cpu.monitor)}, agents ${number(cpu.agents)}; all of the machine ${number(cpu.machine)}`;
}

function sustained(agents: number, kind: AgentKind, least: number | null): Figure {
  const hooks = kind === 'direct' ? 'hooks without a process' : 'each hook a process';
  return {
    name: `sustained-${agents}${kind === 'direct' ? '' : '-hooks'}`,
    title: `${agents} agents, sustained, ${hooks}`,
    async run({ long }) {
      const seconds = long ? 60 : 30;
      const result = await throughput({ agents, kind, seconds: kind === 'direct' ? seconds : Math.min(seconds, 20) });
      return {
        floor: `${number(MAX_PER_MINUTE * agents)} a minute: 0.2 s each`,
        runs: 1,
        measured: line(result),
        goals: least === null ? [] : [goal('of the floor', result.share * 100, 'at least', least, '%')],
        ...(result.complaints.length ? { notes: result.complaints } : {}),
        data: result,
      };
    },
  };
}

export const sustainedFigures: readonly Figure[] = [
  sustained(20, 'direct', 90),
  sustained(50, 'direct', 60),
  sustained(20, 'scripted', null),
];

export const growthInAgents: Figure = {
  name: 'growth-agents',
  title: 'How cost grows with agents',
  async run({ long }) {
    const results: Throughput[] = [];
    for (const agents of long ? [1, 5, 10, 20, 50, 100, 200] : [1, 5, 10, 20, 50])
      results.push(await throughput({ agents, kind: 'direct', seconds: 8 }));
    const points = (y: (result: Throughput) => number): [number, number][] =>
      results.map((result) => [result.agents, y(result)]);
    const curves: Curve[] = [
      {
        file: 'agents-throughput.svg',
        title: 'Messages received, all agents always having one waiting',
        x: 'agents',
        y: 'a minute',
        series: [
          { name: 'received', points: points(({ perMinute }) => perMinute) },
          { name: '0.2 s each', points: points(({ agents }) => MAX_PER_MINUTE * agents) },
        ],
      },
      {
        file: 'agents-cost.svg',
        title: 'CPU time of one message',
        x: 'agents',
        y: 'ms',
        series: (['agents', 'engine', 'tmux', 'redis', 'monitor'] as const).map((name) => ({
          name,
          points: points(({ cpu }) => cpu[name]),
        })),
      },
    ];
    return {
      floor: '300 a minute for each agent',
      runs: results.length,
      goals: [],
      curves,
      data: results,
      measured: results
        .map(({ agents, share, cpu }) => `${agents}: ${number(share * 100)} %, engine ${number(cpu.engine)} ms`)
        .join(' · '),
    };
  },
};
