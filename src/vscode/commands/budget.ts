import * as vscode from 'vscode';
import { parseBudget } from '../../core/agents/budget';
import { dollars, formatUsage } from '../../core/agents/formatUsage';
import { runningProject, sameTeam } from '../project/runningProject';
import type { CommandDeps } from './commandDeps';

/**
 * Sets another budget for the running team. A team whose budget was used up continues when the budget grows. Throws
 * TacoError no-session.
 */
export async function setBudget(deps: CommandDeps): Promise<void> {
  const { snapshot } = await runningProject(deps, 'budget');
  const used = snapshot.usage ? formatUsage(snapshot.usage, 0, vscode.l10n.t) : dollars(0);
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Budget of the team'),
    prompt: vscode.l10n.t(
      'Limit in US dollars for the whole team, including the cost so far; "off" removes it. So far: {0} (estimate at list prices)',
      used,
    ),
    value: Number(snapshot.session?.budget ?? 0) > 0 ? (snapshot.session?.budget ?? '') : '',
    validateInput: (value) =>
      parseBudget(value) === null ? vscode.l10n.t('A number of dollars such as 5 or 7.50, or off') : undefined,
  });
  const usd = text === undefined ? null : parseBudget(text);
  if (usd !== null) await (await sameTeam(deps, snapshot)).team.request({ kind: 'budget', usd });
}
