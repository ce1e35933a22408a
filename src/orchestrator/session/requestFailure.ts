import type { TacoError } from '../../core/errors/tacoError';
import { checkRequest, requestKindOf } from '../../core/team/checkRequest';
import type { ControlRequest } from '../../core/team/controlRequest';
import { refusals } from '../../core/team/refusals';
import { teamPhaseOf } from '../../core/team/teamPhase';
import type { RedisStateStore } from '../../redis/state/stateStore';
import type { Team } from '../../team/team';

/** How long the session shows the reason of a failed start, milliseconds. */
export const FAILURE_SHOWN_MS = 60_000;

/**
 * Reports a failed request in the activity, and also in the session when the request decides how the session
 * continues.
 */
export async function reportRequestFailure(
  store: RedisStateStore,
  { kind }: ControlRequest,
  { message, hint, code }: TacoError,
  leads: boolean,
): Promise<void> {
  const detail = `${message} ${hint}`;
  await store.note(`${kind}: ${detail}`);
  if (kind === 'resume' && !leads && code !== 'no-session') await store.setSession({ phase: 'lost', detail });
  if (kind === 'start' && code !== 'session-exists' && code !== 'session-lost')
    await store.failSession(detail, FAILURE_SHOWN_MS);
  if (kind === 'stop' && (await store.session())) await store.setSession({ phase: 'stopping', detail });
  if (kind === 'approve') {
    const review = await store.plan();
    if (review?.status === 'proposed') await store.setPlan({ ...review, failure: { at: Date.now(), text: detail } });
    await store.setSession({ phase: 'review', detail });
  }
}

/**
 * Returns the reason to refuse a request when the leader acts on it; null when it is valid. The sender checked it, but
 * the team may have changed since. The leader launches nothing meanwhile: a launch in Redis has failed or was
 * interrupted.
 * @param id of the request
 * @param hasTeam true when the team has agents of a plan
 */
export async function refusalNow(
  request: ControlRequest,
  id: string,
  { store, projectDir }: Team,
  hasTeam: boolean,
): Promise<TacoError | null> {
  // These requests can be repeated and report their own errors.
  if (request.kind === 'start' || request.kind === 'stop' || request.kind === 'resume') return null;
  const [session, plan] = await Promise.all([store.session(), store.plan()]);
  // A former leader has begun to carry it out.
  if (request.kind === 'approve' && plan?.approval?.id === id) return null;
  const phase = teamPhaseOf(session, plan);
  const settled = phase !== 'launching' ? phase : hasTeam ? 'running' : 'no-plan';
  const names = { projectDir, tmuxSession: session?.tmux_session ?? '' };
  const refusal = checkRequest(requestKindOf(request), settled, names);
  if (refusal || request.kind !== 'approve' || request.review === undefined) return refusal;
  return request.review === plan?.at ? null : refusals.planReplaced();
}
