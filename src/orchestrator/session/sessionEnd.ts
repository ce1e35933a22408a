import { rm } from 'node:fs/promises';
import { MONITOR_WINDOW } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';
import { isIdentity, TEAM_VARIABLE } from '../../tmux/client/identity';
import type { Finding } from '../../tmux/session/findSession';
import type { ProcessFacts } from '../../tmux/session/processTable';
import { endSurvivors } from '../../tmux/session/processTree';
import { processesOfProject, processesWith, valuesIn } from '../../tmux/session/teamProcesses';
import { TmuxSession } from '../../tmux/session/tmuxSession';
import type { LauncherOptions } from '../launch/launcherOptions';
import type { LiveSession } from './liveSession';
import type { SessionStarter } from './sessionStarter';

/** Time that processes have to end by themselves, milliseconds. */
const GRACE_MS = 1500;

/** Ends a team, and checks whether one still runs: by its identity in tmux and in the environment of its processes. */
export class SessionEnd {
  constructor(
    private readonly options: LauncherOptions,
    private readonly starter: SessionStarter,
  ) {}

  /**
   * Ends every process of the team, also when its tmux server is unreachable or no process led it. Throws TacoError
   * stop-incomplete with the processes that cannot be ended; the stored record of the session then stays.
   * @param identity as the record in Redis has it; empty: there is none, or an older TACO made it
   */
  async stop(live: LiveSession | undefined, identity: string): Promise<void> {
    const left: ProcessFacts[] = [];
    const { paths, projectId } = this.options;
    const windows = [MONITOR_WINDOW, ...(live?.agents.here ?? []).map(({ window }) => window)];
    if (live) {
      left.push(...(await live.tmux.kill().catch((error: unknown) => this.warn(error))));
      live.dispose();
    }
    for (const each of await this.identities(identity)) left.push(...(await this.end(each)));
    if (identity === '') left.push(...(await endSurvivors(await this.older(), GRACE_MS)));
    const running = await stillRunning(left);
    if (running.length > 0) throw errors.stopIncomplete(running.map(({ pid }) => pid));
    for (const window of windows)
      for (const file of [paths.launchScript(projectId, window), paths.typedText(projectId, window)])
        await rm(file, { force: true });
    await this.starter.memory.remove();
  }

  /**
   * Throws TacoError agents-running, session-unreachable while a team of this project runs that Redis does not know.
   */
  async assertNothingRuns(identity: string): Promise<void> {
    for (const each of await this.identities(identity)) {
      const finding = await this.reach(each);
      const processes = await processesWith(`${TEAM_VARIABLE}=${each}`);
      if (finding.kind === 'found' && processes.length > 0) throw errors.agentsRunning(processes.map(({ pid }) => pid));
      await this.clear(each);
    }
  }

  /**
   * Ends what is left of an ended session. Throws TacoError agents-running, session-unreachable while its agents
   * still have their terminals. A second process on the same conversation is never started.
   */
  async clearRemains(identity: string): Promise<void> {
    const older = identity === '' ? await this.older() : [];
    if (older.length > 0) throw errors.agentsRunning(older.map(({ pid }) => pid));
    for (const each of await this.identities(identity)) {
      await this.reach(each);
      await this.clear(each);
    }
  }

  private async clear(identity: string): Promise<void> {
    const finding = await this.reach(identity);
    if (finding.kind === 'ended') {
      // A process with a terminal is in a tmux server that cannot be found; one without is left from an ended server.
      const alive = (await processesWith(`${TEAM_VARIABLE}=${identity}`)).filter(({ tty }) => tty.startsWith('pts'));
      if (alive.length > 0) throw errors.agentsRunning(alive.map(({ pid }) => pid));
    }
    const left = await stillRunning(await this.end(identity));
    if (left.length > 0) throw errors.stopIncomplete(left.map(({ pid }) => pid));
  }

  /** Throws TacoError session-unreachable. */
  private async reach(identity: string): Promise<Finding> {
    const finding = await this.starter.find(identity);
    if (finding.kind === 'unreachable')
      throw errors.sessionUnreachable(finding.server.pid, finding.socket, finding.why);
    return finding;
  }

  /**
   * Returns the identity in Redis and the one stored on this machine. When both are lost (TACO_HOME was deleted), the
   * processes of the team still have it.
   */
  private async identities(identity: string): Promise<ReadonlySet<string>> {
    const known = new Set([identity, (await this.starter.memory.read())?.identity ?? '']);
    known.delete('');
    return known.size > 0 ? known : await this.identitiesOfProcesses();
  }

  private async identitiesOfProcesses(): Promise<ReadonlySet<string>> {
    // A host on this machine has another socket.
    const { projectId, paths, settings, host } = this.options;
    if (host !== undefined) return new Set();
    const found = await processesOfProject(projectId, paths.home, settings.tmuxSocket);
    return new Set([...(await valuesIn(found, TEAM_VARIABLE))].filter(isIdentity));
  }

  private async end(identity: string): Promise<readonly ProcessFacts[]> {
    const finding = await this.starter.find(identity).catch((error: unknown) => {
      this.warn(error);
      return null;
    });
    const inTmux =
      finding?.kind === 'found'
        ? await TmuxSession.attach(finding.options, finding.place)
            .then((session) => session.kill())
            .catch((error: unknown) => this.warn(error))
        : [];
    const elsewhere = await endSurvivors(await processesWith(`${TEAM_VARIABLE}=${identity}`), GRACE_MS);
    return [...inTmux, ...elsewhere];
  }

  /**
   * Returns agents of this project that an older TACO launched. They have no identity, but the project and its home.
   */
  private async older(): Promise<readonly ProcessFacts[]> {
    const { projectId, paths, host } = this.options;
    // Processes of the leader or of another host are not this host's.
    if (host !== undefined) return [];
    return processesWith(`TACO_PROJECT_ID=${projectId}`, `TACO_HOME=${paths.home}`);
  }

  private warn(error: unknown): readonly ProcessFacts[] {
    this.options.log.warn('session.stop', { error: errorMessage(error) });
    return [];
  }
}

async function stillRunning(processes: readonly ProcessFacts[]): Promise<readonly ProcessFacts[]> {
  return processes.length === 0 ? [] : endSurvivors(processes, 0);
}
