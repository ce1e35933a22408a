/** The built `taco` command in the test's own project, on a real Redis. */
import { spawn } from 'node:child_process';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type * as Engine from '../../src/cli/engineCommands';
import type { Io } from '../../src/cli/runtime/io';
import type { AgentRecord } from '../../src/core/agents/agentRecord';
import { systemClock } from '../../src/environment/systemClock';
import type { RedisConnection } from '../../src/redis/client/connection';
import { Keys, projectIdOf } from '../../src/redis/client/keys';
import { RedisStateStore } from '../../src/redis/state/stateStore';
import { silentLogger } from './loggers';
import { startTestRedis, type TestRedis } from './redis';

export const TACO = resolve('dist/taco.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** Standard output, parsed as one JSON document; throws when it is not one. */
  json<T = Record<string, unknown>>(): T;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** Runs `node dist/taco.js`, without the environment of the test run. */
export function taco(
  args: readonly string[],
  { env = {}, cwd = process.cwd(), input = '' }: RunOptions = {},
): Promise<Ran> {
  const began = performance.now();
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [TACO, ...args], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
      stdio: 'pipe',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', fail);
    child.stdin.on('error', () => undefined); // the command may end without reading its input
    child.stdin.end(input);
    child.on('close', (code) =>
      done({ code, stdout, stderr, ms: performance.now() - began, json: <T>() => JSON.parse(stdout) as T }),
    );
  });
}

/**
 * Runs a built command like {@link taco}, but inside this process: for tests of hundreds of lines, where most of the time
 * goes into the start of Node. Not for `taco hook` and commands that run until a signal.
 */
export async function tacoInside(
  args: readonly string[],
  { env = {}, cwd = process.cwd(), input = '' }: RunOptions = {},
): Promise<Ran> {
  const began = performance.now();
  const engine = createRequire(TACO)('./taco-engine.js') as typeof Engine;
  const written = { stdout: '', stderr: '' };
  const into = (name: keyof typeof written): Writable =>
    new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        written[name] += text;
        done();
      },
    });
  const io = {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
    cwd,
    stdin: Readable.from([Buffer.from(input)]),
    stdout: into('stdout'),
    stderr: into('stderr'),
  } as unknown as Io;
  const code = await engine.runCommandLine(args, io, args.includes('--json'));
  const { stdout, stderr } = written;
  return { code, stdout, stderr, ms: performance.now() - began, json: <T>() => JSON.parse(stdout) as T };
}

/** A project with a running session: Mother, backend (2) and frontend (3), each with the secret `secret-<window>`. */
export class CliProject {
  private constructor(
    readonly server: TestRedis,
    readonly redis: RedisConnection,
    readonly dir: string,
    readonly keys: Keys,
    readonly store: RedisStateStore,
  ) {}

  static async start(): Promise<CliProject> {
    const server = await startTestRedis();
    const wanted = join(server.paths.home, 'project');
    await mkdir(join(wanted, 'src', 'deep'), { recursive: true });
    const dir = await realpath(wanted);
    const keys = new Keys(projectIdOf(dir));
    const redis = await server.connect();
    const project = new CliProject(
      server,
      redis,
      dir,
      keys,
      new RedisStateStore(redis, keys, systemClock, silentLogger),
    );
    const file = server.paths.projectFile(keys.projectId);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ dir, socket: 'taco-cli-test' }));
    await project.begin();
    return project;
  }

  /** Starts a fresh session and removes the previous one. */
  async begin(): Promise<void> {
    await this.store.clear();
    await this.redis.call('DEL', this.keys.requests); // requests outlive a session
    await this.store.setSession({
      project_dir: this.dir,
      started_at: new Date().toISOString(),
      agent_count: 2,
      goal: 'a goal',
      tmux_session: 'taco-cli',
      phase: 'running',
      detail: '',
    });
    for (const [window, name] of [
      [0, 'mother'],
      [2, 'backend'],
      [3, 'frontend'],
    ] as const) {
      const record: Partial<AgentRecord> = {
        window,
        name,
        role: `role of ${name}`,
        status: 'idle',
        workspace: this.dir,
        profile: 'claude',
        changedAt: Date.now(),
      };
      await this.store.setAgent(window, record);
      await this.store.registerSender(window === 0 ? 'MOTHER' : `AGENT-${window}`, `secret-${window}`);
    }
  }

  /** Runs a command as the user, inside the project. */
  asUser(args: readonly string[], input = '', run = taco): Promise<Ran> {
    return run(args, { cwd: join(this.dir, 'src', 'deep'), env: { TACO_HOME: this.server.paths.home }, input });
  }

  /** Returns the environment of an agent's launch. */
  agentEnv(window: number): Record<string, string> {
    return {
      TACO_HOME: this.server.paths.home,
      TACO_PROJECT: this.dir,
      TACO_PROJECT_ID: this.keys.projectId,
      TACO_WINDOW: String(window),
      TACO_SECRET: `secret-${window}`,
      TACO_REDIS: this.server.paths.redisSocket,
    };
  }

  agent(window: number, args: readonly string[], input = '', run = taco): Promise<Ran> {
    return run(args, { env: this.agentEnv(window), input });
  }

  /** The queue's entries, oldest first. */
  async queue(): Promise<Record<string, string>[]> {
    const entries = (await this.redis.call('XRANGE', this.keys.queue, '-', '+')) as [string, string[]][];
    return entries.map(([, flat]) =>
      Object.fromEntries(flat.flatMap((field, i) => (i % 2 === 0 ? [[field, flat[i + 1] ?? '']] : []))),
    );
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
