/** The end of a session; `taco up` needs it too. */
import { errors } from '../../core/base/errors';
import type { TeamClient } from '../../core/team/teamClient';
import type { CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { runningSnapshot, commandTeam } from '../runtime/openTeam';
import { startEngine } from '../runtime/startEngine';

const DEFAULT_DOWN_SECONDS = 20;
const POLL_MS = 100;

/** Resolves once the session is gone. Throws TacoError timeout. */
export async function waitUntilStopped(team: TeamClient, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ;) {
    if ((await team.snapshot()).session === null) return;
    if (Date.now() >= end) throw errors.timeout('The end of the session', seconds);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** `taco down`: whoever leads ends the session; this process competes for the lead, should that one be dead or nobody be there. */
export async function down(context: CommandContext): Promise<CommandResult> {
  const team = await commandTeam(context);
  const { session } = await runningSnapshot(team);
  const engine = context.add(await startEngine(context, team));
  await team.request({ kind: 'stop' });
  try {
    await waitUntilStopped(team, context.invocation.number('timeout') ?? DEFAULT_DOWN_SECONDS);
  } finally {
    await engine.shutdown();
  }
  return { json: { stopped: session.tmux_session }, text: `Stopped ${session.tmux_session}.` };
}
