import { readFileSync } from 'node:fs';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/**
 * PEM files for TLS, as absolute paths. Without `ca` the system's certificates apply; without `cert` and `key` the
 * client presents no certificate.
 */
type TlsFiles = Readonly<Partial<Record<(typeof TLS_FILES)[number], string>>>;

/** The address of a Redis. `label` is for users and logs: it never holds a password. */
export interface RedisEndpoint extends RedisNode {
  readonly label: string;
  /** Path of a unix socket; null for TCP. */
  readonly socket: string | null;
  /**
   * Cluster nodes that the client asks for the other nodes. `host` and `port` repeat the first. Empty for a single
   * server.
   */
  readonly cluster: readonly RedisNode[];
  readonly tls: boolean;
  readonly tlsFiles: TlsFiles;
  readonly username: string;
  readonly password: string;
  readonly db: number;
}

const DEFAULT_PORT = 6379;
const TLS_FILES = ['ca', 'cert', 'key'] as const;
/** By hand: the URL standard allows no user without a host. */
const UNIX_URL = /^unix:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?(\/.*)$/;
/** By hand: the URL standard knows one host only. */
const CLUSTER_URL = /^(rediss?)\+cluster:\/\/((?:[^@/?]*@)?)([^@/?]+)(.*)$/;

/** Returns the endpoint of a unix socket. */
export function socketEndpoint(path: string): RedisEndpoint {
  return {
    label: path,
    socket: path,
    host: '',
    port: 0,
    cluster: [],
    tls: false,
    tlsFiles: {},
    username: '',
    password: '',
    db: 0,
  };
}

/**
 * Reads `redis://`, `rediss://`, `redis+cluster://HOST:PORT,HOST:PORT`, `rediss+cluster://`, `unix://[user[:password]@]PATH` or the absolute
 * path of a socket; TLS takes `?ca=FILE&cert=FILE&key=FILE`. Throws TacoError redis-unreachable when it is none of them; the message never
 * repeats the text, which may hold a password.
 */
export function parseEndpoint(text: string): RedisEndpoint {
  if (text.startsWith('/')) return socketEndpoint(text);
  const unix = UNIX_URL.exec(text);
  if (unix) {
    const [username, password, path] = unix.slice(1).map((part) => decode(part ?? '')) as [string, string, string];
    return { ...socketEndpoint(path), username, password };
  }
  const cluster = CLUSTER_URL.exec(text);
  if (!cluster) return serverEndpoint(parseUrl(text));
  const [scheme, user, hosts, rest] = cluster.slice(1) as [string, string, string, string];
  const nodes = hosts.split(',').map((host) => serverEndpoint(parseUrl(`${scheme}://${user}${host}${rest}`)));
  const [first] = nodes;
  if (!first || first.db !== 0) throw errors.redisUrlInvalid('a Redis Cluster has no numbered databases');
  const label = `${scheme}+cluster://${nodes.map(authority).join(',')}`;
  return { ...first, label, cluster: nodes.map(({ host, port }) => ({ host, port })) };
}

function serverEndpoint(url: URL): RedisEndpoint {
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw errors.redisUrlInvalid(`"${url.protocol}" is no scheme of Redis`);
  const db = url.pathname.slice(1) || '0';
  if (!/^\d+$/.test(db)) throw errors.redisUrlInvalid('the part after the host must be the number of a database');
  const place = {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: url.port ? Number(url.port) : DEFAULT_PORT,
  };
  const tls = url.protocol === 'rediss:';
  return {
    label: `${url.protocol}//${authority(place)}/${db}`,
    ...place,
    socket: null,
    cluster: [],
    tls,
    tlsFiles: tlsFilesOf(url, tls),
    username: decode(url.username),
    password: decode(url.password),
    db: Number(db),
  };
}

/**
 * Returns the endpoint as a URL or path for clients such as `taco` in an agent's environment. It holds the password:
 * never log it.
 */
export function endpointUrl(endpoint: RedisEndpoint): string {
  const password = endpoint.password ? `:${encodeURIComponent(endpoint.password)}` : '';
  const login = `${encodeURIComponent(endpoint.username)}${password}`;
  if (endpoint.socket !== null && login === '') return endpoint.socket;
  const user = login === '' ? '' : `${login}@`;
  if (endpoint.socket !== null) return `unix://${user}${encodeURI(endpoint.socket)}`;
  const scheme = endpoint.tls ? 'rediss' : 'redis';
  const files = new URLSearchParams(endpoint.tlsFiles as Record<string, string>).toString();
  const query = files === '' ? '' : `?${files}`;
  if (endpoint.cluster.length > 0)
    return `${scheme}+cluster://${user}${endpoint.cluster.map(authority).join(',')}${query}`;
  return `${scheme}://${user}${authority(endpoint)}/${endpoint.db}${query}`;
}

/** Returns the URL with this password. An invalid URL is returned unchanged; connecting then reports the problem. */
export function withPassword(url: string, password: string): string {
  try {
    return endpointUrl({ ...parseEndpoint(url), password });
  } catch {
    return url;
  }
}

/**
 * Returns the TLS options for `node:tls` and ioredis. Throws TacoError redis-unreachable when a file cannot be read.
 */
export function tlsOptions({ tlsFiles }: RedisEndpoint): {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
} {
  return Object.fromEntries(
    Object.entries(tlsFiles).map(([name, path]) => {
      try {
        return [name, readFileSync(path)];
      } catch (error) {
        throw errors.redisUrlInvalid(`its file \`${name}\` cannot be read (${errorMessage(error)})`);
      }
    }),
  );
}

function tlsFilesOf(url: URL, tls: boolean): TlsFiles {
  const files: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (!(TLS_FILES as readonly string[]).includes(name))
      throw errors.redisUrlInvalid(`"${name}" is none of ${TLS_FILES.join(', ')}`);
    if (!tls) throw errors.redisUrlInvalid(`"${name}" is for TLS, which is rediss://`);
    if (!value.startsWith('/')) throw errors.redisUrlInvalid(`"${name}" must be the absolute path of a file`);
    files[name] = value;
  }
  return files;
}

function authority({ host, port }: RedisNode): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // No cause: it would repeat the text.
    throw errors.redisUrlInvalid('it cannot be read');
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw errors.redisUrlInvalid('a % in it does not begin an escape');
  }
}
