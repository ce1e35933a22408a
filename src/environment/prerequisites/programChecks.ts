/** The programs and the folder that a team needs: the first rows of `taco doctor` and *Run Doctor*. */
import { randomBytes } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localizable, type LocalizableText } from '../../core/base/localizedText';
import { errorMessage } from '../../core/errors/tacoError';
import type { TacoPaths } from '../../core/programs/paths';
import { storageTrouble } from '../../redis/server/storage';
import { OLDEST_TMUX } from '../../tmux/client/runTmux';
import type { DoctorCheck } from './doctorCheck';
import { installCommand, type Installable } from './installCommands';
import { checkGit, checkRedis, checkTmuxVersion, OLDEST_REDIS, type ToolCheck } from './toolChecks';

const OLDEST_NODE = '20.19';
/** The agents' command whose package TACO knows. */
const CLAUDE = 'claude';

type ProgramId = 'tmux' | 'redis' | 'node' | 'home' | 'git' | 'agent';

export interface ProgramCheck extends DoctorCheck {
  readonly id: ProgramId;
  /** Version, if the program reports one. */
  readonly version: string;
  /** The need that it serves, in English, for `taco doctor --json`. */
  readonly needed: string;
  /** The program whose installation fixes it; null: none does. */
  readonly installs: Installable | null;
}

export interface ProgramPlace {
  readonly paths: TacoPaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tmuxCommand: string;
  /** Redis URL that was set; undefined: TACO's own. */
  readonly redisUrl: string | undefined;
  /** Version of the Node that runs TACO; null in VS Code, which brings its own. */
  readonly node: string | null;
  /** The result of the check of the agents' command. */
  readonly agent: ToolCheck;
}

/** All checks, in a fixed order. Changes nothing and never throws. */
export async function checkPrograms(place: ProgramPlace): Promise<readonly ProgramCheck[]> {
  const { paths, env, tmuxCommand, redisUrl } = place;
  const [tmux, redis, git, home] = await Promise.all([
    checkTmuxVersion(tmuxCommand, env),
    checkRedis(redisUrl, env, paths.redisSocket),
    checkGit(env),
    checkHome(paths.home),
  ]);
  const path = env['PATH'] ?? '';
  return [
    await withInstallation(tmuxCheck(tmux), tmux, path),
    redisUrl === undefined ? await withInstallation(redisCheck(redis, false), redis, path) : redisCheck(redis, true),
    ...(place.node === null ? [] : [checkNode(place.node)]),
    home,
    await withInstallation(gitCheck(git), git, path),
    place.agent.where === CLAUDE
      ? await withInstallation(agentCheck(place.agent), place.agent, path)
      : agentCheck(place.agent),
  ];
}

/** Adds the command that installs a missing or old program. */
async function withInstallation(check: ProgramCheck, { state }: ToolCheck, path: string): Promise<ProgramCheck> {
  if (state !== 'missing' && state !== 'too-old') return check;
  const installs = check.id as Installable;
  return { ...check, installs, cure: name(await installCommand(installs, path)) };
}

function tmuxCheck(tool: ToolCheck): ProgramCheck {
  const words = localizable`"${tool.where}" was not found on the PATH`;
  return rowOf('tmux', name('tmux'), tool, `${OLDEST_TMUX} or newer`, { missing: words, oldest: OLDEST_TMUX });
}

function redisCheck(tool: ToolCheck, isSet: boolean): ProgramCheck {
  const needed = `a Redis URL that answers, or redis-server or valkey-server; ${OLDEST_REDIS} or newer`;
  const missing = localizable`neither redis-server nor valkey-server was found on the PATH, and no URL is set`;
  const row = rowOf('redis', name('Redis'), tool, needed, { missing, oldest: OLDEST_REDIS });
  if (tool.state !== 'here') return row;
  if (tool.noWrites !== undefined)
    return { ...row, state: 'error', detail: localizable`${tool.where} takes no writes: ${tool.noWrites}` };
  const version = tool.version === '' ? localizable`unknown version` : name(tool.version);
  return {
    ...row,
    detail: isSet ? localizable`${version} at ${tool.where}` : name(`${tool.where} ${tool.version}`.trim()),
  };
}

/** A team works without git; the text names the features that do not. */
function gitCheck(tool: ToolCheck): ProgramCheck {
  const needed = 'for worktrees and for what agents have changed';
  const missing = localizable`not found: needed for worktrees and the Changes view`;
  const row = rowOf('git', name('git'), tool, needed, { missing, oldest: '' });
  return row.state === 'error' ? { ...row, state: 'warning' } : row;
}

function agentCheck(tool: ToolCheck): ProgramCheck {
  const missing = localizable`"${tool.where}" was not found on the PATH`;
  const row = rowOf('agent', localizable`Agent CLI`, tool, "the agents' CLI", { missing, oldest: '' });
  const cure = localizable`Install it, or correct taco.agent.command (of taco up: --agent-command).`;
  return tool.state === 'missing' ? { ...row, cure } : row;
}

function checkNode(version: string): ProgramCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  const isNew = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const tool: ToolCheck = { state: isNew ? 'here' : 'too-old', version, where: 'node', error: null };
  const row = rowOf('node', name('Node.js'), tool, `${OLDEST_NODE} or newer`, {
    missing: name(''),
    oldest: OLDEST_NODE,
  });
  const cure = localizable`Install Node ${OLDEST_NODE} or newer from your system or version manager`;
  return isNew ? row : { ...row, cure };
}

/** TACO's folder can be written, or made. It is not made here. */
async function checkHome(home: string): Promise<ProgramCheck> {
  const trouble = await homeTrouble(home);
  const row = {
    ...({ id: 'home', title: localizable`TACO's folder`, version: '', installs: null } as const),
    needed: 'a folder that can be written',
  };
  if (trouble === null) return { ...row, state: 'ok', detail: name(home), cure: null };
  const cure = name('export TACO_HOME=/a/folder/you/can/write');
  return { ...row, state: 'error', detail: name(trouble), cure };
}

async function homeTrouble(home: string): Promise<string | null> {
  const trouble = await storageTrouble(home);
  if (trouble !== null) return trouble;
  try {
    if (!(await stat(home)).isDirectory()) return `${home} is no folder`;
    const probe = join(home, `.probe-${randomBytes(6).toString('hex')}`);
    await writeFile(probe, '', { flag: 'wx' });
    await rm(probe);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : errorMessage(error);
  }
}

/** A name, a path or a command: the same in every language. */
function name(text: string): LocalizableText {
  return localizable`${text}`;
}

/** The row of a program, with the same words for each. `oldest` is not used for one without a lower limit. */
function rowOf(
  id: ProgramId,
  title: LocalizableText,
  tool: ToolCheck,
  needed: string,
  words: { readonly missing: LocalizableText; readonly oldest: string },
): ProgramCheck {
  const { version, where, error } = tool;
  const row = { id, title, version, needed, installs: null };
  switch (tool.state) {
    case 'here':
      return { ...row, state: 'ok', detail: name(version === '' ? where : version), cure: null };
    case 'missing':
      return { ...row, state: 'error', detail: words.missing, cure: null };
    case 'too-old': {
      const detail = localizable`${version} is too old; TACO needs ${words.oldest} or newer`;
      return { ...row, state: 'error', detail, cure: null };
    }
    case 'failed': {
      const cure = error === null || error.hint === '' ? null : error.words.hint;
      return { ...row, state: 'error', detail: error?.words.message ?? localizable`failed`, cure };
    }
  }
}
