import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { MONITOR_WINDOW, MOTHER_WINDOW } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';
import { motherSystemPrompt } from '../../core/plan/prompts';
import { writeLaunchScript } from '../../environment/processes/launchScript';
import { TEAM_VARIABLE, newIdentity } from '../../tmux/client/identity';
import { checkTmux } from '../../tmux/client/runTmux';
import { findSession, restoreSocket, serverOf, type Finding } from '../../tmux/session/findSession';
import { SessionRecordFile } from '../../tmux/session/sessionRecord';
import { socketPath } from '../../tmux/session/socketPath';
import { FIRST_PANE, TmuxSession, type TmuxServerOptions } from '../../tmux/session/tmuxSession';
import type { AgentManager } from '../agents/agentManager';
import type { AgentLauncher } from '../launch/agentLauncher';
import { type LauncherOptions, programEnvironment, teamEnv } from '../launch/launcherOptions';
import { writeShim } from '../launch/shim';

const SOCKET_TRIES = 40;
const SOCKET_PAUSE_MS = 50;

/** Makes the tmux session with Mother in window 0 and the monitor in window 1, and finds it again by its identity. */
export class SessionStarter {
  readonly server: TmuxServerOptions;
  /** This machine's stored record of the session. */
  readonly memory: SessionRecordFile;

  constructor(
    private readonly options: LauncherOptions,
    private readonly launcher: AgentLauncher,
  ) {
    const { settings, paths, env, projectId, host } = options;
    this.server = { tmuxCommand: settings.tmuxCommand, socket: settings.tmuxSocket, configFile: paths.tmuxConfig, env };
    this.memory = new SessionRecordFile(paths.tmuxRecord(projectId, host));
  }

  /**
   * Checks every prerequisite before it starts anything. On an error nothing is left behind.
   * Throws TacoError tmux-missing, tmux-too-old, no-project, cli-missing, tmux-failed.
   * @param resumed name of the resumed session, used if no other session has it; undefined: a new session
   */
  async start(identity: string, resumed = ''): Promise<TmuxSession> {
    const { settings, store } = this.options;
    await checkTmux(settings.tmuxCommand, this.options.env);
    if (!existsSync(this.options.projectDir)) throw errors.folderMissing(this.options.projectDir);
    await this.launcher.check([settings.profile]);
    const name = await this.freeName(resumed || this.sessionName());
    const socket = socketPath(this.server.socket, this.server.env);
    return this.make(name, identity, 'Mother', () => store.setSession({ tmux_session: name, tmux_socket: socket }));
  }

  /**
   * Makes a tmux session with the monitor in window 1; `first` names window 0, which stays empty. On an error nothing
   * is left behind.
   */
  async make(
    name: string,
    identity: string,
    first: string,
    made: () => Promise<void> = () => Promise.resolve(),
  ): Promise<TmuxSession> {
    const { paths, settings, projectDir, projectId, log } = this.options;
    await writeShim(paths, settings.tacoCommand);
    const socket = socketPath(this.server.socket, this.server.env);
    await this.restoreSharedSocket(socket);
    // The record is written before there is anything that could be lost.
    await this.memory.write({ identity, socket, session: name, server: null });
    const session = await TmuxSession.create(this.server, name, projectDir, first, identity);
    try {
      await this.memory.write({ identity, socket, session: name, server: await serverOf(this.server) });
      await made();
      const argv = await writeLaunchScript(paths.launchScript(projectId, MONITOR_WINDOW), {
        argv: [`${paths.binDir}/taco`, 'monitor'],
        env: { ...programEnvironment(this.options), ...teamEnv(this.options), [TEAM_VARIABLE]: identity },
        cwd: projectDir,
      });
      await session.newWindow(MONITOR_WINDOW, 'Monitor', { argv });
      log.info('session.created', { session: name });
      return session;
    } catch (error) {
      await session.kill();
      await this.launcher.removeScript(MONITOR_WINDOW);
      throw error;
    }
  }

  /**
   * Writes the session's first entry in Redis and returns its identity. A failed start leaves only this entry, with
   * the reason.
   */
  async record(goal: string, request: string, autoApprove: boolean): Promise<string> {
    const { store, projectDir, settings } = this.options;
    const identity = newIdentity();
    await store.setSession({
      project_dir: projectDir,
      started_at: new Date().toISOString(),
      agent_count: 0,
      goal,
      tmux_session: '',
      tmux_socket: '',
      identity,
      request,
      auto_approve: String(autoApprove),
      phase: 'starting',
      detail: 'Starting Mother',
      budget: String(settings.budget ?? 0),
    });
    return identity;
  }

  /**
   * Launches Mother into her pane, or the one that waits for her in window 0. With her earlier record her
   * conversation continues.
   */
  async launchMother(agents: AgentManager, tmux: TmuxSession, earlier: AgentRecord | null): Promise<AgentRecord> {
    const windows = await tmux.windows();
    const pane = windows.find(
      ({ ours, launch, pane: id }) => ours && (id === earlier?.pane || (!earlier?.pane && launch === FIRST_PANE)),
    )?.pane;
    const { settings } = this.options;
    return agents.launch(
      {
        window: MOTHER_WINDOW,
        name: 'mother',
        role: 'Mother: plans and coordinates the team',
        spec: null,
        systemPrompt: motherSystemPrompt(),
        profile: earlier?.profile ?? settings.profile,
        earlier,
      },
      pane ?? null,
    );
  }

  /**
   * Finds the session with this identity, and repairs a lost socket on the way. Throws TacoError when it cannot be
   * determined.
   */
  async find(identity: string): Promise<Finding> {
    await checkTmux(this.options.settings.tmuxCommand, this.options.env);
    const record = await this.memory.read();
    return findSession(this.server, identity, record?.identity === identity ? record : null);
  }

  /** Returns the running session with this identity; null when it has ended. Throws TacoError session-unreachable. */
  async attach(identity: string): Promise<TmuxSession | null> {
    if (identity === '') return null;
    const finding = await this.find(identity);
    if (finding.kind === 'ended') return null;
    if (finding.kind === 'unreachable')
      throw errors.sessionUnreachable(finding.server.pid, finding.socket, finding.why);
    await writeShim(this.options.paths, this.options.settings.tacoCommand);
    return TmuxSession.attach(finding.options, finding.place);
  }

  /** Returns `name`, with a number appended if another session has it already. */
  async freeName(name: string): Promise<string> {
    for (let n = 1; n < 100; n++) {
      const numbered = n === 1 ? name : `${name}-${n}`;
      if (!(await TmuxSession.exists(this.server, numbered))) return numbered;
    }
    throw errors.tmuxFailed('find a free session name', 'a hundred sessions of today are there already');
  }

  /**
   * Returns `taco-<project>-<hash of the project>-<yyyymmdd>`: the hash separates projects whose folders have the
   * same name.
   */
  private sessionName(): string {
    const project =
      basename(this.options.projectDir)
        .replace(/[^A-Za-z0-9_-]+/g, '-')
        .slice(0, 40) || 'project';
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    return `taco-${project}-${this.options.projectId.slice(0, 6)}-${day}`;
  }

  /**
   * Restores the socket of a running server that lost it. A second server on that socket would hide the teams of
   * other projects in the first one.
   */
  private async restoreSharedSocket(socket: string): Promise<void> {
    if (await serverOf(this.server)) return;
    const projects = join(this.options.paths.home, 'projects');
    for (const project of await readdir(projects).catch(() => [])) {
      const files = (await readdir(join(projects, project)).catch(() => [])).filter((file) =>
        /^tmux.*\.json$/.test(file),
      );
      for (const file of files) {
        const record = await new SessionRecordFile(join(projects, project, file)).read();
        if (record?.socket !== socket || !record.server) continue;
        await restoreSocket(socket, record.server).catch((error: unknown) =>
          this.options.log.warn('tmux.socket', { error: errorMessage(error) }),
        );
        for (let tries = 0; tries < SOCKET_TRIES; tries++) {
          if (await serverOf(this.server)) return;
          await new Promise((resolve) => setTimeout(resolve, SOCKET_PAUSE_MS));
        }
      }
    }
  }
}
