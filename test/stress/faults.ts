import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../src/redis/server/processes';
import { pidOf } from '../../src/redis/server/redisServer';
import type { StressRun } from './stressRun';

/** The count of a fault, and its longest recovery, milliseconds. */
export interface Done {
  readonly times: number;
  readonly worstMs: number;
}

export interface Fault {
  readonly name: string;
  readonly title: string;
  readonly promise: string;
  /** The quantity that `worstMs` measures. */
  readonly measures: string;
  /** Share of the whole time. */
  readonly share: number;
  /** Minimum of a full run. */
  readonly full: Quota;
  run(stress: StressRun, over: Over): Promise<Done>;
}

interface Quota {
  readonly times: number;
  /** Messages acknowledged during the fault. */
  readonly messages?: number;
  readonly minutes?: number;
}

/** Returns whether a fault happened often enough. */
export type Over = (times: number) => boolean;

const RECOVERY_MS = 30_000;

async function repeat(over: Over, once: () => Promise<number | null>): Promise<Done> {
  let times = 0;
  let worstMs = 0;
  while (!over(times)) {
    const ms = await once();
    if (ms === null) continue;
    times += 1;
    worstMs = Math.max(worstMs, ms);
  }
  return { times, worstMs };
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'consumer',
    title: 'kill -9 of the process that leads, at random points',
    share: 0.35,
    full: { times: 200, messages: 5000 },
    promise: 'its successor goes on with every message where it stood; none is uncertain',
    measures: 'until another leads (its lease is taken away at once)',
    run: (stress, over) =>
      repeat(over, async () => {
        let pid: number | null = null;
        await stress.until('somebody leads', RECOVERY_MS, async () => (pid = await stress.leader()) !== null);
        await sleep(stress.between(50, 1200));
        if (pid === null || !(await stress.leaders.kill(pid))) return null;
        const at = Date.now();
        await stress.dropLease(pid);
        await stress.until('another leads', RECOVERY_MS, async () => ![null, pid].includes(await stress.leader()));
        return Date.now() - at;
      }),
  },
  {
    name: 'redis',
    title: 'kill -9 of redis-server',
    share: 0.2,
    full: { times: 50 },
    promise: 'it is started again; what was acknowledged is there',
    measures: 'until Redis answers again',
    run: (stress, over) =>
      repeat(over, async () => {
        await sleep(stress.between(300, 2000));
        const pid = await pidOf(stress.bed.paths);
        if (pid === null || !isRunning(pid)) return null;
        const at = Date.now();
        process.kill(pid, 'SIGKILL');
        await stress.until(
          'Redis answers',
          RECOVERY_MS,
          async () => (await stress.team.redis.call('PING')) === 'PONG' && (await pidOf(stress.bed.paths)) !== pid,
        );
        return Date.now() - at;
      }),
  },
  {
    name: 'agent',
    title: 'kill -9 of an agent',
    share: 0.15,
    full: { times: 100 },
    promise: 'noticed within 2 s; relaunched with its conversation; at most one message uncertain for each kill',
    measures: 'until the end is noticed',
    run: (stress, over) =>
      repeat(over, async () => {
        const name = stress.pick(stress.names) ?? '';
        const record = await stress.agent(name);
        if (!record || record.pane === '' || !['idle', 'busy'].includes(record.status)) return sleep(50, null);
        const pid = Number(stress.bed.tmux('display-message', '-p', '-t', record.pane, '#{pane_pid}'));
        const at = Date.now();
        stress.kills.push({ fault: 'agent', agent: name, at });
        process.kill(pid, 'SIGKILL');
        await stress.until(
          `${name} is known to have ended`,
          RECOVERY_MS,
          async () => (await stress.agent(name))?.status === 'exited',
        );
        const ms = Date.now() - at;
        await stress.team.request({ kind: 'relaunch', window: record.window });
        await stress.until(`${name} is back`, RECOVERY_MS, async () =>
          ['idle', 'busy'].includes((await stress.agent(name))?.status ?? ''),
        );
        return ms;
      }),
  },
  {
    name: 'tmux',
    title: 'tmux kill-server',
    share: 0.1,
    full: { times: 10 },
    promise:
      'the session is kept and resumed with conversations and queue; at most one message uncertain for each pane',
    measures: 'until the whole team runs again',
    run: (stress, over) =>
      repeat(over, async () => {
        await sleep(stress.between(500, 2500));
        const at = Date.now();
        for (const agent of stress.names) stress.kills.push({ fault: 'tmux', agent, at });
        stress.bed.tmux('kill-server');
        await stress.until(
          'the loss is told',
          RECOVERY_MS,
          async () => (await stress.team.store.session())?.phase !== 'running',
        );
        await stress.until('the team runs again', RECOVERY_MS, async () => {
          const [session, agents] = [await stress.team.store.session(), await stress.team.store.agents()];
          return session?.phase === 'running' && agents.every(({ status }) => status === 'idle' || status === 'busy');
        });
        return Date.now() - at;
      }),
  },
  {
    name: 'leaders',
    title: 'three leaders on one project: SIGSTOP, SIGCONT and kill -9 at random',
    share: 0.2,
    full: { times: 1, minutes: 2 },
    promise: 'one types at a time; a leader that slept types nothing when it wakes; the next leads within 6 s',
    measures: 'until another leads',
    run: async (stress, over) => {
      stress.leaders.want(3);
      const asleep: number[] = [];
      const wake = (): void => {
        for (const pid of asleep.splice(0)) if (stress.leaders.pids.includes(pid)) process.kill(pid, 'SIGCONT');
      };
      try {
        return await repeat(over, async () => {
          let pid: number | null = null;
          await stress.until('somebody leads', RECOVERY_MS, async () => (pid = await stress.leader()) !== null);
          await sleep(stress.between(200, 1500));
          wake(); // wakes the sleeper of the last round while another works
          await sleep(stress.between(0, 500));
          if (pid === null || !stress.leaders.pids.includes(pid) || (await stress.leader()) !== pid) return null;
          const at = Date.now();
          if (stress.random() < 0.5) await stress.leaders.kill(pid);
          else {
            process.kill(pid, 'SIGSTOP');
            asleep.push(pid);
          }
          await stress.until('another leads', RECOVERY_MS, async () => ![null, pid].includes(await stress.leader()));
          return Date.now() - at;
        });
      } finally {
        wake();
        stress.leaders.want(1);
      }
    },
  },
];
