import { Redis } from 'ioredis';
import { BenchTeam } from '../benchTeam';
import { goal, number, type Curve, type Figure } from '../figure';
import { sleep, timed } from '../stats';

const LANES = 200;
const BATCH = 500;
const PAGE = 1000;
/** Many times the expected duration, milliseconds. */
const ALL_READ_MS = 120_000;

interface Backlog {
  readonly queued: number;
  readonly firstMs: number;
  readonly allReadMs: number;
  readonly plainMs: number;
  readonly enqueueMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
}

/** Reads the whole stream as fast as a client can. */
async function readPlainly(bench: BenchTeam): Promise<number> {
  const redis = new Redis({ path: bench.bed.paths.redisSocket });
  try {
    await redis.ping();
    return await timed(async () => {
      for (let from = '-'; ;) {
        const entries = await redis.xrange(bench.team.keys.queue, from, '+', 'COUNT', PAGE);
        const last = entries.at(-1)?.[0];
        if (last === undefined) return;
        from = `(${last}`;
      }
    });
  } finally {
    redis.disconnect();
  }
}

async function backlog(queued: number): Promise<Backlog> {
  const bench = await BenchTeam.start(1, { kind: 'direct' });
  const { team } = bench;
  try {
    await bench.stopEngine();
    // The other lanes have a receiver that accepts nothing now: a message for a missing one would be dead at once.
    for (let window = 3; window < 2 + LANES; window += 1) {
      await team.store.setAgent(window, {
        name: `agent${window}`,
        role: 'is away',
        status: 'exited',
        workspace: bench.bed.project,
        profile: 'scripted',
        changedAt: Date.now(),
      });
    }
    const enqueueMs = await timed(async () => {
      for (let n = 0; n < queued; n += BATCH) {
        await Promise.all(
          Array.from({ length: Math.min(BATCH, queued - n) }, (_, i) =>
            bench.send(2 + ((n + i) % LANES), `message ${n + i} of those that waited`),
          ),
        );
      }
    });
    const plainMs = Math.min(await readPlainly(bench), await readPlainly(bench));
    const executed = await bench.executed();
    const since = performance.now();
    const first = new Promise<number>((resolve) => {
      const listener = team.store.onEvent((event) => {
        if (event.kind !== 'command' || event.state !== 'received') return;
        listener.dispose();
        resolve(performance.now() - since);
      });
    });
    // Includes the start of the process; Node and its modules take 0.2 s of it.
    await bench.startEngine();
    const firstMs = await first;
    for (const until = performance.now() + ALL_READ_MS; ;) {
      const [pending] = (await team.redis.call('XPENDING', team.keys.queue, team.keys.group)) as [number];
      if (pending + (await bench.executed()) - executed >= queued) break;
      if (performance.now() > until) throw new Error(`only ${pending} of ${queued} messages were read`);
      await sleep(20);
    }
    const allReadMs = performance.now() - since;
    const { rssMb, heapMb } = await bench.facts();
    return { queued, firstMs, allReadMs, plainMs, enqueueMs, rssMb, heapMb };
  } finally {
    await bench.dispose();
  }
}

export const backlogFigure: Figure = {
  name: 'backlog',
  title: '100,000 queued messages, 200 lanes: start-up to first delivery; growth from 100',
  async run() {
    const results: Backlog[] = [];
    for (const queued of [100, 1000, 10_000, 100_000]) results.push(await backlog(queued));
    const largest = results.at(-1);
    if (!largest) throw new Error('nothing was measured');
    const points = (y: (result: Backlog) => number): [number, number][] =>
      results.map((result) => [result.queued, y(result)]);
    const curves: Curve[] = [
      {
        file: 'queued-start.svg',
        title: 'Start of the engine on a full queue',
        x: 'messages queued',
        y: 'ms',
        series: [
          { name: 'first delivery', points: points(({ firstMs }) => firstMs) },
          { name: 'all read', points: points(({ allReadMs }) => allReadMs) },
          { name: 'plain read', points: points(({ plainMs }) => plainMs) },
        ],
      },
      {
        file: 'queued-memory.svg',
        title: 'Memory of the engine on a full queue',
        x: 'messages queued',
        y: 'MB',
        series: [
          { name: 'resident', points: points(({ rssMb }) => rssMb) },
          { name: 'objects', points: points(({ heapMb }) => heapMb) },
        ],
      },
    ];
    return {
      floor: `reading the stream plainly: ${number(largest.plainMs)} ms`,
      runs: results.length,
      measured: `first delivery after ${number(largest.firstMs)} ms (0.2 s of it the pause, the start of the process in it); all read after ${number(largest.allReadMs)} ms; ${number(largest.rssMb)} MB`,
      goals: [goal('first delivery', largest.firstMs / largest.plainMs, 'at most', 3, '×')],
      curves,
      data: results,
    };
  },
};
