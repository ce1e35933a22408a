/** Runs only the engine in a process, so that its CPU time and memory are the engine's. Uses the fork's channel. */
import { ChildProcess } from 'node:child_process';
import type { Logger } from '../../src/core/base/logger';
import { TacoPaths } from '../../src/core/programs/paths';
import { Engine } from '../../src/orchestrator/engine';
import { hostPost } from '../../src/orchestrator/hostExecutor';
import type { EngineSettings } from '../../src/team/engineSettings';
import { openTeam } from '../../src/team/team';
import { silentLogger } from '../support/loggers';

export interface HostOrder {
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: EngineSettings;
  /** Join as `taco host` does, instead of leading: under a name, over an existing Redis. */
  readonly joins?: { readonly name: string; readonly redisUrl: string };
}

export interface HostFacts {
  /** Since the process started, milliseconds. */
  readonly cpuMs: number;
  /** Current memory, MB. */
  readonly rssMb: number;
  /** Memory after a garbage collection, MB. */
  readonly heapMb: number;
  /** Child processes started so far. */
  readonly spawned: number;
  /** Warnings and errors that were logged. */
  readonly complaints: readonly string[];
}

let spawned = 0;
const prototype = ChildProcess.prototype as unknown as { spawn: (...args: unknown[]) => unknown };
const { spawn } = prototype;
prototype.spawn = function (this: unknown, ...args: unknown[]) {
  spawned += 1;
  return spawn.apply(this, args);
};

const complaints: string[] = [];
const complain = (event: string, fields?: Record<string, unknown>): void => {
  if (complaints.length < 20) complaints.push(`${event} ${JSON.stringify(fields ?? {})}`);
};
const log: Logger = { ...silentLogger, warn: complain, error: complain };

function facts(): HostFacts {
  const { user, system } = process.cpuUsage();
  const { rss } = process.memoryUsage();
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed } = process.memoryUsage();
  return { cpuMs: (user + system) / 1000, rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20, spawned, complaints };
}

async function run(order: HostOrder): Promise<void> {
  const { joins } = order;
  const team = await openTeam({
    projectDir: order.project,
    paths: new TacoPaths(order.env, order.env['HOME'] ?? ''),
    env: order.env,
    redisUrl: joins?.redisUrl,
    startRedis: joins === undefined,
    logger: log,
  });
  const engine = new Engine(team, order.settings, log, joins && hostPost(team, joins.name));
  process.on('message', (message) => {
    if (message === 'facts') return void process.send?.(facts());
    // Ends by returning from the loop, so that a CPU profile is written.
    void engine.shutdown().then(() => {
      team.dispose();
      process.disconnect();
      process.exit(0);
    });
  });
  await engine.start();
  process.send?.(facts());
}

void run(JSON.parse(process.argv[2] ?? '{}') as HostOrder);
