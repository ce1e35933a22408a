/** Labels for the pull request of an agent. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import type { LazyLabel } from '../../core/base/localizedText';
import { verdictOf, type CheckVerdict, type PullRequest } from '../../core/proof/pullRequest';

const verdictWords: Readonly<Record<CheckVerdict, LazyLabel>> = {
  passed: (say) => say('its checks passed'),
  failed: (say) => say('its checks failed'),
  pending: (say) => say('its checks run'),
  unknown: (say) => say('its checks are unknown'),
};
const stateWords: Readonly<Record<PullRequest['state'], LazyLabel>> = {
  open: (say) => say('open'),
  draft: (say) => say('draft'),
  closed: (say) => say('closed'),
  merged: (say) => say('merged'),
};

/** Returns number, state, checks, review and comments of a pull request in one line. */
export function pullRequestWord(request: PullRequest): string {
  const { number, state, review, comments } = request;
  const verdict = verdictOf(request);
  const isOver = state === 'closed' || state === 'merged';
  return [
    l10n.t('pull request #{0}: {1}', number, stateWords[state](l10n.t)),
    isOver || verdict === null ? '' : verdictWords[verdict](l10n.t),
    isOver || review === 'none' ? '' : review === 'approved' ? l10n.t('approved') : l10n.t('changes requested'),
    isOver || comments === 0 ? '' : comments === 1 ? l10n.t('1 comment') : l10n.t('{0} comments', comments),
  ]
    .filter(Boolean)
    .join(', ');
}
