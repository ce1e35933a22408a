import { localizable } from '../base/localizedText';
import { TacoError } from './tacoError';

/** Failures of messages and their senders. */
export const messageErrors = {
  messageEmpty: () =>
    new TacoError(
      'message-empty',
      localizable`The message is empty.`,
      localizable`Pass a text, or \`-\` to read it from standard input.`,
    ),
  messageTooLong: (bytes: number, limit: number) =>
    new TacoError(
      'message-too-long',
      localizable`The message has ${bytes} bytes; the limit is ${limit}.`,
      localizable`Write it to a file and send the path.`,
    ),
  textTooLong: (what: string, length: number, limit: number) =>
    new TacoError(
      'message-too-long',
      localizable`The ${what} has ${length} characters; the limit is ${limit}.`,
      localizable`Write it to a file, and name the file.`,
    ),
  quotaExceeded: (what: string, limit: number) =>
    new TacoError(
      'quota-exceeded',
      localizable`Too many messages wait for ${what} (limit ${limit}).`,
      localizable`Wait until some are delivered, or raise the limit in the settings.`,
    ),
  requestsWait: (limit: number) =>
    new TacoError(
      'quota-exceeded',
      localizable`Too many requests wait for a leader (limit ${limit}).`,
      localizable`Lead the team (\`taco up\`, or open its folder in VS Code), then try again.`,
    ),
  fateUnknown: (id: string) =>
    new TacoError(
      'fate-unknown',
      localizable`Cannot send message ${id} again: TACO no longer knows whether it arrived.`,
      localizable`Check its receiver's terminal, and send it again if it is not there.`,
    ),
  senderRefused: (claimed: string) =>
    new TacoError(
      'sender-refused',
      localizable`This process is not allowed to send as ${claimed}.`,
      localizable`Agents can only send under the name they were launched with.`,
    ),
  typeRefused: (type: string, sender: string) =>
    new TacoError(
      'type-refused',
      localizable`${sender} is not allowed to send ${type} commands.`,
      localizable`Only the user can.`,
    ),
  userOnly: (what: string) =>
    new TacoError(
      'type-refused',
      localizable`An agent is not allowed to ask for ${what}.`,
      localizable`Only the user can.`,
    ),
  unknownCommandId: (id: string) =>
    new TacoError(
      'unknown-command-id',
      localizable`No message with the id ${id}.`,
      localizable`To list them, run \`taco messages\`.`,
    ),
  messageInFlight: (id: string) =>
    new TacoError(
      'message-in-flight',
      localizable`Cannot drop message ${id}: it is being typed, or the agent has it already.`,
      localizable`To see its state, run \`taco messages ${id}\`.`,
    ),
} as const;
