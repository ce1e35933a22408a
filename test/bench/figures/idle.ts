import { spawn } from 'node:child_process';
import { BenchTeam } from '../benchTeam';
import { cpuMsOf } from '../cpu';
import type { HostFacts } from '../engineHost';
import { goal, number, type Figure } from '../figure';
import { sleep } from '../stats';

export const idle: Figure = {
  name: 'idle',
  title: '20 idle agents',
  async run({ long }) {
    const seconds = long ? 60 : 30;
    const bench = await BenchTeam.start(20, { kind: 'scripted' });
    const empty = spawn(process.execPath, ['-e', 'setInterval(() => {}, 2 ** 30)'], { stdio: 'ignore' });
    try {
      await sleep(3000);
      const before = {
        facts: await bench.facts(),
        times: await bench.times(),
        calls: await bench.commandCalls(),
        empty: cpuMsOf(empty.pid ?? 0),
      };
      await sleep(seconds * 1000);
      const after = {
        facts: await bench.facts(),
        times: await bench.times(),
        calls: await bench.commandCalls(),
        empty: cpuMsOf(empty.pid ?? 0),
      };
      // The bench's own INFO and this process's watch (a PING a second) do not belong to the team.
      const calls = [...after.calls]
        .map(([name, count]) => [name, (count - (before.calls.get(name) ?? 0)) / seconds] as const)
        .filter(([, rate]) => rate > 0.05)
        .sort((a, b) => b[1] - a[1]);
      const commands = calls.reduce((sum, [, rate]) => sum + rate, 0);
      const share = (name: 'engine' | 'tmux' | 'redis' | 'monitor'): number =>
        (after.times[name] - before.times[name]) / (seconds * 10);
      const engine = (after.facts.cpuMs - before.facts.cpuMs) / (seconds * 10);
      const started = after.facts.spawned - before.facts.spawned;
      return {
        floor: `an empty Node process: ${number((after.empty - before.empty) / (seconds * 10))} % of a core`,
        runs: 1,
        measured: `engine ${number(engine)} % of a core, tmux ${number(share('tmux'))} %, Redis ${number(share('redis'))} %, monitor ${number(share('monitor'))} %; ${number(commands)} Redis commands a second; ${started} processes`,
        goals: [
          goal('engine', engine, 'at most', 1, '% of a core'),
          goal('Redis commands', commands, 'at most', 20, 'a second'),
          goal('processes', started, 'at most', 0, 'spawned'),
        ],
        notes: [
          `Redis commands a second, those inside scripts counted too: ${calls
            .slice(0, 8)
            .map(([name, rate]) => `${name} ${number(rate)}`)
            .join(', ')}`,
        ],
        data: {
          seconds,
          engine,
          tmux: share('tmux'),
          redis: share('redis'),
          monitor: share('monitor'),
          commands: Object.fromEntries(calls),
          started,
        },
      };
    } finally {
      empty.kill();
      await bench.dispose();
    }
  },
};

/** V8 returns memory of a burst once its process has been idle for some time; measured: 20 to 40 s. */
const AT_REST_MS = 45_000;

/** Measures the memory of the engine's process when its agents have their opening tasks, and after a quiet time. */
async function memoryAt(agents: number): Promise<{ readonly started: HostFacts; readonly rested: HostFacts }> {
  const bench = await BenchTeam.open({ kind: 'direct' });
  try {
    await bench.startEngine();
    if (agents > 0) await bench.startSession(agents);
    await sleep(2000);
    const started = await bench.facts();
    await sleep(AT_REST_MS);
    return { started, rested: await bench.facts() };
  } finally {
    await bench.dispose();
  }
}

export const memory: Figure = {
  name: 'memory',
  title: 'Memory of the engine at 50 agents',
  async run() {
    const [none, one, fifty] = [await memoryAt(0), await memoryAt(1), await memoryAt(50)];
    const summary = ({ started, rested }: typeof none): string =>
      `${number(rested.rssMb)} MB resident, ${number(rested.heapMb)} MB of objects (just started: ${number(started.rssMb)} and ${number(started.heapMb)})`;
    return {
      floor: `no session: ${summary(none)}; one agent: ${summary(one)}`,
      runs: 1,
      measured: summary(fifty),
      goals: [
        goal('more than without a session, at rest', fifty.rested.rssMb - none.rested.rssMb, 'at most', 30, 'MB'),
      ],
      data: { none, one, fifty },
    };
  },
};
