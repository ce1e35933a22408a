import { basename } from 'node:path';
import { errors, errorMessage } from '../../core/base/errors';
import { MONITOR_WINDOW, MOTHER_WINDOW } from '../../core/base/limits';
import type { AgentRecord } from '../../core/models';
import { motherSystemPrompt } from '../../core/plan/prompts';
import { checkTmux } from '../../tmux/client/runTmux';
import { TmuxSession, type TmuxServerOptions } from '../../tmux/session/tmuxSession';
import { teamEnv, type AgentLauncher, type LauncherOptions } from '../agents/agentLauncher';
import type { AgentManager } from '../agents/agentManager';
import { writeShim } from '../agents/shim';
import type { LiveSession } from './liveSession';

/** Makes and ends the tmux session with Mother in window 0 and the monitor in window 1. */
export class SessionStarter {
  private readonly server: TmuxServerOptions;

  constructor(
    private readonly options: LauncherOptions,
    private readonly launcher: AgentLauncher,
  ) {
    const { settings, paths, env } = options;
    this.server = { tmuxCommand: settings.tmuxCommand, socket: settings.tmuxSocket, configFile: paths.tmuxConfig, env };
  }

  /**
   * Everything that can be missing is checked before anything is started. When it throws, nothing is left behind.
   * Throws TacoError tmux-missing, tmux-too-old, cli-missing, tmux-failed.
   * @param resumed name of the session that is made again; undefined: a new one
   */
  async start(resumed?: string): Promise<TmuxSession> {
    const { settings, store } = this.options;
    await checkTmux(settings.tmuxCommand, this.options.env);
    await this.launcher.check([settings.profile]);
    const name = resumed || (await this.freeName());
    return this.make(name, 'Mother', () => store.setSession({ tmux_session: name }));
  }

  /** A tmux session with the monitor in window 1; `first` names window 0, in which nothing runs yet. When it throws, nothing is left behind. */
  async make(name: string, first: string, made: () => Promise<void> = () => Promise.resolve()): Promise<TmuxSession> {
    const { paths, settings, projectDir, log } = this.options;
    await writeShim(paths, settings.tacoCommand);
    const session = await TmuxSession.create(this.server, name, projectDir, first);
    try {
      await made();
      const monitor = { argv: [`${paths.binDir}/taco`, 'monitor'], env: teamEnv(this.options), cwd: projectDir };
      await session.newWindow(MONITOR_WINDOW, 'Monitor', monitor);
      log.info('session.created', { session: name });
      return session;
    } catch (error) {
      await session.kill();
      throw error;
    }
  }

  /** The session's first entry in Redis; a failed start leaves no more than this, with the reason. */
  async record(goal: string): Promise<void> {
    const { store, projectDir, settings } = this.options;
    await store.setSession({
      project_dir: projectDir,
      started_at: new Date().toISOString(),
      agent_count: 0,
      goal,
      tmux_session: '',
      phase: 'starting',
      detail: 'Starting Mother',
      budget: String(settings.budget ?? 0),
    });
  }

  /** Into the pane of window 0, which stays; with her earlier record her conversation goes on. */
  async launchMother(agents: AgentManager, tmux: TmuxSession, earlier: AgentRecord | null): Promise<AgentRecord> {
    const pane = (await tmux.windows()).find(({ window }) => window === MOTHER_WINDOW)?.pane;
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

  /** The running session of that name; null when there is none. */
  async attach(name: string): Promise<TmuxSession | null> {
    if (name === '') return null;
    await checkTmux(this.options.settings.tmuxCommand, this.options.env);
    if (!(await TmuxSession.exists(this.server, name))) return null;
    await writeShim(this.options.paths, this.options.settings.tacoCommand);
    return TmuxSession.attach(this.server, name);
  }

  /** Ends the agents' processes and the session; what cannot be ended is logged. */
  async stop(live: LiveSession | undefined): Promise<void> {
    if (!live) return;
    try {
      await live.tmux.kill();
    } catch (error) {
      this.options.log.warn('session.stop', { error: errorMessage(error) });
    }
    live.dispose();
  }

  /** `taco-<project>-<yyyymmdd>`, as in the seed document; with a number behind it when that is taken. */
  private async freeName(): Promise<string> {
    const project =
      basename(this.options.projectDir)
        .replace(/[^A-Za-z0-9_-]+/g, '-')
        .slice(0, 40) || 'project';
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    for (let n = 1; n < 100; n++) {
      const name = `taco-${project}-${day}${n === 1 ? '' : `-${n}`}`;
      if (!(await TmuxSession.exists(this.server, name))) return name;
    }
    throw errors.tmuxFailed('find a free session name', 'a hundred sessions of today are there already');
  }
}
