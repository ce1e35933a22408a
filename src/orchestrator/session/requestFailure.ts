import type { TacoError } from '../../core/base/errors';
import type { ControlRequest } from '../../core/team/ports';
import type { RedisStateStore } from '../../redis/state/stateStore';

/** How long the reason of a failed start can be read, milliseconds. */
export const FAILURE_SHOWN_MS = 60_000;

/** What the person asked for could not be done: it is told in the activity, and where it decides what comes next, in the session. */
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
  if (kind === 'approve') await store.setSession({ phase: 'review', detail });
}
