import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import { tlsOptions, type RedisEndpoint } from './endpoint';

/** One server or a cluster. TACO uses only what both offer. */
export type Client = Redis | Cluster;

export interface ClientOptions {
  readonly name: string;
  readonly connectTimeoutMs: number;
  /** Milliseconds to wait for a reply; undefined for a connection that blocks. */
  readonly commandTimeoutMs?: number | undefined;
  readonly offlineQueue: boolean;
  /** Returns the milliseconds to wait before the n-th connection attempt. */
  readonly backoff: (times: number) => number;
}

/**
 * Creates a client that is not connected yet and that reconnects for ever. Throws TacoError redis-unreachable when a
 * TLS file cannot be read.
 */
export function createClient(endpoint: RedisEndpoint, options: ClientOptions): Client {
  const common: RedisOptions = {
    connectionName: `taco-${options.name}`,
    connectTimeout: options.connectTimeoutMs,
    keepAlive: 10_000,
    maxRetriesPerRequest: null,
    disableClientInfo: true, // nothing reads it, and an ACL may forbid it
    ...(endpoint.tls ? { tls: tlsOptions(endpoint) } : {}),
    ...(endpoint.username ? { username: endpoint.username } : {}),
    // ioredis logs in only with a password; of a user without one Redis takes any.
    ...(endpoint.password || endpoint.username ? { password: endpoint.password || 'none' } : {}),
    ...(options.commandTimeoutMs === undefined ? {} : { commandTimeout: options.commandTimeoutMs }),
  };
  if (endpoint.cluster.length > 0) return new Cluster([...endpoint.cluster], clusterOptions(endpoint, options, common));
  return new Redis({
    ...common,
    ...(endpoint.socket === null ? { host: endpoint.host, port: endpoint.port } : { path: endpoint.socket }),
    db: endpoint.db,
    lazyConnect: true,
    enableOfflineQueue: options.offlineQueue,
    retryStrategy: options.backoff,
  });
}

function clusterOptions(
  { tls }: RedisEndpoint,
  { backoff, offlineQueue, connectTimeoutMs }: ClientOptions,
  redisOptions: RedisOptions,
): ClusterOptions {
  return {
    lazyConnect: true,
    enableOfflineQueue: offlineQueue,
    clusterRetryStrategy: backoff,
    slotsRefreshTimeout: connectTimeoutMs,
    // Other nodes learn of a failed node only after their own timeout; until then they redirect to no other node.
    slotsRefreshInterval: 2000,
    redisOptions,
    // A certificate contains host names; ioredis would otherwise resolve them to addresses.
    ...(tls ? { dnsLookup: (host, done) => done(null, host) } : {}),
  };
}
