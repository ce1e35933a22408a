import { PLAN_END, PLAN_START } from '../../../src/core/base/planMarkers';
import { parsePlan } from '../../../src/core/plan/parser';
import { planOf } from '../benchTeam';
import { goal, number, type Figure } from '../figure';
import { interleaved, timed } from '../stats';

async function measure(agents: number, noise: number, runs: number) {
  const json = JSON.stringify(planOf(agents));
  const line = '⏺ Reading src/app.ts and thinking about what the team will need for it\n';
  const around = line.repeat(Math.ceil(noise / line.length / 2));
  const text = `${around}${PLAN_START}\n${json}\n${PLAN_END}\n${around}`;
  const options = { maxAgents: 500 };
  if (parsePlan(text, options).plan?.agents.length !== agents) throw new Error('the plan was not read');
  return interleaved(
    runs,
    20,
    () => timed(() => JSON.parse(json) as unknown),
    () => timed(() => parsePlan(text, options)),
  );
}

export const parse: Figure = {
  name: 'parse',
  title: 'Parse 10 agents; 200 agents in 1 MB of noise',
  async run() {
    const small = await measure(10, 0, 500);
    const large = await measure(200, 2 ** 20, 60);
    return {
      floor: `JSON.parse of the plain plan: ${number(small.floor.p50)} and ${number(large.floor.p50)} ms`,
      runs: small.ours.n + large.ours.n,
      measured: `p50 ${number(small.ours.p50)} ms, p99 ${number(small.ours.p99)}; p50 ${number(large.ours.p50)} ms, p99 ${number(large.ours.p99)}`,
      goals: [
        goal('10 agents, p50', small.ours.p50, 'at most', 1, 'ms'),
        goal('200 agents, p50', large.ours.p50, 'at most', 50, 'ms'),
      ],
      data: { small, large },
    };
  },
};
