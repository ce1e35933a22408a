import type { RedisEndpoint } from './endpoint';
import { LightClient, type LightClientOptions, type LightRedis } from './lightClient';

/**
 * Connects to one server or to the nodes of a cluster. Throws TacoError redis-unreachable, or redis-failed when Redis
 * refuses the password.
 */
export async function connectLight(endpoint: RedisEndpoint, options: LightClientOptions): Promise<LightRedis> {
  if (endpoint.cluster.length === 0) return LightClient.connect(endpoint, options);
  // Loaded only for a cluster, because it adds to start-up time.
  const { LightCluster } = await import('./lightCluster');
  return LightCluster.connect(endpoint, options);
}
