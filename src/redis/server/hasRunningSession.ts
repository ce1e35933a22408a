import { connectLight } from '../client/connectLight';
import type { RedisEndpoint } from '../client/endpoint';
import { Keys } from '../client/keys';

const PATIENCE = { connectTimeoutMs: 1500, commandTimeoutMs: 1500 };

/**
 * Returns true when the project has a session that needs a leader: it is neither failed nor lost. Returns false when
 * Redis does not answer.
 */
export async function hasRunningSession(endpoint: RedisEndpoint, projectId: string): Promise<boolean> {
  try {
    const redis = await connectLight(endpoint, PATIENCE);
    try {
      const phase = await redis.call('HGET', new Keys(projectId).session, 'phase');
      return typeof phase === 'string' && phase !== 'failed' && phase !== 'lost';
    } finally {
      redis.dispose();
    }
  } catch {
    return false;
  }
}
