import { errorMessage } from '../../core/errors/tacoError';
import type { RedisEndpoint, RedisNode } from './endpoint';
import { LightClient, type LightClientOptions, type LightRedis } from './lightClient';
import type { RedisArgument } from './redisCommands';
import { replyCode } from './redisCommands';

/** A cluster that is being reconfigured may redirect more than once. */
const MAX_REDIRECTIONS = 4;
/** `MOVED 3999 127.0.0.1:6381`. An IPv6 address contains colons; a node that does not know its host sends none. */
const MOVED = /^(MOVED|ASK) \d+ (.*):(\d+)$/;

/**
 * A short-lived client of a Redis Cluster: it asks any node and follows redirects. All keys of a project share a slot,
 * so after the first command it is connected to the right node.
 */
export class LightCluster implements LightRedis {
  private disposed = false;

  private constructor(
    private readonly endpoint: RedisEndpoint,
    private readonly options: LightClientOptions,
    private client: LightClient,
  ) {}

  /** Connects to the first node that answers. Throws the error of the last node when none answers. */
  static async connect(endpoint: RedisEndpoint, options: LightClientOptions): Promise<LightCluster> {
    let failure: unknown;
    for (const node of endpoint.cluster) {
      try {
        return new LightCluster(endpoint, options, await LightClient.connect(at(endpoint, node), options));
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  async call(command: string, ...args: RedisArgument[]): Promise<unknown> {
    for (let moves = 0; ; moves++) {
      try {
        return await this.client.call(command, ...args);
      } catch (error) {
        const moved =
          moves < MAX_REDIRECTIONS && /MOVED|ASK/.test(replyCode(error))
            ? MOVED.exec(errorMessage((error as Error).cause))
            : null;
        if (!moved || this.disposed) throw error;
        await this.follow({ host: moved[2] || this.endpoint.host, port: Number(moved[3]) });
        // The slot is migrating to that node, which accepts one command after ASKING.
        if (moved[1] === 'ASK') await this.client.call('ASKING');
      }
    }
  }

  dispose(): void {
    this.disposed = true;
    this.client.dispose();
  }

  private async follow(node: RedisNode): Promise<void> {
    const next = await LightClient.connect(at(this.endpoint, node), this.options);
    this.client.dispose();
    this.client = next;
    if (this.disposed) next.dispose();
  }
}

function at(endpoint: RedisEndpoint, { host, port }: RedisNode): RedisEndpoint {
  return { ...endpoint, host, port, cluster: [] };
}
