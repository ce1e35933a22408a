/** The end of a session; `taco up` needs it too. */
import { errors } from '../../core/errors';
import type { TeamClient } from '../../core/team';
import type { CommandContext } from '../context';
import type { Outcome } from '../io';
import { lead } from '../lead';
import { runningSnapshot, teamOf } from '../openTeam';

const DEFAULT_DOWN_SECONDS = 20;
const POLL_MS = 100;

/** Resolves once the session is gone. Throws TacoError timeout. */
export async function untilGone(team: TeamClient, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ; ) {
    if ((await team.snapshot()).session === null) return;
    if (Date.now() >= end) throw errors.timeout('The end of the session', seconds);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** `taco down`: whoever leads ends the session; when nobody does, this process leads for as long as that takes. */
export async function down(context: CommandContext): Promise<Outcome> {
  const team = await teamOf(context);
  const { session, leader } = await runningSnapshot(team);
  await team.request({ kind: 'stop' });
  if (leader === null) context.add(await lead(context, team));
  await untilGone(team, context.invocation.number('timeout') ?? DEFAULT_DOWN_SECONDS);
  return { json: { stopped: session.tmux_session }, text: `Stopped ${session.tmux_session}.` };
}
