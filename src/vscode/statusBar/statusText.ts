/** The one status bar item, as data. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { duration } from '../../core/base/duration';
import type { AccountLimit } from '../../core/limits/accountLimit';
import { accountLine } from '../../core/limits/limitTexts';
import type { CommandId } from '../manifest/contributions';
import type { ProjectState, Step } from '../project/projectState';
import {
  agentsWithRequests,
  hasSession,
  isLost,
  nextStep,
  planWaits,
  requests,
  stuckMessages,
} from '../project/projectState';
import { requestLine } from '../shared/inputRequestText';
import { waitingForYou, phaseWord } from '../shared/labels';

export interface StatusText {
  readonly text: string;
  readonly spoken: string;
  /** True when the user must act: the only reason for a colour. */
  readonly warning: boolean;
  /** Lines of the tooltip. */
  readonly lines: readonly string[];
  /** Requests that have an answer link in the tooltip. */
  readonly requests: readonly { readonly id: string; readonly text: string }[];
  readonly step: Step | null;
  /** Target of a click. */
  readonly command: CommandId | 'taco.agents.focus';
}

/**
 * Target of a click for each step. A click starts nothing large by itself: it leads to the agents, above whom *Resume
 * Session* is a button.
 */
const leadsTo: Readonly<Record<Step, StatusText['command']>> = {
  resume: 'taco.agents.focus',
  'review-plan': 'taco.reviewPlan',
  answer: 'taco.answer',
};

/** Returns null while there is nothing to count. */
export function statusText(state: ProjectState): StatusText | null {
  if (!hasSession(state) || !state.snapshot?.session) return null;
  const { counters, session, agents, at, limits = [] } = state.snapshot;
  const asks = attentionSummaries(state);
  const step = nextStep(state);
  const { failed } = counters;
  const counts = `$(inbox) ${counters.pending} $(sync) ${counters.processing} $(check) ${counters.executed} $(error) ${failed}`;
  const isPaused = Boolean(session.paused) || limits.length > 0;
  const calm = isPaused ? '$(debug-pause) ' : '';
  const lead = !state.connected ? '$(debug-disconnect) ' : asks.length > 0 ? '$(bell-dot) ' : calm;
  const started = duration(at - Date.parse(session.started_at), l10n.t);
  return {
    text: `${lead}TACO ${counts}`,
    spoken: [
      l10n.t(
        'TACO: {0} pending, {1} processing, {2} done, {3} failed',
        counters.pending,
        counters.processing,
        counters.executed,
        failed,
      ),
      ...asks,
    ].join('. '),
    warning: asks.length > 0,
    lines: [
      ...(state.connected ? [] : [l10n.t('Redis does not answer. This is the last known state.')]),
      ...asks,
      agents.length === 1
        ? l10n.t('{0}, started {1} ago, 1 agent', phaseWord(session.phase), started)
        : l10n.t('{0}, started {1} ago, {2} agents', phaseWord(session.phase), started, agents.length),
      l10n.t('{0} pending, {1} processing ({2} held)', counters.pending, counters.processing, counters.held),
      l10n.t('{0} done, {1} failed', counters.executed, failed),
      ...limits.filter(isWaiting).map((limit) => accountLine(limit, at, l10n.t)),
    ],
    requests: requests(state).map(({ request, agent }) => ({ id: request.id, text: requestLine(request, agent, 100) })),
    step,
    command: step ? leadsTo[step] : asks.length > 0 ? 'taco.agents.focus' : 'taco.openMonitor',
  };
}

/** Returns one sentence for each thing that waits for the user. */
export function attentionSummaries(state: ProjectState): readonly string[] {
  const waiting = agentsWithRequests(state).map(({ name }) => name);
  const stuck = stuckMessages(state).length;
  const { trouble, limits = [], at = 0 } = state.snapshot ?? {};
  return [
    ...(trouble === undefined ? [] : [l10n.t('Nothing can be written: {0}', trouble)]),
    ...(isLost(state) ? [l10n.t('The tmux session has ended: resume it, or stop it')] : []),
    ...(planWaits(state) ? [l10n.t('A plan waits for your approval')] : []),
    ...(waiting.length > 0 ? [waitingForYou(waiting)] : []),
    ...limits.filter((limit) => !isWaiting(limit)).map((limit) => accountLine(limit, at, l10n.t)),
    ...(stuck > 0
      ? [stuck === 1 ? l10n.t('1 message needs a decision') : l10n.t('{0} messages need a decision', stuck)]
      : []),
  ];
}

/** Returns whether the limit ends by itself. */
function isWaiting({ until, phase }: AccountLimit): boolean {
  return until !== null || phase !== 'closed';
}
