import * as vscode from 'vscode';
import { MOTHER_WINDOW } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { labelOfWindow } from '../../core/messages/address';
import type { AgentView } from '../../core/team/snapshot';
import { runningProject, sameTeam } from '../project/runningProject';
import { agentTitle } from '../shared/labels';
import { pickAgent } from '../shared/quickPicks';
import { subjectOf } from '../shared/subject';
import type { CommandDeps } from './commandDeps';

/** Opens (or shows again) the terminal on an agent's window. */
export async function openTerminal(deps: CommandDeps, argument: unknown): Promise<void> {
  const { project, snapshot } = await runningProject(deps);
  const agent = await chosen(snapshot.agents, argument, vscode.l10n.t('Select a terminal to open'));
  if (!agent || !snapshot.session) return;
  deps.terminals.show(await project.backend(), deps.engineSettings(), snapshot.session, agent);
}

/** Opens the terminals of all agents on this machine as a grid of editors; closes them when they are open. */
export async function openTerminalGrid(deps: CommandDeps): Promise<void> {
  const { project, snapshot } = await runningProject(deps);
  const { session, agents } = snapshot;
  if (!session || deps.terminals.closeGrid()) return;
  const here = agents.filter(({ host, pane }) => !host && pane !== '');
  if (here.length > 0) await deps.terminals.showGrid(await project.backend(), deps.engineSettings(), session, here);
}

/** Ends the agent's process and relaunches it with its conversation. Asks first while the agent works. */
export async function relaunch(deps: CommandDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps, 'relaunch');
  const agent = await chosen(snapshot.agents, argument, vscode.l10n.t('Select an agent to relaunch'));
  if (!agent) return;
  const busy = agent.status === 'busy' || agent.status === 'needs-input';
  if (
    busy &&
    !(await confirmed(vscode.l10n.t('Relaunch {0} while it works?', agentTitle(agent)), vscode.l10n.t('Relaunch')))
  )
    return;
  const { project, team } = await sameTeam(deps, snapshot);
  await project.lead();
  await team.request({ kind: 'relaunch', window: agent.window });
}

export async function relaunchMother(deps: CommandDeps): Promise<void> {
  await relaunch(deps, { subject: { window: MOTHER_WINDOW } });
}

/** Ends one agent permanently; its messages wait until it is relaunched. */
export async function stopAgent(deps: CommandDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps, 'stop-agent');
  const agents = snapshot.agents.filter(({ window }) => window !== MOTHER_WINDOW);
  const agent = await chosen(agents, argument, vscode.l10n.t('Select an agent to stop'));
  if (!agent || !(await confirmed(vscode.l10n.t('Stop {0}?', agentTitle(agent)), vscode.l10n.t('Stop Agent')))) return;
  const { project, team } = await sameTeam(deps, snapshot);
  await project.lead();
  await team.request({ kind: 'stop-agent', window: agent.window });
}

/** Shows the agent in the tree; runs from a message, the status bar or the palette. */
export async function revealAgent(deps: CommandDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps);
  const agent = await chosen(snapshot.agents, argument, vscode.l10n.t('Select an agent to reveal'));
  if (agent) await deps.reveal(agent.window);
}

/** Turns notifications about this agent off or on; stored with the workspace. */
export async function mute(deps: CommandDeps, argument: unknown, muted: boolean): Promise<void> {
  const { snapshot } = await runningProject(deps);
  const agents =
    subjectOf(argument).window === undefined
      ? snapshot.agents.filter(({ name }) => deps.mutes.has(name) !== muted)
      : snapshot.agents;
  const agent = await chosen(
    agents,
    argument,
    muted ? vscode.l10n.t('Select an agent to mute') : vscode.l10n.t('Select an agent to unmute'),
  );
  if (agent) await deps.mutes.set(agent.name, muted);
}

/** Returns the agent that the command runs on. Throws TacoError unknown-agent when that agent has left the team. */
async function chosen(
  agents: readonly AgentView[],
  argument: unknown,
  question: string,
): Promise<AgentView | undefined> {
  const { window } = subjectOf(argument);
  if (window === undefined) return pickAgent(agents, question);
  const agent = agents.find((each) => each.window === window);
  if (!agent) throw errors.unknownAgent(labelOfWindow(window), agents.map(agentTitle));
  return agent;
}

async function confirmed(question: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true }, yes)) === yes;
}
