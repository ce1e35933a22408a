import type { Substitute } from '../models';

/** A possible means of an agent: null is what its plan says. */
export type Choice = Substitute | null;

/**
 * Returns what a limited agent uses next: what its plan says, or else the first of its fallbacks, whose account has no
 * limit; undefined when all are limited, or there are none.
 * @param isFree whether the account behind a choice has no limit; false also for the one in use
 */
export function chooseFallback(
  fallbacks: readonly Substitute[],
  isFree: (choice: Choice) => boolean,
): Choice | undefined {
  return [null, ...fallbacks].find(isFree);
}
