const HOUR = 60 * 60_000;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: HOUR, d: 24 * HOUR };

/**
 * Parses the start of a report: `22:00` (the last time at which clocks showed it), `8h`, `90m`, `2d`, or a date such as
 * `2026-11-30` or `2026-11-30T22:00`. Local time. Returns milliseconds since the epoch; null when it is invalid.
 * @param now milliseconds since the epoch
 */
export function sinceTime(text: string, now: number): number | null {
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (clock) {
    const [hour, minute] = [Number(clock[1]), Number(clock[2])];
    if (hour > 23 || minute > 59) return null;
    const today = new Date(now);
    today.setHours(hour, minute, 0, 0);
    if (today.getTime() > now) today.setDate(today.getDate() - 1);
    return today.getTime();
  }
  const span = /^(\d{1,5})\s?([mhd])$/.exec(text.trim());
  if (span) return now - Number(span[1]) * (UNITS[span[2] ?? ''] ?? 0);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text.trim())) return null;
  const at = Date.parse(text.trim().length === 10 ? `${text.trim()}T00:00` : text.trim());
  return Number.isNaN(at) || at > now ? null : at;
}
