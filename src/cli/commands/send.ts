/** `taco send`, on the light path, since an agent waits for it. Loads neither zod nor ioredis. */
import { MAX_MESSAGE_BYTES } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { isTacoError, type TacoError } from '../../core/errors/tacoError';
import { labelOfWindow, windowOfTarget } from '../../core/messages/address';
import type { MessageState } from '../../core/messages/messageState';
import type { Roster } from '../../core/messages/recipients';
import type { CommandType, Priority, When } from '../../core/models';
import type { SentMessage } from '../../core/team/teamClient';
import { Keys } from '../../redis/client/keys';
import type { LightRedis } from '../../redis/client/lightClient';
import { CommandSpool } from '../../redis/offline/commandSpool';
import { RosterCache } from '../../redis/offline/rosterCache';
import { RedisCommandProducer } from '../../redis/queue/commandProducer';
import { sendMessages } from '../../team/messages/sendMessages';
import { isEndWithoutReceipt, waitForMessage, type MessageProgress } from '../../team/messages/waitForMessage';
import type { CommandContext } from '../runtime/commandContext';
import type { ProjectPlace } from '../runtime/findProject';
import { readAll, type CommandResult } from '../runtime/io';
import { connectRedis, runningSession, rosterFromRedis } from '../runtime/lightRedis';

const DEFAULT_WAIT_SECONDS = 60;
const POLL_MS = 50;
/** Large enough to report the length of a text that is too long, bytes. */
const MAX_STDIN_BYTES = 64 * 1024 * 1024;

interface Sent extends SentMessage {
  readonly state: MessageState;
  readonly reason: string;
  /** Of an interrupt: what it does not stop, as last reported; absent: nothing is known to go on. */
  readonly background?: readonly string[];
}

/**
 * Connects to the project's Redis, or returns why it is unreachable. Throws errors that waiting does not fix (a
 * refused password).
 */
async function connect(
  context: CommandContext,
  place: ProjectPlace,
): Promise<{ client: LightRedis | null; why: TacoError | null }> {
  try {
    return { client: await connectRedis(context, place), why: null };
  } catch (error) {
    if (!isTacoError(error, 'redis-unreachable')) throw error;
    return { client: null, why: error };
  }
}

/** Returns the roster from Redis; while Redis is unreachable, the cached one of the last send by any process. */
function rosterOf(place: ProjectPlace, client: LightRedis | null, why: TacoError | null): Promise<Roster> {
  return new RosterCache(place.paths.projectDir(place.id)).getOrCached(async () => {
    if (!client) throw why ?? errors.noSession(place.dir);
    const keys = new Keys(place.id);
    return rosterFromRedis(client, keys, await runningSession(client, keys.session, place.dir));
  });
}

async function textOf(context: CommandContext): Promise<string> {
  const given = context.invocation.rest(1);
  if (given !== '-') return given;
  const input = await readAll(context.io.stdin, MAX_STDIN_BYTES);
  if (input === null) throw errors.messageTooLong(MAX_STDIN_BYTES, MAX_MESSAGE_BYTES);
  return input.toString('utf8').replace(/\r?\n$/, '');
}

function typeOf(context: CommandContext): CommandType {
  const slash = context.invocation.flag('slash');
  if (slash && context.invocation.flag('interrupt'))
    throw errors.usage('--slash and --interrupt exclude each other.', 'Send the interrupt first.');
  return slash ? 'slash' : context.invocation.flag('interrupt') ? 'tmux_interrupt' : 'tmux_message';
}

/** Throws TacoError usage for a command whose type decides by itself. */
function whenOf({ invocation }: CommandContext, type: CommandType): { readonly when?: When } {
  const when = invocation.text('when');
  if (when === undefined) return {};
  if (type === 'tmux_message') return { when: when as When };
  const option = type === 'slash' ? '--slash' : '--interrupt';
  throw errors.usage(
    `${option} and --when exclude each other.`,
    'A slash command waits until the agent is idle; an interrupt comes at once.',
  );
}

/** Follows one message until it is `wanted`, or can never be. Throws TacoError timeout. */
async function follow(
  client: LightRedis,
  keys: Keys,
  sent: Sent,
  wanted: 'delivered' | 'received',
  seconds: number,
): Promise<Sent> {
  const now = await waitForMessage({
    wanted,
    timeoutMs: seconds * 1000,
    name: `${sent.id} to ${sent.to}`,
    read: () => progressOf(client, keys.command(sent.id)),
    pause: (maxMs) => new Promise((resolve) => setTimeout(resolve, Math.min(POLL_MS, maxMs))),
  });
  const isShort = wanted === 'received' && isEndWithoutReceipt(now);
  return { ...sent, state: now.state, reason: isShort ? 'this agent’s CLI gives no receipts' : now.reason };
}

async function progressOf(client: LightRedis, key: string): Promise<MessageProgress> {
  const [state, reason, ended] = (await client.call('HMGET', key, 'state', 'reason', 'ended')) as (string | null)[];
  return {
    state: (state ?? 'queued') as MessageState,
    reason: reason ?? '',
    endedAt: ended ? Number(ended) : undefined,
  };
}

function describeResult(sent: Sent): string {
  if (sent.spooled) return `Redis is away: ${sent.id} to ${sent.to} is kept on disk and sent when it is back.`;
  const goesOn = sent.background ? `\nIt does not stop, in the background: ${sent.background.join(', ')}` : '';
  return `${sent.id} to ${sent.to}: ${sent.state}${sent.reason === '' ? '' : ` (${sent.reason})`}${goesOn}`;
}

/** Returns the background work of an interrupt's receiver. */
async function goesOnBeside(client: LightRedis, keys: Keys, { target }: Sent): Promise<Pick<Sent, 'background'>> {
  const window = windowOfTarget(target);
  const background = window === null ? null : await client.call('HGET', keys.agent(window), 'background');
  return typeof background === 'string' && background !== '' ? { background: background.split('\n') } : {};
}

/** Sends. With `--wait`, exit code 0 means that every message reached the state, and 1 that one did not. */
export async function send(context: CommandContext): Promise<CommandResult> {
  const { invocation } = context;
  const place = context.project();
  const type = typeOf(context);
  const text = await textOf(context);
  if (text.trim() === '') throw errors.messageEmpty();
  const from = context.sender;
  if (type === 'slash' && from.kind === 'agent') throw errors.typeRefused(type, labelOfWindow(from.window));
  const wanted = invocation.text('wait') as 'delivered' | 'received' | undefined;
  const seconds = invocation.number('timeout') ?? DEFAULT_WAIT_SECONDS;

  const { client, why } = await connect(context, place);
  const keys = new Keys(place.id);
  const messages = await sendMessages(
    {
      from,
      to: invocation.argument(0),
      text,
      type,
      priority: (invocation.text('priority') ?? 'normal') as Priority,
      ...whenOf(context, type),
    },
    {
      producer: client && new RedisCommandProducer(client, keys),
      spool: new CommandSpool(place.paths.spoolDir(place.id)),
      roster: await rosterOf(place, client, why),
    },
  );
  const queued = messages.map((each): Sent => ({ ...each, state: 'queued', reason: '' }));
  const sent =
    type === 'tmux_interrupt' && client
      ? await Promise.all(queued.map(async (one) => ({ ...one, ...(await goesOnBeside(client, keys, one)) })))
      : queued;
  // Does not wait for spooled messages: the time of Redis's return is unknown.
  const ended =
    wanted && client
      ? await Promise.all(sent.map(async (one) => (one.spooled ? one : follow(client, keys, one, wanted, seconds))))
      : sent;
  const reached = (one: Sent) => !one.spooled && (one.state === 'received' || one.state === wanted);
  return {
    json: { messages: ended },
    text: ended.map(describeResult).join('\n'),
    exitCode: wanted && !ended.every(reached) ? 1 : 0,
  };
}
