import { errors } from '../../core/errors/errors';
import { isStuck, canDrop } from '../../core/messages/messageState';
import { messageTable } from '../output/tables';
import { requireUser, type CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { runningSnapshot, commandTeam } from '../runtime/openTeam';

export async function deadList(context: CommandContext): Promise<CommandResult> {
  const snapshot = await runningSnapshot(await commandTeam(context));
  const found = snapshot.messages.filter(isStuck).sort((a, b) => a.enqueuedAt - b.enqueuedAt);
  return {
    json: { messages: found },
    text: found.length === 0 ? 'No dead messages.' : messageTable(found, snapshot.at).join('\n'),
  };
}

async function act(context: CommandContext, what: 'retry' | 'drop'): Promise<CommandResult> {
  requireUser(context, `the ${what} of a message`, 'or-mother');
  const id = context.invocation.argument(0);
  const team = await commandTeam(context);
  await team.assertAllowed('record');
  const message = await team.message(id);
  if (message === null) throw errors.unknownCommandId(id);
  if (what === 'retry' && !isStuck(message)) {
    throw errors.usage(
      `${id} is ${message.state}, neither dead nor uncertain.`,
      'List those that are: `taco dead list`.',
    );
  }
  if (what === 'drop' && message.state !== 'dropped' && !canDrop(message.state)) throw errors.messageInFlight(id);
  await team[what](id);
  return { json: { id, done: what }, text: what === 'retry' ? `${id} is queued again.` : `${id} is dropped.` };
}

export const deadRetry = (context: CommandContext): Promise<CommandResult> => act(context, 'retry');
export const deadDrop = (context: CommandContext): Promise<CommandResult> => act(context, 'drop');
