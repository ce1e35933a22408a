import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { specOf } from '../../core/plan/agentSpecs';
import { substituteOf } from '../../core/plan/substitute';
import type { LaunchRequest } from '../../core/team/hosts';
import { freeMemory } from '../../environment/machine/machineRoom';
import { outputOf } from '../../environment/prerequisites/executables';
import { systemClock } from '../../environment/systemClock';
import { clearHookSpool } from '../../redis/offline/hookSpool';
import { DEFAULT_MEMORY_FLOOR_MB } from '../../team/engineSettings';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import { AgentWorkspaces } from '../workspaces/agentWorkspaces';
import { AgentPrograms } from './agentPrograms';
import { CliTrials } from './cliTrials';
import { findConversation } from './findConversation';
import { type LauncherOptions, programEnvironment } from './launcherOptions';
import { LaunchPace } from './launchPace';
import { untilSaved } from './savedConversation';

const MEGABYTE = 1024 * 1024;

/** Starts agents in tmux panes with an identity, a secret, hooks and the `taco` command on their PATH. */
export class AgentLauncher {
  /** Executables whose login was checked; each leader checks one once. */
  private readonly asked = new Set<string>();
  /** The folders of the agents; their preparation can be cancelled. */
  readonly workspaces: AgentWorkspaces;
  private readonly pace = new LaunchPace(systemClock);
  private readonly programs: AgentPrograms;
  private readonly trials: CliTrials;

  constructor(private readonly options: LauncherOptions) {
    this.programs = new AgentPrograms(options);
    this.trials = new CliTrials(options);
    this.workspaces = new AgentWorkspaces({ ...options, env: programEnvironment(options) });
  }

  /** Lets the next agent start after this one came up. */
  cameUp(window: number): void {
    this.pace.cameUp(window);
  }

  /** Lets the next agent start after this one ended. */
  ended(window: number): void {
    this.pace.ended(window);
  }

  /** Lets other agents of the same CLI start after this one has drawn its first screen. */
  drew(window: number): void {
    this.pace.drew(window);
  }

  /** Checks the CLIs before anything is started. Throws TacoError cli-missing, cli-not-logged-in. */
  async check(profileNames: readonly string[]): Promise<void> {
    for (const name of new Set(profileNames)) {
      const profile = this.profile(name);
      const { command, args } = this.programs.commandOf(profile);
      const env = programEnvironment(this.options);
      // Only an explicit "not logged in" counts: an older or wrapped CLI may not know the command.
      const asked = [command, ...args].join(' ');
      if (this.asked.has(asked)) continue;
      this.asked.add(asked);
      if (profile.login && profile.login.isNo(await outputOf(command, [...args, ...profile.login.args], env))) {
        this.asked.delete(asked);
        throw errors.cliNotLoggedIn(command);
      }
      await this.trials.check(profile, { command, args });
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
      background: '',
      done: order.earlier?.done ?? false,
      ...proofOf(order.earlier),
      spec: order.spec ? JSON.stringify(order.spec) : '',
      model: order.model ?? '',
      permissionMode: order.spec?.permission_mode ?? '',
      startedAt: now,
      changedAt: now,
      exitCode: '',
      begun: false,
      adopted: false,
      launch: '',
      hooks: '',
      hookParents: '',
      account: this.accountOf(order.profile, order.account),
      substitute: order.substitute ?? '',
      host: this.options.host ?? '',
    };
  }

  /** Returns what the model of a CLI bills, without secrets. Throws TacoError usage when the account is not usable. */
  accountOf(profile: string, account?: string): string {
    return this.options.profileOf(profile)?.account?.(programEnvironment(this.options, account)) ?? profile;
  }

  /**
   * Launches into `pane` (which keeps its index), or into a new window, once a start slot is free. Afterwards the
   * record in Redis is complete. On an error the new window is closed and the record says failed.
   */
  async launch(session: TmuxSession, order: LaunchRequest, pane: string | null): Promise<AgentRecord> {
    const { store, log } = this.options;
    const profile = this.profile(order.profile);
    await this.pace.turn(
      order.window,
      profile.firstStartAlone ? JSON.stringify([profile.name, order.account]) : undefined,
    );
    this.assertMemory(order);
    // The launch ends the CLI that runs in the pane.
    if (pane !== null && order.earlier) await this.untilSaved(order.earlier);
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
      record.port = await this.programs.takePort(order.window);
      const program = await this.programs.prepare(profile, order, record, session.identity);
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
      this.pace.ended(order.window);
      // A window that is left open would block its number for the next attempt.
      if (made !== null) await session.killPane(made).catch(() => undefined);
      await store.setAgent(order.window, { status: 'failed', activity: errorMessage(error) }).catch(() => undefined);
      throw isTacoError(error) ? error : errors.launchFailed(order.name, errorMessage(error), error);
    }
  }

  /** Throws TacoError memory-low, and leaves the next start to another agent. */
  private assertMemory({ name, window }: LaunchRequest): void {
    const { memoryFloorMb: floor = DEFAULT_MEMORY_FLOOR_MB } = this.options.settings;
    const free = Math.round(freeMemory() / MEGABYTE);
    if (free >= floor) return;
    this.pace.ended(window);
    throw errors.memoryLow(name, free, floor);
  }

  /** Removes the script of a window whose program is not started again as it was. Never throws. */
  async removeScript(window: number): Promise<void> {
    const { paths, projectId, log } = this.options;
    await rm(paths.launchScript(projectId, window), { force: true }).catch((error: unknown) =>
      log.warn('launch.script', { window, error: errorMessage(error) }),
    );
  }

  /** Waits until the CLI of an agent has written its conversation. */
  private async untilSaved(agent: AgentRecord): Promise<void> {
    const profile = this.options.profileOf(agent.profile);
    const folder = profile?.conversationsIn?.(programEnvironment(this.options, accountNameOf(agent)));
    await untilSaved(folder, agent.sessionId, systemClock);
  }

  /** Returns the conversation to continue, or null for a new one. */
  private async conversationOf(
    profile: AgentProfile,
    { name, earlier, account }: LaunchRequest,
  ): Promise<string | null> {
    if (earlier === null) return null;
    const before = accountNameOf(earlier);
    const folderOf = (of?: string): string | undefined =>
      profile.conversationsIn?.(programEnvironment(this.options, of));
    const kept = await findConversation(profile, earlier, {
      now: folderOf(account),
      before: before === account ? undefined : folderOf(before),
    });
    if (kept === 'gone')
      await this.options.store.note(
        `${name} begins a new conversation: ${profile.title} does not have its old one any more`,
      );
    return kept === 'resumable' ? earlier.sessionId : null;
  }
}

/** Returns the entry of `taco.accounts` with which an agent runs. */
function accountNameOf(agent: AgentRecord): string | undefined {
  return substituteOf(agent)?.account ?? specOf(agent)?.account;
}

/** Returns what is known of the work of an agent that is launched again. */
function proofOf(earlier: AgentRecord | null): Partial<AgentRecord> {
  const { proof = '', evidence = '', report = '', reds = 0, asked = false } = earlier ?? {};
  return { proof, evidence, report, reds, asked };
}
