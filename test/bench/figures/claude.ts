import { setTimeout as sleep } from 'node:timers/promises';
import { BareServer } from '../../conformance/baselineDriver';
import { Bed } from '../../conformance/bed';
import { claudeUnderTest } from '../../conformance/clis/claude';
import { ANSWERED } from '../../conformance/clis/cli';
import type { HookEvent } from '../../conformance/hookLog';
import { waitUntil } from '../../support/waitUntil';
import { BenchTeam } from '../benchTeam';
import { goal, number, type Figure } from '../figure';
import { interleaved } from '../stats';

const VERSION = '2.1.331';
const PATIENCE_MS = 60_000;

async function hookOf(bed: Bed, event: string, is: (event: HookEvent) => boolean): Promise<number> {
  const found = (): HookEvent | undefined => bed.hooks.events().find((each) => each.event === event && is(each));
  return (await waitUntil(found, PATIENCE_MS, `the hook ${event}`, { slowness: 1 })).at;
}

export const claudeLatency: Figure = {
  name: 'claude',
  title: `Real Claude Code ${VERSION}, enqueue → its prompt hook runs`,
  async run({ long }) {
    const bed = await Bed.start(claudeUnderTest, VERSION);
    const bare = new BareServer(bed);
    let bench: BenchTeam | undefined;
    try {
      const opened = await BenchTeam.open({ kind: 'scripted' });
      bench = opened;
      const home = await bed.home(opened.bed.project, ANSWERED);
      const agentEnv = Object.fromEntries(Object.entries(home).filter(([name]) => name !== 'PATH'));
      opened.use({ profile: 'claude', agentCommand: bed.executable, agentEnv });
      await opened.startEngine();
      await opened.startSession(1);
      const seat = await bare.seat();
      await seat.relaunch();
      await hookOf(bed, 'SessionStart', ({ sessionId }) => sessionId === seat.sessionId);
      await sleep(2000);

      /** Sends a text and resolves with the time until the CLI ran its hook for it; waits until the turn has ended. */
      const measure = async (text: string, send: () => Promise<unknown>): Promise<number> => {
        const since = performance.timeOrigin + performance.now();
        await send();
        const at = await hookOf(bed, 'UserPromptSubmit', ({ prompt }) => prompt.trim() === text);
        await hookOf(bed, 'Stop', (event) => event.at > at);
        await sleep(600);
        return at - since;
      };
      const words = (who: string, i: number): string => `message ${i} ${who}: the schema is ready, see docs/schema.md`;
      const { floor, ours } = await interleaved(
        long ? 60 : 25,
        2,
        (i) => measure(words('by hand', i), () => seat.send(words('by hand', i))),
        (i) => measure(`[USER → AGENT-2]: ${words('by TACO', i)}`, () => opened.send(2, words('by TACO', i))),
      );
      return {
        floor: `the bare three steps: p50 ${number(floor.p50)} ms, p99 ${number(floor.p99)}`,
        runs: ours.n,
        measured: `p50 ${number(ours.p50)} ms, p99 ${number(ours.p99)}`,
        goals: [goal('p50', ours.p50 / floor.p50, 'at most', 1.1, '×')],
        data: { ours, floor },
      };
    } finally {
      await bench?.dispose();
      await bare.dispose();
      await bed.dispose();
    }
  },
};
