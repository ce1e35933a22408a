/** What is said above the agents when their rows alone would mislead. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { hasSession, isLost, type ProjectState } from '../project/projectState';

/** Empty when there is nothing to say. */
export function agentsNotice(state: ProjectState): string {
  if (!hasSession(state)) return ''; // it would stand in the place of the welcome view
  if (!state.connected) return l10n.t('Redis does not answer. This is the last known state.');
  return isLost(state) ? l10n.t('The tmux session has ended: resume it, or stop it') : '';
}
