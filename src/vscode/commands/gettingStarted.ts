import * as vscode from 'vscode';
import { WALKTHROUGH } from '../manifest/walkthrough';
import type { CommandDeps } from './commandDeps';
import { startTeam } from './start';

const EXTENSION_ID = 'taco.taco';

/** Opens the walkthrough and checks the machine, so that the first step can complete itself. */
export async function getStarted({ host }: CommandDeps): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${EXTENSION_ID}#${WALKTHROUGH}`, false);
  await host.project?.check();
}

/**
 * Runs a team of scripted agents on the open folder, from the goal to the end; they change no file. Throws the errors
 * of a start.
 */
export async function trySample(deps: CommandDeps): Promise<void> {
  await startTeam(deps, vscode.l10n.t('Show how a team works: plan, wait for each other, exchange messages'), {
    scripted: true,
  });
}
