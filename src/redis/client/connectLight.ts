import type { RedisEndpoint } from './endpoint';
import { LightClient, type LightClientOptions, type LightRedis } from './lightClient';

/** One server, or the nodes of a cluster. Throws TacoError redis-unreachable, or redis-failed when the password is refused. */
export async function connectLight(endpoint: RedisEndpoint, options: LightClientOptions): Promise<LightRedis> {
  if (endpoint.cluster.length === 0) return LightClient.connect(endpoint, options);
  // Only when used: it costs start-up time.
  const { LightCluster } = await import('./lightCluster');
  return LightCluster.connect(endpoint, options);
}
