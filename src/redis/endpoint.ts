import { errors } from '../core/errors';

/** Where a Redis is. `label` is for people and logs: it never holds a password. */
export interface RedisEndpoint {
  readonly label: string;
  /** Path of a unix socket, else null. */
  readonly socket: string | null;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username: string;
  readonly password: string;
  readonly db: number;
}

const DEFAULT_PORT = 6379;
/** By hand: the URL standard allows no user without a host. */
const UNIX_URL = /^unix:\/\/(?:([^:@/]*):([^@/]*)@)?(\/.*)$/;

/** The endpoint of a unix socket. */
export function socketEndpoint(path: string): RedisEndpoint {
  return { label: path, socket: path, host: '', port: 0, tls: false, username: '', password: '', db: 0 };
}

/**
 * Reads `redis://`, `rediss://`, `unix://[user:password@]PATH` or the absolute path of a socket. Throws TacoError redis-unreachable
 * when it is none of them; the message never repeats the text, which may hold a password.
 */
export function parseEndpoint(text: string): RedisEndpoint {
  if (text.startsWith('/')) return socketEndpoint(text);
  const unix = UNIX_URL.exec(text);
  if (unix) {
    const [username, password, path] = unix.slice(1).map((part) => decode(part ?? '')) as [string, string, string];
    return { ...socketEndpoint(path), username, password };
  }
  const url = parseUrl(text);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') throw errors.redisUrlInvalid(`"${url.protocol}" is no scheme of Redis`);
  const db = url.pathname.slice(1) || '0';
  if (!/^\d+$/.test(db)) throw errors.redisUrlInvalid('the part after the host must be the number of a database');
  const host = url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1';
  const port = url.port ? Number(url.port) : DEFAULT_PORT;
  return {
    label: `${url.protocol}//${url.hostname || host}:${port}/${db}`,
    socket: null, host, port, tls: url.protocol === 'rediss:', db: Number(db), ...credentials(url),
  };
}

/** The endpoint as a client such as `taco` in an agent's environment takes it. Holds the password: never log it. */
export function endpointUrl(endpoint: RedisEndpoint): string {
  if (endpoint.socket !== null && !endpoint.password) return endpoint.socket;
  const user = endpoint.password ? `${encodeURIComponent(endpoint.username)}:${encodeURIComponent(endpoint.password)}@` : '';
  if (endpoint.socket !== null) return `unix://${user}${encodeURI(endpoint.socket)}`;
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `${endpoint.tls ? 'rediss' : 'redis'}://${user}${host}:${endpoint.port}/${endpoint.db}`;
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // The cause would repeat the text.
    throw errors.redisUrlInvalid('it cannot be read');
  }
}

function credentials(url: URL): { username: string; password: string } {
  return { username: decode(url.username), password: decode(url.password) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw errors.redisUrlInvalid('a % in it does not begin an escape');
  }
}
