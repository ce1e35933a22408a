import { timeOfDay } from '../../core/base/duration';
import { errors } from '../../core/errors/errors';
import { FINAL_STATES } from '../../core/messages/messageState';
import { recipientsOf } from '../../core/messages/recipients';
import type { MessageView } from '../../core/team/snapshot';
import { messageTable, stateText } from '../output/tables';
import type { CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { runningSnapshot, commandTeam, type RunningSnapshot } from '../runtime/openTeam';

function concerns(message: MessageView, agent: string, snapshot: RunningSnapshot): boolean {
  const roster = { tmuxSession: snapshot.session.tmux_session, agents: snapshot.agents };
  return recipientsOf(agent, roster, null).some((one) => message.target === one.target || message.sender === one.label);
}

function historyText(message: MessageView): string {
  return [
    `${message.id}  ${message.type}  ${message.sender} → ${message.target}  priority ${message.priority}`,
    ...message.history.map(
      (step) => `  ${timeOfDay(step.at)}  ${step.state}${step.reason === '' ? '' : ` (${step.reason})`}`,
    ),
    `  now ${stateText(message)}, ${message.attempts} failed attempts`,
    '',
    message.message,
  ].join('\n');
}

/** `taco messages [ID]`. Throws TacoError no-session, unknown-command-id, unknown-agent. */
export async function messages(context: CommandContext): Promise<CommandResult> {
  const { invocation } = context;
  const team = await commandTeam(context);
  const id = invocation.argument(0);
  if (id !== '') {
    const message = await team.message(id);
    if (message === null) throw errors.unknownCommandId(id);
    return { json: message, text: historyText(message) };
  }
  const snapshot = await runningSnapshot(team);
  const state = invocation.text('state');
  const agent = invocation.text('agent');
  const found = snapshot.messages.filter(
    (message) =>
      (state === undefined || (state === 'open' ? !FINAL_STATES.includes(message.state) : message.state === state)) &&
      (agent === undefined || concerns(message, agent, snapshot)),
  );
  return {
    json: { messages: found },
    text: found.length === 0 ? 'No such messages.' : messageTable(found, snapshot.at).join('\n'),
  };
}
