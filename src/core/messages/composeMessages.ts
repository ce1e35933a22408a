import { MAX_MESSAGE_BYTES } from '../base/limits';
import { cleanText } from '../base/sanitizeText';
import { errors } from '../errors/errors';
import { envelope, labelOfWindow } from './address';
import type { NewCommand, SendInput, Sender } from './newCommand';
import { recipientsOf, type Roster } from './recipients';

/**
 * Sources of ids and timestamps. The producer creates an id before the first send, so that a repeat is never a second
 * message.
 */
export interface Mint {
  id(): string;
  /** ISO 8601. */
  timestamp(): string;
}

export interface ComposedMessage {
  /** The receiver's name for users: an agent's name, `mother` or `user`. */
  readonly to: string;
  readonly command: NewCommand;
}

function labelOf(from: Sender): string {
  switch (from.kind) {
    case 'user':
      return 'USER';
    case 'taco':
      return 'TACO';
    case 'agent':
      return labelOfWindow(from.window);
  }
}

/**
 * Creates one queue command per receiver of the sender's text. Throws TacoError message-empty, message-too-long,
 * unknown-agent (with the known names).
 */
export function composeMessages(input: SendInput, roster: Roster, mint: Mint): readonly ComposedMessage[] {
  const text = cleanText(input.text).trimEnd();
  if (text.trim() === '') throw errors.messageEmpty();
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MESSAGE_BYTES) throw errors.messageTooLong(bytes, MAX_MESSAGE_BYTES);
  const sender = labelOf(input.from);
  const type = input.type ?? 'tmux_message';
  return recipientsOf(input.to, roster, input.from.kind === 'agent' ? input.from.window : null).map(
    ({ name, target, label }) => {
      // A slash command is typed unchanged; all other messages get an envelope.
      const message = type === 'slash' ? text : envelope(sender, label, text);
      return {
        to: name,
        command: {
          id: input.id ?? mint.id(),
          type,
          target,
          message,
          sender,
          priority: input.priority ?? 'normal',
          ...(input.when === undefined ? {} : { when: input.when }),
          timestamp: mint.timestamp(),
          secret: input.from.kind === 'agent' ? input.from.secret : null,
        },
      };
    },
  );
}
