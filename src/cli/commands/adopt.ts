import { MONITOR_WINDOW } from '../../core/base/limits';
import { oneLine } from '../../core/base/truncate';
import { errors } from '../../core/errors/errors';
import { awaitAdoption } from '../../team/requests/awaitAdoption';
import { listUnmanagedPanes } from '../../tmux/session/unmanagedPanes';
import { columnsOf } from '../output/terminalText';
import { requireUser, type CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { leaderNote, runningSnapshot, commandTeam } from '../runtime/openTeam';

export async function adopt(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'an adoption');
  const { invocation, io } = context;
  const team = await commandTeam(context);
  const before = await runningSnapshot(team);
  const pane = invocation.argument(0);
  if (pane === '') {
    const known = new Set(before.agents.filter(({ host }) => !host).map((agent) => agent.pane));
    const panes = (
      await listUnmanagedPanes(
        { tmuxCommand: 'tmux', socket: before.session.tmux_socket || context.project().socket, env: io.env },
        known,
      )
    ).filter(({ window, session }) => window > MONITOR_WINDOW || session !== before.session.tmux_session);
    const rows = panes.map((each) => [
      each.pane,
      oneLine(each.command),
      `${oneLine(each.session)}:${each.window}`,
      oneLine(each.path),
    ]);
    return {
      json: { panes },
      text:
        rows.length === 0
          ? 'No pane that could be adopted.'
          : columnsOf([['PANE', 'PROGRAM', 'WINDOW', 'FOLDER'], ...rows]).join('\n'),
    };
  }
  await team.assertAllowed('adopt');
  const [name, profile, conversation] = (['as', 'profile', 'conversation'] as const).map((option) =>
    invocation.text(option),
  );
  if (!/^%\d{1,9}$/.test(pane))
    throw errors.usage(`Invalid tmux pane "${pane}".`, 'Pane ids look like %12: `taco adopt` lists them.');
  if (!name) throw errors.usage('The agent has no name yet.', 'Give it one: --as NAME');
  const owner = before.agents.find((agent) => !agent.host && agent.pane === pane);
  if (owner) throw errors.adoptRefused(pane, `it is the pane of ${owner.name}`);
  await team.request({
    kind: 'adopt',
    pane,
    name,
    ...(profile ? { profile } : {}),
    ...(conversation ? { conversation } : {}),
  });
  if (before.leader === null)
    return {
      json: { requested: 'adopt', pane, leader: null },
      text: `Asked for the adoption of ${pane}.${leaderNote(before)}`,
    };
  const agent = await awaitAdoption(team, pane, before.at);
  return { json: { adopted: agent }, text: `${agent.name} is the agent of window ${agent.window} now.` };
}
