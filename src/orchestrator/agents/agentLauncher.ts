import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import { type CommandPlace, expandExecutable, splitWords } from '../../core/programs/commandLine';
import { userEnvironment } from '../../core/programs/environment';
import type { TacoPaths } from '../../core/programs/paths';
import type { LaunchRequest } from '../../core/team/hosts';
import type { StateStore } from '../../core/team/ports';
import { outputOf } from '../../environment/prerequisites/executables';
import {
  findCommand,
  isShell,
  parseCommand,
  type ProgramCommand,
} from '../../environment/prerequisites/programCommand';
import { writeLaunchScript } from '../../environment/processes/launchScript';
import { systemClock } from '../../environment/systemClock';
import { profilesWith, SESSION_VARIABLES } from '../../profiles/registry';
import { clearHookSpool } from '../../redis/offline/hookSpool';
import type { PortAllocator } from '../../redis/state/portAllocator';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import { TEAM_VARIABLE } from '../../tmux/client/identity';
import type { PaneProgram, TmuxSession } from '../../tmux/session/tmuxSession';
import { AgentWorkspaces } from '../workspaces/agentWorkspaces';
import { LaunchPace } from './launchPace';

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

/** Starts agents in tmux panes with an identity, a secret, hooks and the `taco` command on their PATH. */
export class AgentLauncher {
  /** Executables whose login was checked; each leader checks one once. */
  private readonly asked = new Set<string>();
  /** The folders of the agents; their preparation can be cancelled. */
  readonly workspaces: AgentWorkspaces;
  private readonly pace = new LaunchPace(systemClock);

  constructor(private readonly options: LauncherOptions) {
    this.workspaces = new AgentWorkspaces({ ...options, env: programEnvironment(options) });
  }

  /** Lets the next agent start after this one came up or ended. */
  cameUp(window: number): void {
    this.pace.cameUp(window);
  }

  /** Checks the CLIs before anything is started. Throws TacoError cli-missing, cli-not-logged-in. */
  async check(profileNames: readonly string[]): Promise<void> {
    for (const name of new Set(profileNames)) {
      const profile = this.profile(name);
      const { command, args } = this.commandOf(profile);
      const env = programEnvironment(this.options);
      // Only an explicit "not logged in" counts: an older or wrapped CLI may not know the command.
      const asked = [command, ...args].join(' ');
      if (this.asked.has(asked)) continue;
      this.asked.add(asked);
      if (profile.login && profile.login.isNo(await outputOf(command, [...args, ...profile.login.args], env))) {
        this.asked.delete(asked);
        throw errors.cliNotLoggedIn(command);
      }
    }
  }

  profile(name: string): AgentProfile {
    const profile = this.options.profileOf(name);
    if (!profile) throw errors.usage(`There is no agent profile "${name}".`, 'See the setting taco.agent.profile.');
    return profile;
  }

  /** Returns the record of an agent that is not launched yet. */
  announced(order: LaunchRequest): AgentRecord {
    const now = Date.now();
    return {
      window: order.window,
      name: order.name,
      role: order.role,
      status: 'starting',
      workspace: this.options.projectDir,
      profile: order.profile,
      pane: '',
      sessionId: '',
      activity: '',
      done: order.earlier?.done ?? false,
      spec: order.spec ? JSON.stringify(order.spec) : '',
      model: order.spec?.model ?? '',
      permissionMode: order.spec?.permission_mode ?? '',
      startedAt: now,
      changedAt: now,
      exitCode: '',
      begun: false,
      adopted: false,
      launch: '',
      account: this.accountOf(order.profile),
      host: this.options.host ?? '',
    };
  }

  private accountOf(name: string): string {
    return this.options.profileOf(name)?.account?.(programEnvironment(this.options)) ?? name;
  }

  /**
   * Launches into `pane` (which keeps its index), or into a new window, once a start slot is free. Afterwards the
   * record in Redis is complete. On an error the new window is closed and the record says failed.
   */
  async launch(session: TmuxSession, order: LaunchRequest, pane: string | null): Promise<AgentRecord> {
    const { store, log } = this.options;
    const profile = this.profile(order.profile);
    await this.pace.turn(order.window);
    const resumed = await this.conversationOf(profile, order);
    const record: AgentRecord = {
      ...this.announced(order),
      pane: pane ?? '',
      sessionId: resumed ?? (profile.namesConversation ? '' : randomUUID()),
      begun: resumed !== null,
      launch: order.launch ?? '',
    };
    let made: string | null = null;
    try {
      await clearHookSpool(this.options.paths.hooksDir(this.options.projectId), order.window);
      record.workspace = await this.workspaces.prepare(session.name, order);
      const program = await this.program(profile, order, record, session.identity);
      await store.setAgent(order.window, record);
      if (pane === null) made = await session.newWindow(order.window, order.name, program);
      else await session.respawn(pane, program);
      const placed = pane ?? made ?? '';
      const launched = { ...record, pane: placed };
      await store.setAgent(order.window, { pane: placed });
      log.info('agent.created', {
        agent: order.name,
        window: order.window,
        pane: placed,
        profile: order.profile,
        resumed: resumed !== null,
      });
      return launched;
    } catch (error) {
      this.pace.cameUp(order.window);
      // A window that is left open would block its number for the next attempt.
      if (made !== null) await session.killPane(made).catch(() => undefined);
      await store.setAgent(order.window, { status: 'failed', activity: errorMessage(error) }).catch(() => undefined);
      throw isTacoError(error) ? error : errors.launchFailed(order.name, errorMessage(error), error);
    }
  }

  /** Removes the script of a window whose program is not started again as it was. Never throws. */
  async removeScript(window: number): Promise<void> {
    const { paths, projectId, log } = this.options;
    await rm(paths.launchScript(projectId, window), { force: true }).catch((error: unknown) =>
      log.warn('launch.script', { window, error: errorMessage(error) }),
    );
  }

  /**
   * Returns the conversation to continue, or null for a new one. A CLI refuses a conversation that had no prompt yet
   * or whose file was deleted: neither is on disk.
   */
  private async conversationOf(profile: AgentProfile, { name, earlier }: LaunchRequest): Promise<string | null> {
    if (earlier === null || earlier.sessionId === '' || earlier.begun !== true) return null;
    const folder = profile.conversationsIn?.(programEnvironment(this.options));
    if (!(await isGone(folder, earlier.sessionId))) return earlier.sessionId;
    await this.options.store.note(
      `${name} begins a new conversation: ${profile.title} does not have its old one any more`,
    );
    return null;
  }

  private async program(
    profile: AgentProfile,
    order: LaunchRequest,
    record: AgentRecord,
    identity: string,
  ): Promise<PaneProgram> {
    const { settings, paths, projectId, store } = this.options;
    const env = programEnvironment(this.options);
    const stateDir = paths.agentDir(projectId, order.window);
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    const { command, args } = this.commandOf(profile);
    const launch = profile.launch({
      window: order.window,
      name: order.name,
      command,
      nodeCommand: settings.tacoCommand[0],
      workspace: record.workspace,
      env,
      sessionId: record.sessionId,
      resume: record.begun === true,
      systemPrompt: order.systemPrompt,
      model: order.spec?.model,
      permissionMode: order.spec?.permission_mode,
      crossSession: settings.crossSession,
      stateDir,
      hookCommand: [`${paths.binDir}/taco`, 'hook'],
      mcpCommand: [`${paths.binDir}/taco`, 'mcp'],
    });
    for (const file of launch.files) {
      await mkdir(dirname(file.path), { recursive: true, mode: 0o700 });
      await rm(file.path, { force: true });
      await writeFile(file.path, file.contents, { mode: 0o600 });
    }
    for (const { path, target } of launch.links ?? []) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await symlink(target, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    const secret = randomBytes(24).toString('hex');
    await store.registerSender(labelOfWindow(order.window), secret);
    const argv = await writeLaunchScript(paths.launchScript(projectId, order.window), {
      argv: [...launch.argv.slice(0, 1), ...args, ...launch.argv.slice(1)],
      cwd: record.workspace,
      env: {
        ...env,
        ...launch.env,
        ...(await this.portOf(order.window)),
        ...teamEnv(this.options),
        [TEAM_VARIABLE]: identity,
        TACO_WINDOW: String(order.window),
        TACO_AGENT: order.name,
        TACO_PROFILE: profile.name,
        TACO_SECRET: secret,
      },
    });
    return { argv, launch: order.launch ?? '' };
  }

  /** Returns `PORT`; a relaunched agent first gets its earlier port. Mother gets none. */
  private async portOf(window: number): Promise<Record<string, string>> {
    const { ports, log } = this.options;
    if (window === MOTHER_WINDOW) return {};
    const owner = labelOfWindow(window);
    try {
      await ports.freeAll(owner);
      const [port] = await ports.take(owner);
      return port === undefined ? {} : { PORT: String(port) };
    } catch (error) {
      // An agent that needs no port still starts when the port range is used up.
      log.warn('agent.port', { window, error: errorMessage(error) });
      return {};
    }
  }

  /** The executable of a profile with the arguments that the user wrote behind it. Throws TacoError cli-missing, usage. */
  private commandOf(profile: AgentProfile): ProgramCommand {
    const { settings, projectDir } = this.options;
    const text = (profile.name === settings.profile ? settings.agentCommand : undefined) ?? profile.defaultCommand;
    const env = programEnvironment(this.options);
    const program = parseCommand(text, { env, projectDir });
    const found = findCommand(program, env['PATH'] ?? '');
    if (found !== null) return found;
    // Where no Node is on the PATH, as in a desktop VS Code, TACO's own programs run on TACO's Node.
    const own = text === 'node' ? settings.tacoCommand[0] : undefined;
    if (own === undefined) throw errors.cliMissing(program.command);
    return { command: own, args: program.args };
  }
}

/** Returns false also when the file cannot be checked. */
async function isGone(folder: string | undefined, conversation: string): Promise<boolean> {
  const folders = folder === undefined ? null : await readdir(folder).catch(() => null);
  return (
    folder !== undefined &&
    folders !== null &&
    !folders.some((each) => existsSync(join(folder, each, `${conversation}.jsonl`)))
  );
}

/**
 * Returns the environment of every program of the project: agents, the monitor, worktree set-ups and health checks.
 * It is this process's current environment plus the settings' additions. Variables of a tmux server or of another
 * program's session are left out.
 */
export function programEnvironment({
  env,
  paths,
  settings,
}: Pick<LauncherOptions, 'env' | 'paths' | 'settings'>): Record<string, string> {
  const composed = { ...userEnvironment(env, SESSION_VARIABLES), ...settings.agentEnv };
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
