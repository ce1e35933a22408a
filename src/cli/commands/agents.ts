import { agentTable } from '../output/tables';
import { requireUser, type CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { agentNamed, leaderNote, runningSnapshot, commandTeam } from '../runtime/openTeam';

export async function agents(context: CommandContext): Promise<CommandResult> {
  const snapshot = await runningSnapshot(await commandTeam(context));
  return {
    json: { agents: snapshot.agents },
    text: snapshot.agents.length === 0 ? 'No agents yet.' : agentTable(snapshot).join('\n'),
  };
}

/** `taco relaunch AGENT`. Throws TacoError type-refused for an agent other than Mother. */
export async function relaunch(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'a relaunch', 'or-mother');
  const team = await commandTeam(context);
  await team.assertAllowed('relaunch');
  const snapshot = await runningSnapshot(team);
  const { window } = agentNamed(context.invocation.argument(0), snapshot);
  await team.request({ kind: 'relaunch', window });
  return {
    json: { requested: 'relaunch', window, leader: snapshot.leader },
    text: `Asked for a new start of window ${window}.${leaderNote(snapshot)}`,
  };
}
