/** Limits of the texts in requests. This module does not load zod, so that `taco done` starts fast. */
import { fits, lengthOf, MAX_PLAN_LENGTH, MAX_REQUEST_BYTES, MAX_TASK_LENGTH } from '../base/limits';
import { errors } from '../errors/errors';

const LIMITS: readonly (readonly [kind: string, field: string, name: string, limit: number])[] = [
  ['start', 'goal', 'goal', MAX_TASK_LENGTH],
  ['start', 'plan', 'plan', MAX_PLAN_LENGTH],
  ['reject', 'note', 'note', MAX_TASK_LENGTH],
  ['submit-plan', 'text', 'plan', MAX_PLAN_LENGTH],
  ['report-done', 'text', 'report', MAX_TASK_LENGTH],
];

/**
 * Throws TacoError message-too-long for a request that its reader would drop: each text has a limit, in characters,
 * and so has the whole, in bytes. The schema of requests (`redis/decode/schemas.ts`) has the same limits.
 * @param request a control request, or the order to a host
 * @param json the request as it is sent
 */
export function assertRequestFits(request: object, json: string): void {
  const fields = request as Readonly<Record<string, unknown>>;
  for (const [kind, field, name, limit] of LIMITS) {
    const text = fields['kind'] === kind ? fields[field] : undefined;
    if (typeof text === 'string' && !fits(text, limit)) throw errors.textTooLong(name, lengthOf(text), limit);
  }
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_REQUEST_BYTES) throw errors.messageTooLong(bytes, MAX_REQUEST_BYTES);
}
