import * as vscode from 'vscode';
import { duration } from '../../core/base/duration';
import { errors } from '../../core/errors/errors';
import { TacoError } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import { commandText } from '../../core/programs/commandLine';
import type { Evidence } from '../../core/proof/proof';
import type { AgentView, Snapshot } from '../../core/team/snapshot';
import { agentTitle } from '../shared/labels';
import { proofWord } from '../shared/proofLabel';
import { pickAgent } from '../shared/quickPicks';
import { fits, windowOf, type WorkAction } from './workChoices';

/**
 * Returns the agent of the row that the command runs on, or one that the user picks; undefined when the user cancels.
 * Throws TacoError unknown-agent when the agent has left the team, usage when the command fits no agent now.
 */
export async function agentFor(
  action: WorkAction,
  { agents }: Snapshot,
  argument: unknown,
  question: string,
): Promise<AgentView | undefined> {
  const window = windowOf(argument);
  const agent = agents.find((each) => each.window === window);
  if (window !== undefined && !agent) throw errors.unknownAgent(labelOfWindow(window), agents.map(agentTitle));
  if (agent && fits(action, agent)) return agent;
  const fitting = agents.filter((each) => fits(action, each));
  if (!agent && fitting.length > 0) return pickAgent(fitting, question);
  const state = (agent && proofWord(agent)) ?? '';
  throw new TacoError(
    'usage',
    agent
      ? vscode.l10n.t(
          'This cannot be done for {0} now ({1}).',
          agentTitle(agent),
          state || vscode.l10n.t('not reported'),
        )
      : vscode.l10n.t('This can be done for no agent now.'),
    vscode.l10n.t('Show Evidence says what is known of its work.'),
  );
}

/** Asks which proven work to merge; null when the user cancels, no names when all of it was picked. */
export async function pickProven(agents: readonly AgentView[]): Promise<readonly string[] | null> {
  const picked = await pickSeveral(agents, vscode.l10n.t('Select the work to merge'), () => true);
  if (picked.length === 0) return null;
  return picked.length === agents.length && agents.length > 1 ? [] : picked.map(({ name }) => name);
}

/**
 * Asks for several agents; none when the user cancels.
 * @param isPicked whether an agent is ticked at the beginning
 */
export async function pickSeveral(
  agents: readonly AgentView[],
  placeHolder: string,
  isPicked: (agent: AgentView) => boolean,
): Promise<readonly AgentView[]> {
  const items = agents.map((agent) => ({
    label: agentTitle(agent),
    description: proofWord(agent),
    picked: isPicked(agent),
    agent,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder, canPickMany: true, ignoreFocusOut: true });
  return picked?.map(({ agent }) => agent) ?? [];
}

const ICONS: Readonly<Record<Evidence['verdict'], string>> = {
  proven: 'pass',
  red: 'error',
  cancelled: 'circle-slash',
};

/** Asks for one run of a check, newest first; undefined when the user cancels. */
export async function pickRun(agent: AgentView, runs: readonly Evidence[]): Promise<Evidence | undefined> {
  const items = runs.map((run) => ({
    label: `$(${ICONS[run.verdict]}) ${run.reason || vscode.l10n.t('passed')}`,
    description: [run.commit.slice(0, 10), duration(run.durationMs, vscode.l10n.t), new Date(run.at).toLocaleString()]
      .filter(Boolean)
      .join(' · '),
    detail: commandText(run.command),
    run,
  }));
  const placeHolder = vscode.l10n.t('{0}: select a run of its check to read its output', agentTitle(agent));
  // A terminal or webview that takes the focus back from the first question would close it.
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true, ignoreFocusOut: true }))
    ?.run;
}

export async function isConfirmed(question: string, yes: string, detail = ''): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
