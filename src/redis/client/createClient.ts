import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import { tlsOptions, type RedisEndpoint } from './endpoint';

/** One server or a cluster: what TACO uses of either is the same. */
export type Client = Redis | Cluster;

export interface ClientOptions {
  readonly name: string;
  readonly connectTimeoutMs: number;
  /** Milliseconds for a reply; none for a connection that blocks. */
  readonly commandTimeoutMs?: number | undefined;
  readonly offlineQueue: boolean;
  /** Milliseconds until the n-th attempt to connect. */
  readonly backoff: (times: number) => number;
}

/** A client that is not connected yet and reconnects for ever. Throws TacoError redis-unreachable when a TLS file cannot be read. */
export function createClient(endpoint: RedisEndpoint, options: ClientOptions): Client {
  const common: RedisOptions = {
    connectionName: `taco-${options.name}`,
    connectTimeout: options.connectTimeoutMs,
    keepAlive: 10_000,
    maxRetriesPerRequest: null,
    disableClientInfo: true, // nobody reads it, and not every user may say it
    ...(endpoint.tls ? { tls: tlsOptions(endpoint) } : {}),
    ...(endpoint.username ? { username: endpoint.username } : {}),
    ...(endpoint.password ? { password: endpoint.password } : {}),
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
    // Of a node that has failed the others know after their own timeout; until then they send us nowhere.
    slotsRefreshInterval: 2000,
    redisOptions,
    // A certificate names hosts, which a lookup of ours would turn into addresses.
    ...(tls ? { dnsLookup: (host, done) => done(null, host) } : {}),
  };
}
