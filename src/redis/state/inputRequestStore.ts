import { randomUUID } from 'node:crypto';
import type { InputRequest, InputResponse } from '../../core/requests/inputRequest';
import type { Keys } from '../client/keys';
import { runScript, toHash, type RedisCaller } from '../client/redisCommands';
import { inputRequestScripts } from '../scripts/inputRequestScripts';

/** Seconds until an answer that no process fetches expires. */
const ANSWER_TTL_S = 60;

/** Open requests of a team: more than its agents have dialogs, unless one floods. */
const MAX_OPEN = 500;

/** Result for the process that asked: an answer, or the end of its request. Null while there is neither. */
export type RequestOutcome =
  { readonly kind: 'answer'; readonly answer: InputResponse } | { readonly kind: 'over' } | null;

/** Stores the agents' input requests to the user in Redis. Loads no zod, because `taco hook` waits here. */
export class InputRequestStore {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
  ) {}

  /** Idempotent. Does nothing while too many requests are open: the agent then asks in its own terminal. */
  async open(request: InputRequest): Promise<void> {
    await runScript(
      this.redis,
      inputRequestScripts.open,
      [this.keys.inputRequests],
      [request.id, JSON.stringify(request), request.window, this.keys.events, MAX_OPEN],
    );
  }

  /** Closes requests. Idempotent; an answer that was given before stays valid. */
  async end(window: number, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const keys = [this.keys.inputRequests, ...ids.map((id) => this.keys.answer(id))];
    await runScript(this.redis, inputRequestScripts.end, keys, [window, this.keys.events, ANSWER_TTL_S, ...ids]);
  }

  async isOpen(id: string): Promise<boolean> {
    return (await this.redis.call('HEXISTS', this.keys.inputRequests, id)) === 1;
  }

  /**
   * @param sender `USER`, or the label of an agent
   * @param secretHash hash of an agent's secret; empty for the user
   */
  async answer(
    id: string,
    window: number,
    answer: InputResponse,
    sender: string,
    secretHash: string,
    now: number,
  ): Promise<'ok' | 'gone' | 'sender'> {
    const { keys } = this;
    const args = [id, JSON.stringify(answer), sender, secretHash, keys.events, ANSWER_TTL_S, now, window, randomUUID()];
    return (await runScript(
      this.redis,
      inputRequestScripts.answer,
      [keys.inputRequests, keys.answer(id), keys.senders, keys.activity, keys.answered(id)],
      args,
    )) as 'ok' | 'gone' | 'sender';
  }

  /**
   * Waits up to `seconds` (0: not at all) for the answer, which only one reader gets. Blocks the caller's connection
   * for that time.
   */
  async word(id: string, seconds: number): Promise<RequestOutcome> {
    const key = this.keys.answer(id);
    const reply = seconds > 0 ? await this.redis.call('BLPOP', key, seconds) : await this.redis.call('LPOP', key);
    const text: unknown = Array.isArray(reply) ? (reply as unknown[])[1] : reply;
    if (typeof text !== 'string') return null;
    return text === '' ? { kind: 'over' } : { kind: 'answer', answer: JSON.parse(text) as InputResponse };
  }

  /** Records that the process that asked has acted on the answer, or the `problem` that prevented it. */
  async confirm(id: string, problem = ''): Promise<void> {
    await this.redis.call('HSET', this.keys.answered(id), 'result', problem);
    await this.redis.call('EXPIRE', this.keys.answered(id), ANSWER_TTL_S);
  }

  /** Returns null before the confirmation, an empty text for success, else the problem. */
  async confirmation(id: string): Promise<string | null> {
    return (await this.redis.call('HGET', this.keys.answered(id), 'result')) as string | null;
  }

  /** Returns whether the agent of this window has an open request. */
  async hasOpen(window: number): Promise<boolean> {
    return (await this.raw()).some((text) => (JSON.parse(text) as Partial<InputRequest>).window === window);
  }

  /** Returns the open requests as stored; the caller must validate them. */
  async raw(): Promise<readonly string[]> {
    return Object.values(toHash(await this.redis.call('HGETALL', this.keys.inputRequests)));
  }
}
