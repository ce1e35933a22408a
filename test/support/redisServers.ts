import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEndpoint, type RedisEndpoint } from '../../src/redis/client/endpoint';
import { LightClient } from '../../src/redis/client/lightClient';
import { canBind } from '../../src/redis/state/portAllocator';
import { waitUntil } from './waitUntil';

const TIMEOUTS = { connectTimeoutMs: 10_000, commandTimeoutMs: 30_000 };

/** A redis-server on a port of this machine, as a user would run it for TACO. */
export class RemoteRedis {
  private child: ChildProcess | null = null;

  private constructor(
    readonly dir: string,
    readonly port: number,
    private readonly args: readonly string[],
    /** Endpoint by which the test itself connects. */
    private readonly admin: RedisEndpoint,
  ) {}

  /** @param url URL by which the test connects, with `PORT` in place of the port */
  static async start(args: readonly string[], url = 'redis://127.0.0.1:PORT'): Promise<RemoteRedis> {
    const port = await freePort();
    const dir = mkdtempSync(join(tmpdir(), 'taco-remote-'));
    const server = new RemoteRedis(
      dir,
      port,
      args.map((arg) => arg.replace('PORT', String(port))),
      parseEndpoint(url.replace('PORT', String(port))),
    );
    await server.run();
    return server;
  }

  async run(): Promise<void> {
    this.child = spawn(
      'redis-server',
      ['--dir', this.dir, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes', ...this.args],
      { stdio: 'ignore' },
    );
    await waitUntil(
      async () => (await this.call('PING').catch(() => null)) === 'PONG',
      10_000,
      'a redis-server that answers',
    );
  }

  async call(command: string, ...args: (string | number)[]): Promise<unknown> {
    const client = await LightClient.connect(this.admin, TIMEOUTS);
    try {
      return await client.call(command, ...args);
    } finally {
      client.dispose();
    }
  }

  /** Kills it with SIGKILL. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Starts three masters that share the slots. */
export async function startCluster(): Promise<readonly RemoteRedis[]> {
  const nodes: RemoteRedis[] = [];
  for (let n = 0; n < 3; n++) {
    const bus = await freePort();
    nodes.push(
      await RemoteRedis.start([
        '--port',
        'PORT',
        '--cluster-enabled',
        'yes',
        '--cluster-port',
        String(bus),
        '--cluster-node-timeout',
        '2000',
      ]),
    );
    const first = n * 5461;
    await nodes[n]?.call('CLUSTER', 'ADDSLOTSRANGE', first, n === 2 ? 16383 : first + 5460);
    await nodes[n]?.call('CLUSTER', 'SET-CONFIG-EPOCH', n + 1);
    if (n > 0) await nodes[0]?.call('CLUSTER', 'MEET', '127.0.0.1', nodes[n]?.port ?? 0, bus);
  }
  await waitUntil(() => isWhole(nodes), 20_000, 'a whole cluster');
  return nodes;
}

/** Returns true when every node knows the others and all slots are served. */
export async function isWhole(nodes: readonly RemoteRedis[]): Promise<boolean> {
  const infos = await Promise.all(nodes.map((node) => node.call('CLUSTER', 'INFO').catch(() => '')));
  return infos.every((info) => /cluster_state:ok/.test(String(info)) && /cluster_known_nodes:3/.test(String(info)));
}

/** Below the ports that the system assigns (from 32768), and below those that TACO gives to agents. */
const FIRST_PORT = 10_000;
const PORTS = 10_000;
const PORTS_EACH = 100;
let asked = 0;

/**
 * Returns a free port that stays free while the server is down. The system never assigns it, and tests in another
 * process choose other ports by their process id.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + ((process.pid * PORTS_EACH + asked++) % PORTS);
    if (await canBind(port)) return port;
  }
}
