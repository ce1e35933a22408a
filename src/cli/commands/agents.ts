import { errors } from '../../core/errors';
import { recipientsOf } from '../../core/recipients';
import type { Snapshot } from '../../core/snapshot';
import { runningSnapshot, type CommandContext } from '../context';
import { agentTable } from '../format';
import type { Outcome } from '../io';
import { leaderNote } from './session';

export async function agents(context: CommandContext): Promise<Outcome> {
  const snapshot = await runningSnapshot(await context.team());
  return { json: { agents: snapshot.agents }, text: snapshot.agents.length === 0 ? 'No agents yet.' : agentTable(snapshot).join('\n') };
}

/** The window of the one agent that `to` names; `user` and `all` are none. */
function windowOf(to: string, snapshot: Snapshot & { session: NonNullable<Snapshot['session']> }): number {
  const roster = { tmuxSession: snapshot.session.tmux_session, agents: snapshot.agents };
  const found = /^(user|all)$/i.test(to) ? [] : recipientsOf(to, roster, null);
  const agent = snapshot.agents.find((one) => found[0]?.target.endsWith(`:${one.window}`));
  if (!agent) throw errors.unknownAgent(to, snapshot.agents.map((one) => one.name));
  return agent.window;
}

export async function relaunch(context: CommandContext): Promise<Outcome> {
  const team = await context.team();
  const snapshot = await runningSnapshot(team);
  const window = windowOf(context.invocation.argument(0), snapshot);
  await team.request({ kind: 'relaunch', window });
  return { json: { requested: 'relaunch', window, leader: snapshot.leader }, text: `Asked for a new start of window ${window}.${leaderNote(snapshot)}` };
}

/** `taco done`: only an agent has something to report. */
export async function done(context: CommandContext): Promise<Outcome> {
  const { sender } = context;
  if (sender.kind !== 'agent') throw errors.usage('Only an agent reports done, from its own window.', 'To end the session: `taco down`.');
  const team = await context.team();
  const snapshot = await runningSnapshot(team);
  await team.request({ kind: 'report-done', window: sender.window, text: context.invocation.rest(0) });
  return { json: { requested: 'report-done', window: sender.window, leader: snapshot.leader }, text: `Reported.${leaderNote(snapshot)}` };
}
