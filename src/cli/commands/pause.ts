import { requireUser, type CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { commandTeam, leaderNote, runningSnapshot } from '../runtime/openTeam';

/** `taco pause`. Throws TacoError no-session, type-refused. */
export async function pause(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'a pause of the team');
  const team = await commandTeam(context);
  const snapshot = await runningSnapshot(team);
  await team.request({ kind: 'pause-team' });
  return {
    json: { requested: 'pause-team' },
    text: `The team is paused: nothing is typed into any agent until taco resume.${leaderNote(snapshot)}`,
  };
}

/** `taco resume`. Throws TacoError no-session, type-refused. */
export async function resume(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'the end of a pause');
  const team = await commandTeam(context);
  const snapshot = await runningSnapshot(team);
  await team.request({ kind: 'resume-team' });
  return { json: { requested: 'resume-team' }, text: `The team goes on.${leaderNote(snapshot)}` };
}
