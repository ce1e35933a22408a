import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { render } from '../../core/base/localizedText';
import { errorMessage } from '../../core/errors/tacoError';
import { TacoPaths } from '../../core/programs/paths';
import type { DoctorCheck } from '../../environment/prerequisites/doctorCheck';
import { makeWritable } from '../../environment/prerequisites/homeSafety';
import { installCommand, type Installable } from '../../environment/prerequisites/installCommands';
import { checkSurroundings } from '../../environment/prerequisites/surroundings';
import {
  checkGit,
  checkAgentCommand,
  checkRedis,
  checkTmuxVersion,
  OLDEST_REDIS,
  type ToolCheck,
} from '../../environment/prerequisites/toolChecks';
import { storageTrouble } from '../../redis/server/storage';
import { OLDEST_TMUX } from '../../tmux/client/runTmux';
import { columnsOf } from '../output/terminalText';
import type { CommandContext } from '../runtime/commandContext';
import { findProject, type ProjectPlace } from '../runtime/findProject';
import type { CommandResult } from '../runtime/io';
import { agentClis, cliLines, cliRepairs } from './doctorAgentClis';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** `warning`: a team works without it; `needed` describes what does not. */
  readonly level: 'ok' | 'warning' | 'error';
  /** What the check found, or the problem. */
  readonly found: string;
  readonly needed: string;
  /** A command to paste; empty when nothing is to be done. */
  readonly repair: string;
}

const OLDEST_NODE = [20, 19] as const;
const LEVELS: Readonly<Record<Check['level'], string>> = { ok: 'ok', warning: 'WARNING', error: 'ERROR' };

/** Describes the result of a check. @param vital false: a team works without it */
async function program(
  name: Installable,
  check: ToolCheck,
  needed: string,
  path: string,
  vital = true,
): Promise<Check> {
  const installable = check.state === 'missing' || check.state === 'too-old';
  const ok = check.state === 'here';
  return {
    name,
    ok,
    level: ok ? 'ok' : vital ? 'error' : 'warning',
    found: foundWords(check),
    needed,
    repair: installable ? await installCommand(name, path) : '',
  };
}

function foundWords({ state, version, where, error }: ToolCheck): string {
  switch (state) {
    case 'here':
      return version;
    case 'too-old':
      return `${version} is too old`;
    case 'missing':
      return `"${where}" was not found or does not run`;
    case 'failed':
      return error?.message ?? '';
  }
}

/** Checks Redis. A configured Redis is named by its address, and TACO suggests no package to fix it. */
async function redis(url: string | undefined, env: CommandContext['io']['env']): Promise<Check> {
  const tool = await checkRedis(url, env, new TacoPaths(env, homedir()).redisSocket);
  const needed = `a Redis URL that answers, or redis-server or valkey-server; ${OLDEST_REDIS} or newer`;
  const check = await program('redis', tool, needed, env['PATH'] ?? '');
  if (tool.state === 'here' && tool.noWrites !== undefined) {
    const found = `${tool.where} takes no writes: ${tool.noWrites}`;
    return { ...check, ok: false, level: 'error', found, needed: 'a Redis that can be written', repair: '' };
  }
  return {
    ...check,
    found: redisWords(tool, url !== undefined, check.found),
    ...(url === undefined ? {} : { repair: '' }),
  };
}

function redisWords({ state, where }: ToolCheck, isSet: boolean, words: string): string {
  if (state === 'missing') return 'neither is installed, and no URL is set';
  if (state === 'failed') return words;
  return isSet ? `${words || 'unknown version'} at ${where}` : `${where} ${words}`;
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return {
    name: 'node',
    ok,
    level: ok ? 'ok' : 'error',
    found: process.versions.node,
    needed: `${OLDEST_NODE.join('.')} or newer`,
    repair: ok ? '' : 'Install Node 20.19 or newer from your system or version manager',
  };
}

async function home(paths: TacoPaths): Promise<Check> {
  const needed = 'a folder that can be written';
  const trouble = await storageTrouble(paths.home);
  const probe = join(paths.home, `.probe-${randomBytes(6).toString('hex')}`);
  try {
    await makeWritable(paths.home);
    await writeFile(probe, '', { flag: 'wx' });
    await rm(probe);
    return { name: 'home', ok: true, level: 'ok', found: paths.home, needed, repair: '' };
  } catch (error) {
    return {
      name: 'home',
      ok: false,
      level: 'error',
      found: trouble ?? errorMessage(error),
      needed,
      repair: 'export TACO_HOME=/a/folder/you/can/write',
    };
  }
}

type Row = Check & Record<'id' | 'title' | 'state' | 'detail' | 'cure', string>;

function withId(check: Check): Row {
  const { name, level, found, repair } = check;
  return { id: name, title: name, state: level, detail: found, cure: repair, ...check };
}

/** A shared check in the shape of `taco doctor --json`; its older members say the same. */
function rowOf({ id, title, state, detail, cure }: DoctorCheck): Row {
  const found = render(detail);
  const repair = cure === null ? '' : render(cure);
  const older = { name: id, ok: state === 'ok', level: state, found, needed: '', repair };
  return { id, title: render(title), state, detail: found, cure: repair, ...older };
}

/** Returns the project that a command here would use, known or not. */
function projectOf(context: CommandContext): ProjectPlace {
  const { invocation, io } = context;
  const options = {
    project: invocation.text('project'),
    redis: invocation.text('redis'),
    socket: invocation.text('socket'),
    env: io.env,
    cwd: io.cwd,
  };
  return findProject(options, true);
}

/**
 * `taco doctor`: exit code 1 when a required program is missing or too old. git is not required: its absence is a
 * warning.
 */
export async function doctor(context: CommandContext): Promise<CommandResult> {
  const { env } = context.io;
  const path = env['PATH'] ?? '';
  const agent = context.invocation.text('agent-command') ?? 'claude';
  const paths = new TacoPaths(env, homedir());
  const projectDir = projectOf(context).dir;
  const programs = await Promise.all([
    checkTmuxVersion('tmux', env).then((check) => program('tmux', check, `${OLDEST_TMUX} or newer`, path)),
    redis(projectOf(context).redisUrl, env),
    Promise.resolve(node()),
    home(paths),
    checkGit(env).then((check) => program('git', check, 'for worktrees and for what agents have changed', path, false)),
    checkAgentCommand(agent, { env, projectDir }).then(async (check) => ({
      ...(await program('agent', check, 'the agents’ CLI', path)),
      ...(agent === 'claude' ? {} : { repair: '' }),
    })),
  ]);
  const { socket: tmuxSocket, redisUrl } = projectOf(context);
  const surroundings = await checkSurroundings({ paths, projectDir, env, tmuxCommand: 'tmux', tmuxSocket, redisUrl });
  const checks = [...programs.map(withId), ...surroundings.map(rowOf)];
  const tmuxVersion = programs[0].ok ? programs[0].found : '';
  const clis = await agentClis(context, agent, {
    tmuxCommand: 'tmux',
    tmux: tmuxVersion,
    paths,
    env,
    cwd: context.io.cwd,
    projectDir,
  });
  const repairs = [...checks.filter((check) => check.repair !== '').map((check) => check.repair), ...cliRepairs(clis)];
  const table = columnsOf(
    checks.map((check) => [
      LEVELS[check.level],
      check.name,
      check.found,
      check.ok || check.needed === '' ? '' : `(needed: ${check.needed})`,
    ]),
  );
  const text = [
    ...table,
    ...cliLines(clis),
    ...(repairs.length > 0 ? ['', 'To repair:', ...repairs.map((repair) => `  ${repair}`)] : []),
  ].join('\n');
  const ok = checks.every((check) => check.level !== 'error');
  return { json: { ok, checks, agentClis: clis, repairs }, text, exitCode: ok ? 0 : 1 };
}
