import { envelope, labelOfWindow, targetOf } from './address';
import { errors } from './errors';
import { MAX_MESSAGE_BYTES, MOTHER_WINDOW } from './limits';
import type { NewCommand } from './ports';
import type { SendInput, Sender } from './team';
import { cleanText } from './text';

/** Who can be written to: an agent's window and name; Mother is window 0. */
export interface Addressee {
  readonly window: number;
  readonly name: string;
}

/** What the producer adds: ids minted before the first send, so that a repeat is never a second message. */
export interface Mint {
  id(): string;
  /** ISO 8601. */
  timestamp(): string;
}

export interface ComposedMessage {
  /** The receiver's name for people: an agent's name, `mother` or `user`. */
  readonly to: string;
  readonly command: NewCommand;
}

const USER = 'user';

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
 * One queue command per receiver, from what a sender wants to say.
 * @param session the team's tmux session: the first half of each target
 * Throws TacoError message-empty, message-too-long, unknown-agent (with the known names).
 */
export function composeMessages(input: SendInput, addressees: readonly Addressee[], session: string, mint: Mint): readonly ComposedMessage[] {
  const text = cleanText(input.text).trimEnd();
  if (text.trim() === '') throw errors.messageEmpty();
  const from = labelOf(input.from);
  const type = input.type ?? 'tmux_message';
  const everyone = input.to.trim().toLowerCase() === 'all';
  return recipientsOf(input.to, addressees, input.from).map((recipient) => {
    const toUser = recipient === USER;
    const to = everyone ? 'ALL' : toUser ? 'USER' : labelOfWindow(recipient.window);
    const message = type === 'slash' ? text : envelope(from, to, text);
    const bytes = Buffer.byteLength(message);
    if (bytes > MAX_MESSAGE_BYTES) throw errors.messageTooLong(bytes, MAX_MESSAGE_BYTES);
    return {
      to: toUser ? USER : recipient.name,
      command: {
        id: mint.id(),
        type,
        target: toUser ? USER : targetOf(session, recipient.window),
        message,
        priority: input.priority ?? 'normal',
        timestamp: mint.timestamp(),
        sender: from,
        secret: input.from.kind === 'agent' ? input.from.secret : null,
      },
    };
  });
}

/** An agent's name (any case), its window, `AGENT-4`, `mother`, `user`, or `all`: every agent and Mother, less the sender. */
function recipientsOf(to: string, addressees: readonly Addressee[], from: Sender): readonly (Addressee | typeof USER)[] {
  const wanted = to.trim().toLowerCase();
  if (wanted === USER) return [USER];
  if (wanted === 'all') {
    const others = addressees.filter(({ window }) => !(from.kind === 'agent' && from.window === window));
    if (others.length === 0) throw errors.unknownAgent(to, []);
    return others;
  }
  const window = wanted === 'mother' ? MOTHER_WINDOW : Number(/^(?:agent-)?(\d+)$/.exec(wanted)?.[1] ?? NaN);
  const found = addressees.find((each) => each.name.toLowerCase() === wanted) ?? addressees.find((each) => each.window === window);
  if (!found) throw errors.unknownAgent(to, [...addressees.map(({ name }) => name), USER, 'all']);
  return [found];
}
