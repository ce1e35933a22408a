/**
 * A leader that dies: runs the approved plan until its Nth step (a write to Redis, a command to tmux), and kills itself
 * with SIGKILL before that one. Arguments: project folder, tmux socket, N, settings as JSON. The environment is the
 * team's.
 */
import { resolve } from 'node:path';
import { TacoPaths } from '../../../src/core/programs/paths';
import { Engine } from '../../../src/orchestrator/engine';
import { RedisConnection } from '../../../src/redis/client/connection';
import { defaultSettings, type EngineSettings } from '../../../src/team/engineSettings';
import { openTeam } from '../../../src/team/team';
import { ControlClient } from '../../../src/tmux/client/controlClient';
import { silentLogger } from '../loggers';

const [projectDir = '', tmuxSocket = '', last = '', settings = '{}'] = process.argv.slice(2);
const READS = /^(?:HGET|HGETALL|GET|MGET|SMEMBERS|XRANGE|XREVRANGE|XLEN|XREADGROUP|TIME)$/;
let left = Number(last);
let begun = false;

/** Counts the steps, from the one that writes the approval, and kills this process at the Nth. */
function step(what: string): void {
  begun ||= what.includes('"made":false');
  if (begun && left-- === 0) process.kill(process.pid, 'SIGKILL');
}

function before(prototype: object, method: string, report: (args: readonly unknown[]) => void): void {
  const original = Reflect.get(prototype, method) as (...args: unknown[]) => unknown;
  Reflect.set(prototype, method, function (this: unknown, ...args: unknown[]) {
    report(args);
    return original.apply(this, args);
  });
}

before(RedisConnection.prototype, 'call', ([command, ...args]) => {
  if (!READS.test(String(command))) step(`${String(command)} ${args.join(' ')}`);
});
before(RedisConnection.prototype, 'pipeline', ([commands]) => {
  if ((commands as readonly (readonly unknown[])[]).some(([command]) => !READS.test(String(command)))) step('pipeline');
});
before(ControlClient.prototype, 'run', ([what]) => {
  if (/^(?:make window|start a program|close)/.test(String(what))) step(String(what));
});

async function main(): Promise<void> {
  const paths = new TacoPaths(process.env, process.env['HOME'] ?? '');
  const team = await openTeam({
    projectDir,
    paths,
    env: process.env,
    redisUrl: undefined,
    startRedis: false,
    logger: silentLogger,
  });
  const whole: EngineSettings = {
    ...defaultSettings,
    tmuxSocket,
    tacoCommand: [process.execPath, resolve('dist/taco.js')],
    ...(JSON.parse(settings) as Partial<EngineSettings>),
  };
  await new Engine(team, whole, silentLogger).start();
}

void main();
