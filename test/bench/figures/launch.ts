import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { spawned } from '../../conformance/childProcess';
import { BenchTeam, planOf } from '../benchTeam';
import { goal, number, type Figure } from '../figure';
import { interleaved, sleep, timed } from '../stats';

const AGENTS = 10;
const AGENT = ['node', resolve('media/scripted-agent.mjs')];

/** Creates a session and ten windows, as a user does one after the other. */
async function byHand(env: Readonly<Record<string, string>>): Promise<number> {
  const socket = `taco-hand-${process.pid}-${randomBytes(3).toString('hex')}`;
  const run = (...args: string[]): Promise<string> => spawned('tmux', ['-L', socket, ...args], env);
  try {
    return await timed(async () => {
      await run('-f', '/dev/null', 'new-session', '-d', '-s', 'hand', ...AGENT);
      for (let n = 0; n < AGENTS; n++) await run('new-window', '-d', '-t', 'hand:', ...AGENT);
    });
  } finally {
    await run('kill-server').catch(() => undefined);
    await sleep(500); // their ends must not affect the next measurement
  }
}

async function byTaco(bench: BenchTeam): Promise<number> {
  const { team } = bench;
  await team.request({ kind: 'start', goal: 'measure', plan: JSON.stringify(planOf(AGENTS)) });
  await bench.until(
    'review',
    30,
    ({ session, agents }) => session?.phase === 'review' && agents.every(({ status }) => status === 'idle'),
  );
  const ms = await timed(async () => {
    await team.request({ kind: 'approve', plan: planOf(AGENTS) });
    for (let started = 0; started < AGENTS + 1;) {
      await sleep(2);
      started = (await team.store.agents()).filter(({ pane }) => pane !== '').length;
    }
  });
  await bench.until('running', 30, ({ session }) => session?.phase === 'running');
  await team.request({ kind: 'stop' });
  await bench.until('no session', 30, ({ session }) => session === null);
  await sleep(500);
  return ms;
}

export const launch: Figure = {
  name: 'launch',
  title: `Session with ${AGENTS} agents, approved → all processes started`,
  async run() {
    const bench = await BenchTeam.open({ kind: 'scripted', settings: { autoApprove: false } });
    try {
      await bench.startEngine();
      const { floor, ours } = await interleaved(
        6,
        1,
        () => byHand(bench.bed.env),
        () => byTaco(bench),
      );
      return {
        floor: `tmux new-session and ${AGENTS} new-window by hand: p50 ${number(floor.p50)} ms, most ${number(floor.max)}`,
        runs: ours.n,
        measured: `p50 ${number(ours.p50)} ms, most ${number(ours.max)}`,
        goals: [goal('p50', ours.p50 / floor.p50, 'at most', 3, '×'), goal('most', ours.max, 'at most', 1000, 'ms')],
        data: { ours, floor },
      };
    } finally {
      await bench.dispose();
    }
  },
};
