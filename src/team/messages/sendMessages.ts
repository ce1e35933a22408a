import { errors } from '../../core/errors/errors';
import { composeMessages } from '../../core/messages/composeMessages';
import { newCommandId, type SendInput } from '../../core/messages/newCommand';
import type { Roster } from '../../core/messages/recipients';
import type { CommandProducer } from '../../core/team/ports';
import type { SentMessage } from '../../core/team/teamClient';
import { enqueueOrSpool, type CommandSpool } from '../../redis/offline/commandSpool';

/** Destination of a project's messages. */
export interface SendTarget {
  /** Null while there is no connection to Redis. */
  readonly producer: CommandProducer | null;
  readonly spool: CommandSpool;
  readonly roster: Roster;
}

/**
 * Sends a text to its receivers, one message each. While Redis is unreachable the messages wait in the spool. Every
 * front end sends by this function; it loads neither zod nor ioredis. Throws TacoError unknown-agent, message-empty,
 * message-too-long, quota-exceeded, sender-refused, type-refused.
 */
export async function sendMessages(
  input: SendInput,
  { producer, spool, roster }: SendTarget,
): Promise<readonly SentMessage[]> {
  const composed = composeMessages(input, roster, { id: newCommandId, timestamp: () => new Date().toISOString() });
  if (composed.length === 0) throw errors.unknownAgent(input.to, []);
  const withoutPane = composed.find(({ command }) => command.target === 'user' && command.type !== 'tmux_message');
  if (withoutPane) throw errors.typeRefused(`${withoutPane.command.type} to the user`, 'Nobody');
  const sent: SentMessage[] = [];
  for (const { to, command } of composed) {
    const { spooled } = await enqueueOrSpool(producer, spool, command);
    sent.push({ id: command.id, to, target: command.target, spooled });
  }
  return sent;
}
