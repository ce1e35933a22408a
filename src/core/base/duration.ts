import { english, type Translate } from './localizedText';

/**
 * Formats milliseconds as `5s`, `3m`, `2h 34m` or `4d`, in the largest useful unit. Negative values (clock skew) give
 * `0s`.
 */
export function duration(ms: number, say: Translate = english): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return say('{0}s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return say('{0}m', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? say('{0}h', hours) : say('{0}h {1}m', hours, minutes % 60);
  return say('{0}d', Math.floor(hours / 24));
}

/** Formats milliseconds since the epoch as local time, `12:34:56`. */
export function timeOfDay(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8);
}
