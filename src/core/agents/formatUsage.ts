/** Formats costs for users. Separate from `usage.ts`, so that a view does not load zod. */
import { english, type Translate } from '../base/localizedText';
import type { Usage } from './usage';

/**
 * Returns `≈ $1.23, 1.2M in, 34k out`; empty when nothing was used.
 * @param budget US dollars; with it `≈ $1.23 of $5.00, 1.2M in, 34k out`. 0: no budget
 */
export function formatUsage(
  { input, output, cacheRead, cacheWrite, cost, guessed }: Usage,
  budget = 0,
  say: Translate = english,
): string {
  if (input + output + cacheRead + cacheWrite === 0) return '';
  const dollarText = guessed ? say('max {0}', dollars(cost)) : dollars(cost);
  const money = budget > 0 ? say('{0} of {1}', dollarText, dollars(budget)) : dollarText;
  return `≈ ${say('{0}, {1} in, {2} out', money, short(input + cacheRead + cacheWrite), short(output))}`;
}

export function dollars(value: number): string {
  return `$${value > 0 && value < 0.005 ? value.toFixed(4) : value.toFixed(2)}`;
}

function short(count: number): string {
  if (count < 1000) return String(count);
  return count < 1e6 ? `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)}k` : `${(count / 1e6).toFixed(1)}M`;
}
