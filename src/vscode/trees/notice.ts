/** The notice above the agents, for cases in which their rows alone would mislead. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { hasSession, isLost, type ProjectState } from '../project/projectState';

/** Returns the notice; empty when there is none. */
export function agentsNotice(state: ProjectState): string {
  if (!hasSession(state)) return ''; // a notice would replace the welcome view
  if (!state.connected) return l10n.t('Redis does not answer. This is the last known state.');
  return isLost(state) ? l10n.t('The tmux session has ended: resume it, or stop it') : '';
}
