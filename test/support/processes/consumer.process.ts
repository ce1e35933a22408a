/**
 * A consumer that a test kills: leads, recovers, and takes each message through its states. "Typing" is a line appended
 * to a file, in one write with the marker, as the pane and its marker are one in tmux. On request it kills itself with
 * SIGKILL at random points. Arguments: socket, project id, file of the pane, probability of death at each point.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { isTacoError } from '../../../src/core/errors/tacoError';
import type { PendingCommand } from '../../../src/core/team/ports';
import { systemClock } from '../../../src/environment/systemClock';
import { RedisConnection } from '../../../src/redis/client/connection';
import { parseEndpoint } from '../../../src/redis/client/endpoint';
import { Keys } from '../../../src/redis/client/keys';
import { RedisLease } from '../../../src/redis/leadership/lease';
import { RedisCommandConsumer } from '../../../src/redis/queue/redisQueue';
import { silentLogger } from '../loggers';

const [socket = '', project = '', pane = '', chance = '0'] = process.argv.slice(2);

function perhapsDie(): void {
  if (Math.random() < Number(chance)) process.kill(process.pid, 'SIGKILL');
}

/** Returns the lines of messages in the pane: `typed ID`, `entered ID`. */
function marks(): Set<string> {
  return new Set(existsSync(pane) ? readFileSync(pane, 'utf8').split('\n') : []);
}

async function carry(consumer: RedisCommandConsumer, pending: PendingCommand): Promise<void> {
  const { id, message } = pending.command;
  const seen = marks();
  if (!seen.has(`typed ${id}`)) {
    await consumer.phase(id, 'typing');
    perhapsDie();
    appendFileSync(pane, `typed ${id}\n`);
    perhapsDie();
    await consumer.phase(id, 'typed');
  }
  perhapsDie();
  // Some attempts fail before Enter, so that the number of attempts has to survive as well.
  if (message.endsWith('!') && pending.attempts === 0 && !seen.has(`entered ${id}`)) {
    await consumer.fail(pending, 'on purpose', 0);
    perhapsDie();
    return await carry(consumer, { ...pending, attempts: 1 });
  }
  if (!seen.has(`entered ${id}`)) {
    appendFileSync(pane, `entered ${id}\n`);
    perhapsDie();
    await consumer.phase(id, 'entered');
  }
  perhapsDie();
  await consumer.done(pending, 'received');
  perhapsDie();
}

/** Waits during temporary failures (Redis is unreachable): every step can be repeated. */
async function main(): Promise<void> {
  const redis = new RedisConnection({ endpoint: parseEndpoint(socket), logger: silentLogger });
  await redis.ready(20_000);
  const keys = new Keys(project);
  const lease = new RedisLease(redis, keys, systemClock, silentLogger, 200);
  const consumer = new RedisCommandConsumer(redis, keys, () => lease.epoch, systemClock, silentLogger);
  for (;;) {
    try {
      if ((await lease.acquire()) === null) {
        await systemClock.sleep(20);
        continue;
      }
      perhapsDie();
      for (const pending of await consumer.recover()) await carry(consumer, pending);
      for (;;) {
        const batch = await consumer.read(7, 500);
        perhapsDie();
        for (const pending of batch) await carry(consumer, pending);
      }
    } catch (error) {
      if (!isTacoError(error)) throw error;
      await systemClock.sleep(20);
    }
  }
}

void main();
