import { basename, delimiter } from 'node:path';
import type { AgentProfile } from '../../core/agents/agentProfile';
import type { Logger } from '../../core/base/logger';
import { accountVariables, parseAccounts, sourceVariables } from '../../core/programs/accounts';
import { type CommandPlace, expandExecutable, splitWords } from '../../core/programs/commandLine';
import { userEnvironment } from '../../core/programs/environment';
import type { TacoPaths } from '../../core/programs/paths';
import type { StateStore } from '../../core/team/ports';
import { isShell } from '../../environment/prerequisites/programCommand';
import { profilesWith, SESSION_VARIABLES } from '../../profiles/registry';
import type { PortAllocator } from '../../redis/state/portAllocator';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';

export interface LauncherOptions {
  readonly store: StateStore;
  readonly ports: Pick<PortAllocator, 'take' | 'freeAll'>;
  readonly settings: EngineSettings;
  readonly paths: TacoPaths;
  readonly projectId: string;
  readonly projectDir: string;
  /** Redis as agents reach it: socket path or URL. */
  readonly redis: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly profileOf: (name: string) => AgentProfile | undefined;
  /** The joined host that this launcher serves; absent on the leader's host. */
  readonly host?: string;
}

/**
 * Returns the environment of every program of the project: agents, the monitor, worktree set-ups and health checks.
 * It is this process's current environment plus the settings' additions. Variables of a tmux server or of another
 * program's session are left out, and so are variables that only accounts of the settings use.
 * @param account entry of `taco.accounts`; its variables are added. Throws TacoError usage when it is not usable
 */
export function programEnvironment(
  { env, paths, settings }: Pick<LauncherOptions, 'env' | 'paths' | 'settings'>,
  account?: string,
): Record<string, string> {
  const own = { ...userEnvironment(env, SESSION_VARIABLES), ...settings.agentEnv };
  const hidden = Object.fromEntries(sourceVariables(settings.accounts).map((name) => [name, undefined]));
  const added = account === undefined ? {} : accountVariables(parseAccounts(settings.accounts ?? {}), account, own);
  const composed = Object.fromEntries(
    Object.entries({ ...own, ...hidden, ...added }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  ) as Record<string, string>;
  const others = (composed['PATH'] ?? '').split(delimiter).filter((folder) => folder !== paths.binDir);
  return { ...composed, PATH: [paths.binDir, ...others].join(delimiter) };
}

/** The profiles, where a pane also belongs to the agent when tmux names it after the command that was set: a CLI under another name. */
function withOwnCommand(
  profileOf: LauncherOptions['profileOf'],
  { profile: own, agentCommand }: EngineSettings,
  place: CommandPlace,
): LauncherOptions['profileOf'] {
  const name = agentCommand === undefined ? '' : basename(expandExecutable(splitWords(agentCommand)[0] ?? '', place));
  if (name === '' || isShell(name)) return profileOf;
  return (wanted) => {
    const profile = profileOf(wanted);
    if (!profile || wanted !== own) return profile;
    return { ...profile, ownsProcess: (command) => command === name || profile.ownsProcess(command) };
  };
}

/** Returns the launch options of an executor, on the leader's host or on `host`. */
export function launcherOptions(
  { team, settings, log, redis }: Pick<LauncherOptions, 'settings' | 'log' | 'redis'> & { readonly team: Team },
  host?: string,
): LauncherOptions {
  return {
    store: team.store,
    ports: team.ports,
    settings,
    log,
    profileOf: withOwnCommand(profilesWith(settings.profiles ?? []), settings, team.options),
    ...(host === undefined ? {} : { host }),
    paths: team.options.paths,
    projectId: team.projectId,
    projectDir: team.projectDir,
    redis,
    env: team.options.env,
  };
}

/** Returns the variables by which a process in the session finds the project: agents, and the monitor in window 1. */
export function teamEnv(
  options: Pick<LauncherOptions, 'paths' | 'projectDir' | 'projectId' | 'redis' | 'settings'>,
): Record<string, string> {
  return {
    TACO_HOME: options.paths.home,
    TACO_PROJECT: options.projectDir,
    TACO_PROJECT_ID: options.projectId,
    TACO_REDIS: options.redis,
    TACO_SOCKET: options.settings.tmuxSocket,
  };
}
