import { Redis } from 'ioredis';
import { newCommandId } from '../../../src/core/messages/newCommand';
import { RedisCommandProducer } from '../../../src/redis/queue/commandProducer';
import { startTestRedis } from '../../support/redis';
import { goal, number, type Figure } from '../figure';
import { interleaved, timed } from '../stats';

const RUNS = 5000;

export const enqueue: Figure = {
  name: 'enqueue',
  title: 'Enqueue, warm, unix socket',
  async run() {
    const redis = await startTestRedis();
    const plain = new Redis({ path: redis.paths.redisSocket });
    try {
      const keys = redis.newKeys();
      // One target has a quota of 1,000, so the messages go to all targets in turn.
      const producer = new RedisCommandProducer(await redis.connect(), keys);
      const command = (i: number) => ({
        type: 'tmux_message' as const,
        target: `team:${2 + (i % 100)}`,
        message: `[USER → AGENT-2]: message ${i}`,
        priority: 'normal' as const,
        timestamp: new Date().toISOString(),
        sender: 'USER',
        id: newCommandId(),
      });
      const { floor, ours } = await interleaved(
        RUNS,
        500,
        (i) => timed(() => plain.xadd(`${keys.queue}:plain`, '*', ...Object.entries(command(i)).flat())),
        (i) => timed(() => producer.enqueue({ ...command(i), secret: null })),
      );
      return {
        floor: `plain ioredis XADD: p50 ${number(floor.p50)} ms, p99 ${number(floor.p99)}`,
        runs: ours.n,
        measured: `p50 ${number(ours.p50)} ms, p99 ${number(ours.p99)}`,
        goals: [goal('p50', ours.p50 / floor.p50, 'at most', 2.2, '×'), goal('p99', ours.p99, 'at most', 1, 'ms')],
        data: { ours, floor },
      };
    } finally {
      plain.disconnect();
      await redis.close();
    }
  },
};
