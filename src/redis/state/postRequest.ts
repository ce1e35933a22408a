import { randomUUID } from 'node:crypto';
import { MAX_REQUEST_BYTES } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { assertRequestFits } from '../../core/team/requestLimits';
import type { Keys } from '../client/keys';
import { runScript, defineScript, type RedisCaller } from '../client/redisCommands';
import requestLua from '../scripts/controlRequest.lua';
import lib from '../scripts/lib.lua';

const request = defineScript('request', lib, requestLua);
const NONCE_SECONDS = 600;
/** Requests that wait for a leader: far more than users make, and little enough to be read at once. */
const MAX_WAITING = 1000;

/**
 * Posts a request to the leader, or to a host when given its keys. Loads no zod, so that `taco done` starts fast.
 * Throws TacoError message-too-long, quota-exceeded.
 */
export async function postRequest(
  redis: RedisCaller,
  keys: Keys,
  asked: object,
  now: number = Date.now(),
): Promise<void> {
  const text = JSON.stringify(asked);
  assertRequestFits(asked, text);
  const result = await runScript(
    redis,
    request,
    [keys.requests, keys.dedupe(`request-${randomUUID()}`)],
    [text, now, keys.events, NONCE_SECONDS, MAX_WAITING, MAX_REQUEST_BYTES],
  );
  if (result === 'too-long') throw errors.messageTooLong(Buffer.byteLength(text), MAX_REQUEST_BYTES);
  if (result === 'full') throw errors.requestsWait(MAX_WAITING);
}
