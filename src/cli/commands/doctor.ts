import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isTacoError, messageOf } from '../../core/errors';
import { TacoPaths } from '../../core/paths';
import { columnsOf } from '../../orchestrator/cells';
import { versionOf } from '../../orchestrator/executables';
import { parseEndpoint } from '../../redis/endpoint';
import { connectLight } from '../../redis/connectLight';
import { OLDEST_TMUX, checkTmux } from '../../tmux/tmuxProcess';
import type { CommandContext } from '../context';
import { agentClis, cliLines, cliRepairs } from './doctorClis';
import type { Outcome } from '../io';
import { findProject } from '../project';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what is wrong. */
  readonly found: string;
  readonly needed: string;
  /** A command to paste; empty when nothing is to be done. */
  readonly repair: string;
}

const OLDEST_NODE = [20, 19] as const;

function install(debian: string, brew: string): string {
  return process.platform === 'darwin' ? `brew install ${brew}` : `sudo apt-get install -y ${debian}`;
}

async function tmux(env: CommandContext['io']['env']): Promise<Check> {
  const repair = install('tmux', 'tmux');
  try {
    return { name: 'tmux', ok: true, found: await checkTmux('tmux', env), needed: `${OLDEST_TMUX} or newer`, repair: '' };
  } catch (error) {
    return { name: 'tmux', ok: false, found: messageOf(error), needed: `${OLDEST_TMUX} or newer`, repair: isTacoError(error, 'tmux-failed') ? '' : repair };
  }
}

/** A Redis that is set must answer; one of ours need only be there to be started. */
async function redis(url: string | undefined, env: CommandContext['io']['env']): Promise<Check> {
  const needed = 'a Redis URL that answers, or redis-server or valkey-server';
  if (url !== undefined) {
    try {
      const endpoint = parseEndpoint(url);
      const client = await connectLight(endpoint, { connectTimeoutMs: 1500, commandTimeoutMs: 1500 });
      const info = String(await client.call('INFO', 'server'));
      client.dispose();
      return { name: 'redis', ok: true, found: `${/redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown version'} at ${endpoint.label}`, needed, repair: '' };
    } catch (error) {
      return { name: 'redis', ok: false, found: messageOf(error), needed, repair: '' };
    }
  }
  for (const binary of ['redis-server', 'valkey-server']) {
    const found = await versionOf(binary, env);
    if (found !== null) return { name: 'redis', ok: true, found: `${binary} ${/v=(\S+)/.exec(found)?.[1] ?? found}`, needed, repair: '' };
  }
  return { name: 'redis', ok: false, found: 'neither is installed, and no URL is set', needed, repair: install('redis-server', 'redis') };
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return { name: 'node', ok, found: process.versions.node, needed: `${OLDEST_NODE.join('.')} or newer`, repair: ok ? '' : 'Install Node 20.19 or newer from your system or version manager' };
}

async function program(name: string, command: string, needed: string, repair: string, env: CommandContext['io']['env']): Promise<Check> {
  const found = await versionOf(command, env);
  return { name, ok: found !== null, found: found ?? `"${command}" was not found or does not run`, needed, repair: found === null ? repair : '' };
}

async function home(paths: TacoPaths): Promise<Check> {
  const needed = 'a folder that can be written';
  const probe = join(paths.home, `.probe-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(paths.home, { recursive: true, mode: 0o700 });
    await writeFile(probe, '', { flag: 'wx' });
    await rm(probe);
    return { name: 'home', ok: true, found: paths.home, needed, repair: '' };
  } catch (error) {
    return { name: 'home', ok: false, found: messageOf(error), needed, repair: 'export TACO_HOME=/a/folder/you/can/write' };
  }
}

/** The Redis URL that a command here would use, project or none. */
function redisUrl(context: CommandContext): string | undefined {
  const { invocation, io } = context;
  const options = { project: invocation.text('project'), redis: invocation.text('redis'), socket: undefined, env: io.env, cwd: io.cwd };
  return findProject(options, true).redisUrl;
}

/** `taco doctor`: exit 1 when something that is needed is missing. git and the agent CLI are checked last and say what for. */
export async function doctor(context: CommandContext): Promise<Outcome> {
  const { env } = context.io;
  const agent = context.invocation.text('agent-command') ?? 'claude';
  const checks = await Promise.all([
    tmux(env),
    redis(redisUrl(context), env),
    Promise.resolve(node()),
    home(new TacoPaths(env, homedir())),
    program('git', 'git', 'for agents in git worktrees', install('git', 'git'), env),
    program('agent', agent, 'the agents’ CLI', agent === 'claude' ? 'npm install -g @anthropic-ai/claude-code' : '', env),
  ]);
  const paths = new TacoPaths(env, homedir());
  const tmuxVersion = checks[0].ok ? checks[0].found : '';
  const clis = await agentClis(context, agent, { tmuxCommand: 'tmux', tmux: tmuxVersion, paths, env, cwd: context.io.cwd });
  const repairs = [...checks.filter((check) => check.repair !== '').map((check) => check.repair), ...cliRepairs(clis)];
  const table = columnsOf(checks.map((check) => [check.ok ? 'ok' : 'MISSING', check.name, check.found, check.ok ? '' : `(needed: ${check.needed})`]));
  const text = [...table, ...cliLines(clis), ...(repairs.length > 0 ? ['', 'To repair:', ...repairs.map((repair) => `  ${repair}`)] : [])].join('\n');
  const ok = checks.every((check) => check.ok);
  return { json: { ok, checks, agentClis: clis, repairs }, text, exitCode: ok ? 0 : 1 };
}
