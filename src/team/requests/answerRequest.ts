import type { Clock } from '../../core/base/clock';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { labelOfWindow } from '../../core/messages/address';
import type { Sender } from '../../core/messages/newCommand';
import { inputResponseSchema, type InputResponse } from '../../core/requests/inputRequest';
import type { Keys } from '../../redis/client/keys';
import type { RedisCaller } from '../../redis/client/redisCommands';
import { hashSecret } from '../../redis/queue/commandProducer';
import { InputRequestStore } from '../../redis/state/inputRequestStore';
import { parseInputRequests } from '../../redis/state/readSnapshot';

/** The agent's hook or the leader acts on an answer within this, or is not running any more, milliseconds. */
const TAKEN_WITHIN_MS = 12_000;
const POLL_INTERVAL_MS = 40;

export interface AnswerContext {
  readonly redis: RedisCaller;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Answers an open request and waits until the agent's hook, or the leader at its dialog, has acted on it. Throws as
 * `TeamClient.answer`.
 */
export async function answerRequest(
  { redis, keys, clock, log }: AnswerContext,
  id: string,
  answer: InputResponse,
  from: Sender,
): Promise<void> {
  const store = new InputRequestStore(redis, keys);
  const checked = inputResponseSchema.safeParse(answer);
  if (!checked.success) throw errors.answerRefused('it is no answer');
  const sender = from.kind === 'user' ? 'USER' : from.kind === 'taco' ? 'TACO' : labelOfWindow(from.window);
  const request = parseInputRequests(await store.raw(), log).find((each) => each.id === id);
  const result = await store.answer(
    id,
    request?.window ?? 0,
    checked.data,
    sender,
    from.kind === 'agent' ? hashSecret(from.secret) : '',
    clock.now(),
  );
  if (result === 'sender') throw errors.senderRefused('the user');
  if (result === 'gone') throw errors.requestGone();
  for (const until = clock.now() + TAKEN_WITHIN_MS; clock.now() < until; await clock.sleep(POLL_INTERVAL_MS)) {
    const problem = await store.confirmation(id);
    if (problem === '') return;
    if (problem !== null) throw errors.answerRefused(problem);
  }
  throw errors.requestGone();
}
