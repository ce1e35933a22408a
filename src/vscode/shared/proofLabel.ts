/** Labels for what is known of an agent's work. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { LazyLabel } from '../../core/base/localizedText';
import { conflictsOf } from '../../core/proof/conflicts';

const proofWords: Readonly<Record<Exclude<NonNullable<AgentRecord['proof']>, ''>, LazyLabel>> = {
  reported: (say) => say('not proven'),
  checking: (say) => say('check runs'),
  proven: (say) => say('proven'),
  red: (say) => say('check failed'),
  stale: (say) => say('changed after its proof'),
  conflict: (say) => say('conflicts'),
  merged: (say) => say('merged'),
};

/** Returns what is known of an agent's work; empty when it reported nothing. */
export function proofWord({ proof }: Pick<AgentRecord, 'proof'>): string {
  return proof ? proofWords[proof](l10n.t) : '';
}

/** Returns with whom the agent's changes conflict, and where; empty when no conflict is known. */
export function conflictWord(agent: Pick<AgentRecord, 'conflicts'>): string {
  return conflictsOf(agent)
    .map(({ agent: other, files }) => l10n.t('conflicts with {0} in {1}', other, files.join(', ')))
    .join(' · ');
}
