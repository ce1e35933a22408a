import { oneLine } from '../base/truncate';
import type { Failure, Limit, LimitTexts } from './limit';
import { resetTimeIn } from './resetTime';

const MAX_LENGTH = 300;

/**
 * Returns the limit that a failed turn reports; null when it failed for another reason.
 * @param now milliseconds since the epoch
 * @param zone IANA name of the zone of times that name none
 */
export function readLimit(
  { text, code }: Failure,
  { rules, codes = {}, model }: LimitTexts,
  now: number,
  zone?: string,
): Limit | null {
  const line = text.replace(/\s+/g, ' ').trim();
  const kind =
    rules.find(({ pattern }) => pattern.test(line))?.kind ?? (Object.hasOwn(codes, code) ? codes[code] : undefined);
  if (kind === undefined) return null;
  const family = kind === 'usage-limit' ? model?.exec(line)?.[1]?.toLowerCase() : undefined;
  return {
    kind,
    text: oneLine(line || code, MAX_LENGTH),
    until: resetTimeIn(line, now, zone),
    ...(family === undefined ? {} : { model: family }),
  };
}
