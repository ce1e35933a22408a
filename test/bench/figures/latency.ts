import { randomBytes } from 'node:crypto';
import { STEP_DELAY_MS } from '../../../src/core/base/limits';
import type { MessageState } from '../../../src/core/messages/messageState';
import { newCommandId } from '../../../src/core/messages/newCommand';
import { spawned } from '../../conformance/childProcess';
import { BenchTeam } from '../benchTeam';
import { goal, number, type Figure } from '../figure';
import { interleaved, sleep, statsOf } from '../stats';

const TEXT = 'the schema is ready, see docs/schema.md';

/** Waits for states of commands by the events that every view gets. */
export function watchStates(bench: BenchTeam): (id: string, state: MessageState) => Promise<number> {
  const waiting = new Map<string, (at: number) => void>();
  bench.team.store.onEvent((event) => {
    if (event.kind !== 'command') return;
    waiting.get(`${event.id} ${event.state}`)?.(performance.now());
    waiting.delete(`${event.id} ${event.state}`);
  });
  return (id, state) => new Promise((resolve) => waiting.set(`${id} ${state}`, resolve));
}

export interface Arrival {
  /** From enqueue, milliseconds. */
  readonly entered: number;
  readonly received: number;
}

/** Sends one message to an idle agent; resolves when the team is idle again. */
export async function arrivalOf(
  bench: BenchTeam,
  when: ReturnType<typeof watchStates>,
  window: number,
): Promise<Arrival> {
  const id = newCommandId();
  const states = [when(id, 'entered'), when(id, 'received')] as const;
  const since = performance.now();
  await bench.send(window, TEXT, id);
  const [entered, received] = await Promise.all(states);
  await bench.until('idle', 10, ({ agents }) => agents.every(({ status }) => status === 'idle'));
  await sleep(100);
  return { entered: entered - since, received: received - since };
}

/** Runs the bare three steps by hand into a pane that echoes; starts tmux for each. */
async function bareSteps(run: (...args: string[]) => Promise<string>): Promise<number> {
  const since = performance.now();
  await run('send-keys', '-t', 'bare:0', '-l', '--', TEXT);
  await sleep(STEP_DELAY_MS);
  await run('send-keys', '-t', 'bare:0', 'Enter');
  return performance.now() - since;
}

export const idleLatency: Figure = {
  name: 'latency',
  title: 'Idle agent, enqueue → Enter pressed',
  async run({ long }) {
    const bench = await BenchTeam.start(1, { kind: 'scripted' });
    const socket = `taco-bare-${process.pid}-${randomBytes(3).toString('hex')}`;
    const run = (...args: string[]): Promise<string> => spawned('tmux', ['-L', socket, ...args], bench.bed.env);
    try {
      await run('-f', '/dev/null', 'new-session', '-d', '-s', 'bare', 'cat');
      const when = watchStates(bench);
      const receipts: number[] = [];
      const { floor, ours } = await interleaved(
        long ? 200 : 60,
        3,
        () => bareSteps(run),
        async () => {
          const { entered, received } = await arrivalOf(bench, when, 2);
          receipts.push(received);
          return entered;
        },
      );
      const receipt = statsOf(receipts);
      return {
        floor: '200 ms',
        runs: ours.n,
        measured: `p50 ${number(ours.p50)} ms, p99 ${number(ours.p99)} (bare steps by hand: ${number(floor.p50)}, ${number(floor.p99)}); until its hook's receipt: p50 ${number(receipt.p50)} ms, p99 ${number(receipt.p99)}`,
        goals: [
          goal('p50', ours.p50 / STEP_DELAY_MS, 'at most', 1.08, '×'),
          goal('p99', ours.p99 / STEP_DELAY_MS, 'at most', 1.2, '×'),
        ],
        data: { ours, bare: floor, receipt },
      };
    } finally {
      await run('kill-server').catch(() => undefined);
      await bench.dispose();
    }
  },
};
