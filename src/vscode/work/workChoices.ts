/** Which agents a command on finished work fits, and how a merge ended. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { MergeJournal } from '../../core/proof/mergeJournal';
import type { AgentView } from '../../core/team/snapshot';
import { subjectOf } from '../shared/subject';

export type WorkAction = 'merge' | 'run-check' | 'cancel-check' | 'accept-work' | 'evidence' | 'pull-request';

/** Returns whether a command can do something for an agent in its present state. */
export function fits(action: WorkAction, { window, proof = '', done, host = '' }: AgentView): boolean {
  if (window === MOTHER_WINDOW) return false;
  switch (action) {
    case 'merge':
      return proof === 'proven' || (proof === 'reported' && done);
    case 'run-check':
      return host === '' && proof !== 'checking';
    case 'cancel-check':
      return proof === 'checking';
    case 'accept-work':
      return !done && proof !== 'merged';
    case 'evidence':
    case 'pull-request':
      return host === '';
  }
}

/** Returns the window of the agent that a command runs on: a row of the agents, or of a worktree that is one agent's. */
export function windowOf(argument: unknown): number | undefined {
  if (typeof argument !== 'object' || argument === null || !('root' in argument)) return subjectOf(argument).window;
  const { root } = argument;
  if (typeof root !== 'object' || root === null || !('agents' in root) || !Array.isArray(root.agents)) return undefined;
  const [only, more] = root.agents as readonly unknown[];
  if (more !== undefined || typeof only !== 'object' || only === null || !('window' in only)) return undefined;
  return typeof only.window === 'number' ? only.window : undefined;
}

/** Returns what the user reads after a run of the merge lane. */
export function mergeOutcome({ steps, target, check }: MergeJournal): {
  readonly text: string;
  readonly isComplete: boolean;
} {
  const merged = steps.filter(({ state }) => state === 'merged').map(({ agent }) => agent);
  const left = steps.filter(({ state }) => state !== 'merged');
  const sentences = [
    merged.length > 0 ? l10n.t('{0}: merged into {1}.', merged.join(', '), target) : '',
    ...left.map(({ agent, state, files, reason }) =>
      state === 'conflict'
        ? l10n.t('{0}: conflicts in {1}; its agent resolves them.', agent, files.join(', '))
        : l10n.t('{0}: not merged: {1}.', agent, reason || state),
    ),
    merged.length > 0 && check.length === 0 ? l10n.t('No check of the merged result is set (taco.mergeCheck).') : '',
    steps.length === 0 ? l10n.t('No work is proven that is not merged.') : '',
  ];
  return { text: sentences.filter(Boolean).join(' '), isComplete: steps.length > 0 && left.length === 0 };
}
