/**
 * Takes the lease, reports it, keeps writing, and prints `stale` once a write is refused. Arguments: socket, project
 * id, TTL (ms).
 */
import { isTacoError } from '../../../src/core/errors/tacoError';
import { systemClock } from '../../../src/environment/systemClock';
import { RedisConnection } from '../../../src/redis/client/connection';
import { parseEndpoint } from '../../../src/redis/client/endpoint';
import { Keys } from '../../../src/redis/client/keys';
import { RedisLease } from '../../../src/redis/leadership/lease';
import { RedisCommandConsumer } from '../../../src/redis/queue/redisQueue';
import { silentLogger } from '../loggers';

const [socket = '', project = '', ttl = '0'] = process.argv.slice(2);

async function main(): Promise<void> {
  const redis = new RedisConnection({ endpoint: parseEndpoint(socket), logger: silentLogger });
  await redis.ready(5000);
  const keys = new Keys(project);
  const lease = new RedisLease(redis, keys, systemClock, silentLogger, Number(ttl));
  const epoch = await lease.acquire();
  console.log(`epoch ${String(epoch)}`);
  // Writes with its old epoch, whatever its own clock: the fence in Redis must suffice by itself.
  const consumer = new RedisCommandConsumer(redis, keys, () => epoch, systemClock, silentLogger);
  for (;;) {
    try {
      await consumer.phase('cmd_none00', 'typing');
    } catch (error) {
      console.log(isTacoError(error, 'not-leader') ? 'stale' : String(error));
      break;
    }
    await systemClock.sleep(20);
  }
  redis.dispose();
  lease.dispose();
}

void main();
