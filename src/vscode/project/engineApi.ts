/**
 * The code that loads only when a project opens: Redis, zod, the engine. It is a separate bundle, so that activation
 * stays cheap.
 */
import type { Logger } from '../../core/base/logger';
import type { DraftEdit } from '../../core/plan/planDraft';
import type { PlanCompletion, PlanReading } from '../../core/plan/planDraft';
import type { JsonChange } from '../../core/plan/renameAgent';
import type { TacoPaths } from '../../core/programs/paths';
import type { SessionState } from '../../core/team/session';
import type { TeamClient } from '../../core/team/teamClient';
import type { MonitorMessage } from '../../core/webviews/monitorProtocol';
import type { PlanMessage } from '../../core/webviews/planReviewProtocol';
import type { Changes } from '../../environment/git/changes';
import type { findAgentClis, probeAgentCli } from '../../environment/prerequisites/agentClis';
import type { Engine } from '../../orchestrator/engine';
import type { ProjectsReader } from '../../team/projects/projectsReader';
import type { OpenTeamOptions } from '../../team/team';
import type { WorkRecords } from '../../team/work/workRecords';
import type { AttachTarget } from '../../tmux/session/attach';
import type { WindowSettings } from './settings';

export interface OpenProject {
  readonly team: TeamClient;
  /** Throws TacoError usage when a described profile is not valid. */
  createEngine(settings: WindowSettings, logger: Logger): Engine;
}

/** The session whose agents the terminals show. */
export type AttachedSession = Pick<SessionState, 'tmux_session' | 'tmux_socket' | 'identity'>;

export interface EngineApi {
  /** Throws TacoError redis-missing, redis-unreachable, no-project. */
  open(options: OpenTeamOptions): Promise<OpenProject>;
  /** Returns the argument array of a terminal that shows one agent's window without moving other views. */
  attachArguments(
    settings: Pick<WindowSettings, 'tmuxCommand' | 'tmuxSocket'>,
    session: AttachedSession,
    agent: AttachTarget,
    viewName: string,
  ): readonly string[];
  /** Returns the lines of agents' screens with their colours, by pane. */
  captureScreens(
    settings: Pick<WindowSettings, 'tmuxCommand' | 'tmuxSocket'>,
    session: AttachedSession,
    panes: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Returns null for a message that the page may not send. */
  parseMonitorMessage(value: unknown): MonitorMessage | null;
  parsePlanMessage(value: unknown): PlanMessage | null;
  /** Returns the reader of every team on this machine. */
  projects(paths: TacoPaths, logger: Logger): ProjectsReader;
  /** Returns the reader of agents' changes from git. `projectDir` is a real path. */
  changes(projectDir: string): Changes;
  /** Returns what this machine keeps of finished work. `projectDir` is a real path. */
  workRecords(projectDir: string): WorkRecords;
  readonly plans: PlanTextApi;
  readonly findAgentClis: typeof findAgentClis;
  readonly probeAgentCli: typeof probeAgentCli;
}

/** The API of `planText.ts`, which needs zod and the JSON library. */
export interface PlanTextApi {
  read(text: string, maxAgents: number): PlanReading;
  change(text: string, changes: readonly JsonChange[]): string;
  edit(text: string, edit: DraftEdit): string | null;
  same(a: string, b: string): boolean;
  complete(text: string, offset: number, profiles: readonly string[]): PlanCompletion | null;
}

export type LoadEngineApi = () => Promise<EngineApi>;
