import { errors } from '../../core/errors/errors';
import { recipientsOf } from '../../core/messages/recipients';
import { agentTable } from '../output/tables';
import type { CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { leaderNote, runningSnapshot, commandTeam, type RunningSnapshot } from '../runtime/openTeam';

export async function agents(context: CommandContext): Promise<CommandResult> {
  const snapshot = await runningSnapshot(await commandTeam(context));
  return {
    json: { agents: snapshot.agents },
    text: snapshot.agents.length === 0 ? 'No agents yet.' : agentTable(snapshot).join('\n'),
  };
}

/** Returns the window of the one agent that `to` names; throws for `user` and `all`. */
function windowOf(to: string, snapshot: RunningSnapshot): number {
  const roster = { tmuxSession: snapshot.session.tmux_session, agents: snapshot.agents };
  const found = /^(user|all)$/i.test(to) ? [] : recipientsOf(to, roster, null);
  const agent = snapshot.agents.find((one) => found[0]?.target.endsWith(`:${one.window}`));
  if (!agent)
    throw errors.unknownAgent(
      to,
      snapshot.agents.map((one) => one.name),
    );
  return agent.window;
}

export async function relaunch(context: CommandContext): Promise<CommandResult> {
  const team = await commandTeam(context);
  await team.assertAllowed('relaunch');
  const snapshot = await runningSnapshot(team);
  const window = windowOf(context.invocation.argument(0), snapshot);
  await team.request({ kind: 'relaunch', window });
  return {
    json: { requested: 'relaunch', window, leader: snapshot.leader },
    text: `Asked for a new start of window ${window}.${leaderNote(snapshot)}`,
  };
}
