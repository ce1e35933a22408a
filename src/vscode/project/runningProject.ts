import * as vscode from 'vscode';
import { errors } from '../../core/errors/errors';
import { TacoError } from '../../core/errors/tacoError';
import { checkRequest, type RequestKind } from '../../core/team/checkRequest';
import type { AgentView, MessageView, Snapshot } from '../../core/team/snapshot';
import type { TeamClient } from '../../core/team/teamClient';
import { teamPhaseOf } from '../../core/team/teamPhase';
import type { Project } from './project';
import type { ProjectHost } from './projectHost';
import { hasSession } from './projectState';

/** The part of a command's collaborators that finds the project. */
export interface ProjectDeps {
  readonly host: ProjectHost;
}

/**
 * Returns the project and its state, read now. Throws TacoError no-project, no-session, the reason why it could not
 * open, or why the request that the command is about to make is invalid now: before it asks the user for anything.
 */
export async function runningProject(
  deps: ProjectDeps,
  kind?: RequestKind,
): Promise<{ readonly project: Project; readonly snapshot: Snapshot }> {
  const project = deps.host.require();
  await project.check();
  if (project.state.error !== null) throw project.state.error;
  const { snapshot } = project.state;
  if (snapshot === null || !hasSession(project.state)) throw errors.noSession(project.dir);
  const refusal = kind && refusalNow(project, kind);
  if (refusal) throw refusal;
  return { project, snapshot };
}

/** Returns why a request is invalid in the state that was read last; null when it is valid. */
export function refusalNow({ dir, state: { snapshot } }: Project, kind: RequestKind): TacoError | null {
  const session = snapshot?.session ?? null;
  const names = { projectDir: dir, tmuxSession: session?.tmux_session ?? '' };
  return checkRequest(kind, teamPhaseOf(session, snapshot?.plan ?? null), names);
}

/**
 * Opens the team that the user saw when a command asked for input. While the user typed, that team may have ended; in
 * its successor the same window is another agent's. Throws TacoError usage then, and the errors of `runningProject`.
 */
export async function sameTeam(
  deps: ProjectDeps,
  shown: Snapshot,
): Promise<{ readonly project: Project; readonly team: TeamClient }> {
  const { project, snapshot } = await runningProject(deps);
  if (snapshot.projectId !== shown.projectId || snapshot.session?.started_at !== shown.session?.started_at)
    throw teamEndedError();
  return { project, team: await project.team() };
}

export function teamEndedError(): TacoError {
  return new TacoError(
    'usage',
    vscode.l10n.t('That team is no longer running.'),
    vscode.l10n.t('Nothing was sent or changed. Check the current agents.'),
  );
}

/** Throws TacoError unknown-agent. */
export function agentAt(snapshot: Snapshot, window: number): AgentView {
  const agent = snapshot.agents.find((candidate) => candidate.window === window);
  if (!agent)
    throw errors.unknownAgent(
      `window ${window}`,
      snapshot.agents.map(({ name }) => name),
    );
  return agent;
}

/** Throws TacoError unknown-command-id. */
export function messageWith(snapshot: Snapshot, id: string): MessageView {
  const message = snapshot.messages.find((candidate) => candidate.id === id);
  if (!message) throw errors.unknownCommandId(id);
  return message;
}
