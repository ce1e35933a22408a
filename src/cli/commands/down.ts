/** The end of a session; `taco up` needs it too. */
import { errors } from '../../core/base/errors';
import type { TeamClient } from '../../core/team/teamClient';
import type { CommandContext } from '../runtime/commandContext';
import type { Outcome } from '../runtime/io';
import { lead } from '../runtime/startEngine';
import { runningSnapshot, teamOf } from '../runtime/openTeam';

const DEFAULT_DOWN_SECONDS = 20;
const POLL_MS = 100;

/** Resolves once the session is gone. Throws TacoError timeout. */
export async function untilGone(team: TeamClient, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ;) {
    if ((await team.snapshot()).session === null) return;
    if (Date.now() >= end) throw errors.timeout('The end of the session', seconds);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** `taco down`: whoever leads ends the session; this process competes for the lead, should that one be dead or nobody be there. */
export async function down(context: CommandContext): Promise<Outcome> {
  const team = await teamOf(context);
  const { session } = await runningSnapshot(team);
  const engine = context.add(await lead(context, team));
  await team.request({ kind: 'stop' });
  try {
    await untilGone(team, context.invocation.number('timeout') ?? DEFAULT_DOWN_SECONDS);
  } finally {
    await engine.shutdown();
  }
  return { json: { stopped: session.tmux_session }, text: `Stopped ${session.tmux_session}.` };
}
