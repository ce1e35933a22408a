import { BenchTeam } from '../benchTeam';
import { goal, number, type Figure } from '../figure';
import { interleaved, type Stats } from '../stats';
import { arrivalOf, watchStates } from './latency';
import { MAX_PER_MINUTE, throughput, type Throughput } from './throughput';

const AGENTS = 20;
/** 0: all agents are the leader's own; otherwise the number of hosts, and the leader has none. */
const HOSTS = [0, 1, 2, 4] as const;
const ROUNDS = 2;

/** Measures one agent of the leader and one of a host in turn, in one team. */
async function latencies(runs: number): Promise<{ readonly here: Stats; readonly there: Stats }> {
  const bench = await BenchTeam.start(2, { kind: 'scripted', hosts: 1, place: (n) => (n === 0 ? '' : 'host1') });
  try {
    const when = watchStates(bench);
    const entered = async (window: number): Promise<number> => (await arrivalOf(bench, when, window)).entered;
    const { floor: here, ours: there } = await interleaved(
      runs,
      3,
      () => entered(2),
      () => entered(3),
    );
    return { here, there };
  } finally {
    await bench.dispose();
  }
}

/** Returns the mean of the rounds for one number of hosts. */
function mean(runs: readonly Throughput[]): Pick<Throughput, 'hosts' | 'perMinute' | 'share' | 'cpu' | 'commands'> {
  const of = (value: (run: Throughput) => number): number =>
    runs.reduce((sum, run) => sum + value(run), 0) / runs.length;
  const cpu = (['engine', 'hosts', 'tmux', 'redis', 'monitor', 'agents', 'machine'] as const).map(
    (name) => [name, of((run) => run.cpu[name])] as const,
  );
  return {
    hosts: runs[0]?.hosts ?? 0,
    perMinute: of(({ perMinute }) => perMinute),
    share: of(({ share }) => share),
    commands: of(({ commands }) => commands),
    cpu: Object.fromEntries(cpu) as unknown as Throughput['cpu'],
  };
}

function row({ hosts, perMinute, share, cpu, commands }: ReturnType<typeof mean>): string {
  const where = hosts === 0 ? 'no host' : `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`;
  const executors = hosts === 0 ? '' : `, executors ${number(cpu.hosts)}`;
  return `${where}: ${number(perMinute)} a minute, ${number(share * 100)} %; CPU a message: leader ${number(cpu.engine)} ms${executors}, tmux ${number(cpu.tmux)}, Redis ${number(cpu.redis)}, monitors ${number(cpu.monitor)}; ${number(commands)} Redis commands`;
}

export const hosts: Figure = {
  name: 'hosts',
  title: `${AGENTS} agents over several hosts, sustained, hooks without a process`,
  async run({ long }) {
    const runs: Throughput[] = [];
    // In turn, forwards and backwards, so that other load on the machine affects all equally.
    for (let round = 0; round < ROUNDS; round++) {
      for (const count of round % 2 === 0 ? HOSTS : HOSTS.toReversed())
        runs.push(await throughput({ agents: AGENTS, kind: 'direct', seconds: long ? 60 : 15, hosts: count }));
    }
    const { here, there } = await latencies(long ? 200 : 60);
    const means = HOSTS.map((count) => mean(runs.filter((run) => run.hosts === count)));
    const [none, ...spread] = means;
    const least = Math.min(...spread.map(({ perMinute }) => perMinute / (none?.perMinute ?? 0)));
    const complaints = runs.flatMap((run) => run.complaints.map((each) => `${run.hosts} hosts: ${each}`));
    return {
      floor: `${number(MAX_PER_MINUTE * AGENTS)} a minute: 0.2 s each; idle agent of the leader’s, enqueue → Enter: p50 ${number(here.p50)} ms, p99 ${number(here.p99)}`,
      runs: ROUNDS,
      measured: `${means.map(row).join('<br>')}<br>idle agent of a host’s, enqueue → Enter: p50 ${number(there.p50)} ms, p99 ${number(there.p99)}`,
      goals: [
        goal('on hosts, of what it is without', least * 100, 'at least', 90, '%'),
        goal('p50 on a host, of the leader’s', there.p50 / here.p50, 'at most', 1.1, '×'),
        goal('p99', there.p99 / here.p99, 'at most', 1.2, '×'),
      ],
      ...(complaints.length ? { notes: complaints } : {}),
      data: { means, runs, latency: { here, there } },
    };
  },
};
