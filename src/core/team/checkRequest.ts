import { errors } from '../errors/errors';
import type { TacoError } from '../errors/tacoError';
import type { ControlRequest } from './controlRequest';
import { refusals } from './refusals';
import { TEAM_PHASES, type TeamPhase } from './teamPhase';

/**
 * Kinds of requests. `approve-review` approves the plan under review, `approve` a plan given in its place. `record`
 * writes to the team's shared records without a leader: services, ports, status lines, a failed message.
 */
export type RequestKind = ControlRequest['kind'] | 'approve-review' | 'send' | 'record';

/** Names of the team in refusals. */
export interface TeamNames {
  readonly projectDir: string;
  /** Empty while there is no session. */
  readonly tmuxSession: string;
}

const WITH_MOTHER: readonly TeamPhase[] = ['planning', 'no-plan', 'review', 'running', 'change-review', 'paused'];
const ALIVE: readonly TeamPhase[] = [...WITH_MOTHER, 'launching'];
const UNDER_REVIEW: readonly TeamPhase[] = ['no-plan', 'review', 'change-review'];

const ALLOWED: Readonly<Record<RequestKind, readonly TeamPhase[]>> = {
  start: ['none', 'failed'],
  'approve-review': UNDER_REVIEW,
  approve: WITH_MOTHER,
  reject: UNDER_REVIEW,
  'submit-plan': WITH_MOTHER,
  relaunch: ALIVE,
  'stop-agent': ALIVE,
  adopt: ALIVE,
  budget: ALIVE,
  'pause-team': ALIVE,
  'resume-team': ALIVE,
  'report-done': ALIVE,
  'run-check': ALIVE,
  'cancel-check': ALIVE,
  'accept-work': ALIVE,
  merge: ALIVE,
  'forget-host': [...ALIVE, 'lost'],
  resume: ['lost'],
  // Messages to a lost team wait until it is resumed.
  send: [...ALIVE, 'starting', 'lost'],
  record: [...ALIVE, 'starting', 'lost'],
  // A start that still waits for a leader can be stopped, too.
  stop: TEAM_PHASES,
};

/** Returns the kind of a request for {@link checkRequest}. */
export function requestKindOf(request: ControlRequest): RequestKind {
  return request.kind === 'approve' && request.review !== undefined ? 'approve-review' : request.kind;
}

/** Returns why a request is invalid while the team is in `phase`; null when it is valid. */
export function checkRequest(kind: RequestKind, phase: TeamPhase, names: TeamNames): TacoError | null {
  return ALLOWED[kind].includes(phase) ? null : refusalOf(kind, phase, names);
}

function refusalOf(kind: RequestKind, phase: TeamPhase, { projectDir, tmuxSession }: TeamNames): TacoError {
  if (phase === 'none' || phase === 'failed') return errors.noSession(projectDir);
  if (phase === 'stopping') return refusals.sessionStopping();
  if (phase === 'lost') return errors.sessionLost(tmuxSession);
  if (kind === 'start' || kind === 'resume') return errors.sessionExists(tmuxSession);
  if (phase === 'starting') return refusals.sessionStarting();
  if (phase === 'launching') return refusals.teamLaunching();
  return phase === 'planning' ? refusals.planNotReady() : refusals.planDecided();
}
