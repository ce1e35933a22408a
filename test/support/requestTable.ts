import type { PlanChange, PlanReview } from '../../src/core/plan/planReview';
import type { RequestKind } from '../../src/core/team/checkRequest';
import type { SessionState } from '../../src/core/team/session';
import type { TeamPhase } from '../../src/core/team/teamPhase';
import { agent } from './planBuilders';

/** A refusal: the error's code, and words of its message. */
export type Refusal = readonly [code: string, words: RegExp];

export const NO_SESSION: Refusal = ['no-session', /^No TACO session runs for /];
const STARTING: Refusal = ['session-starting', /^The session is being started\.$/];
const LAUNCHING: Refusal = ['team-launching', /^The approved plan is being launched\.$/];
const STOPPING: Refusal = ['session-stopping', /^The session is being stopped\.$/];
const LOST: Refusal = ['session-lost', /^The tmux session \S+ has ended\. Its agents and messages are kept\.$/];
const EXISTS: Refusal = ['session-exists', /^A TACO session already runs for this project \(/];
const PLANNING: Refusal = ['plan-missing', /^No plan waits for review: Mother still works on it\.$/];
const DECIDED: Refusal = ['plan-missing', /^No plan waits for review: the team works on the one that was approved\.$/];

type Row = Readonly<Record<TeamPhase, 'allowed' | Refusal>>;

const alive: Row = {
  none: NO_SESSION,
  failed: NO_SESSION,
  starting: STARTING,
  planning: 'allowed',
  'no-plan': 'allowed',
  review: 'allowed',
  launching: 'allowed',
  running: 'allowed',
  'change-review': 'allowed',
  paused: 'allowed',
  stopping: STOPPING,
  lost: LOST,
};
const plan: Row = { ...alive, launching: LAUNCHING };
const review: Row = { ...plan, planning: PLANNING, running: DECIDED, paused: DECIDED };
const all = (one: 'allowed' | Refusal): Row =>
  Object.fromEntries(Object.keys(alive).map((phase) => [phase, one])) as Row;

/** Every request in every phase of a team: allowed, or refused with these words. */
export const REQUEST_TABLE: Readonly<Record<RequestKind, Row>> = {
  start: { ...all(EXISTS), none: 'allowed', failed: 'allowed', stopping: STOPPING, lost: LOST },
  resume: { ...all(EXISTS), none: NO_SESSION, failed: NO_SESSION, stopping: STOPPING, lost: 'allowed' },
  approve: plan,
  'submit-plan': plan,
  'approve-review': review,
  reject: review,
  relaunch: alive,
  'stop-agent': alive,
  adopt: alive,
  budget: alive,
  'pause-team': alive,
  'resume-team': alive,
  'report-done': alive,
  'run-check': alive,
  'cancel-check': alive,
  'accept-work': alive,
  merge: alive,
  'forget-host': { ...alive, lost: 'allowed' },
  send: { ...alive, starting: 'allowed', lost: 'allowed' },
  record: { ...alive, starting: 'allowed', lost: 'allowed' },
  stop: all('allowed'),
};

const REVIEW: PlanReview = {
  status: 'proposed',
  plan: { agents: [agent(2, 'backend'), agent(3, 'frontend')] },
  problems: [],
  repaired: false,
  proposal: null,
  attempt: 1,
  at: 1_700_000_000_000,
};
const CHANGE: PlanChange = { added: [agent(4, 'extra')], removed: [], changed: [], kept: ['backend', 'frontend'] };

/** Returns the Redis state of a team in the phase. */
export function stateOf(phase: TeamPhase): { session: SessionState | null; plan: PlanReview | null } {
  const session = (at: SessionState['phase']): SessionState => ({
    project_dir: '/work/shop',
    started_at: '2026-01-01T00:00:00.000Z',
    agent_count: 2,
    goal: 'a goal',
    tmux_session: 'taco-shop',
    phase: at,
    detail: '',
  });
  const approved: PlanReview = { ...REVIEW, status: 'approved', approval: { id: '1-0', made: true } };
  switch (phase) {
    case 'none':
      return { session: null, plan: null };
    case 'no-plan':
      return { session: session('review'), plan: { ...REVIEW, status: 'invalid', plan: null } };
    case 'review':
      return { session: session('review'), plan: REVIEW };
    case 'change-review':
      return { session: session('review'), plan: { ...REVIEW, change: CHANGE } };
    case 'paused':
      return { session: { ...session('running'), spent: 'true' }, plan: approved };
    case 'planning':
      return { session: session('planning'), plan: { ...REVIEW, status: 'invalid', plan: null } };
    case 'launching':
      return { session: session('launching'), plan: { ...REVIEW, approval: { id: '1-0', made: false } } };
    default:
      return { session: session(phase), plan: phase === 'starting' || phase === 'failed' ? null : approved };
  }
}
