import { instantsOf, parseZone, plusDays, wallTimeAt, weekdayOf, type WallTime, type Zone } from './zonedTime';

/** Words before the time of a reset. What follows them is read. */
const ANCHOR =
  /\b(?:resets?(?: on| at| in| after)?|try(?:ing)? again|regain access|retry(?:ing)?(?: again)?|please wait|continuing automatically|resume(?: using this model)?|available(?: again)?)\b[:\s]*(?:for |again )?(?:on |at |in |after |by )?/gi;
/** A clock time that passed so recently has just come, milliseconds: the next one would be a whole day away. */
const JUST_PASSED = 15 * 60_000;
/** A reset later than that is no reset, milliseconds. */
const LATEST = 400 * 24 * 60 * 60_000;

const UNITS: readonly (readonly [name: RegExp, ms: number])[] = [
  [/^ms|^milli/i, 1],
  [/^d/i, 24 * 60 * 60_000],
  [/^h/i, 60 * 60_000],
  [/^m/i, 60_000],
  [/^s/i, 1000],
  [/^w/i, 7 * 24 * 60 * 60_000],
];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const AMOUNT = String.raw`(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|milliseconds?|ms|m|seconds?|secs?|s)\b`;
/** `5 days 22 hours 11 minutes`, `12h22m44s`, `2h 13m`, `1.471s`. */
const RELATIVE = new RegExp(String.raw`^(?:about )?${AMOUNT.replace(String.raw`\b`, String.raw`(?![a-z])`)}`, 'i');
const NEXT_AMOUNT = new RegExp(
  String.raw`^(?:,? ?(?:and )?)${AMOUNT.replace(String.raw`\b`, String.raw`(?![a-z])`)}`,
  'i',
);
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:(?:T| at | )(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*/;
const DATE = /^([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?(?:,? at |, | |$|(?=[.(]))/i;
const WEEKDAY = /^(sun|mon|tue|wed|thu|fri|sat)[a-z]*\b,? ?(?:at )?/i;
const CLOCK = /^(\d{1,2})(?::(\d{2}))?(?::\d{2})?(?:\s?([ap])\.?m\b\.?)?/i;
const ZONE =
  /^\s*(?:\(([^)]{1,40})\)|((?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|[A-Z][A-Za-z]+\/[A-Za-z0-9_+/-]+|UTC|GMT|Z|[A-Z]{2,3}[SD]T|[ECMP][SD]?T)\b)/;

/**
 * Returns the time at which a limit ends by the text that a CLI shows, milliseconds since the epoch; null when it names
 * no time that can be read. A time without a date is the next such time in its zone; one without a zone is in `zone`.
 * A time that has just passed is returned as it is.
 * @param now milliseconds since the epoch
 * @param zone IANA name; the machine's when absent
 */
export function resetTimeIn(text: string, now: number, zone?: string): number | null {
  const line = text.replace(/[\s\u00a0\u202f]+/g, ' ').trim();
  const at = machineTime(line, now) ?? spokenTime(line, now, zone ?? machineZone());
  return at === null || at > now + LATEST || at < now - LATEST ? null : at;
}

function machineZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Reads times that programs write: `…|1755806400`, `"resets_at":1777936568`, `"retryDelay":"51820.6s"`. */
function machineTime(line: string, now: number): number | null {
  const epoch = /(?:\||"?resets?_?at"?\s*[:=]\s*)(\d{10})(\d{3})?\b/i.exec(line);
  if (epoch) return Number(epoch[1]) * 1000 + Number(epoch[2] ?? 0);
  const seconds = /"?(?:resets_in_seconds|retry_?delay|retry[-_]after)"?\s*[:=]\s*"?(\d+(?:\.\d+)?)s?\b/i.exec(line);
  return seconds ? now + Math.round(Number(seconds[1]) * 1000) : null;
}

function spokenTime(line: string, now: number, zone: Zone): number | null {
  for (const anchor of line.matchAll(ANCHOR)) {
    const rest = line.slice(anchor.index + anchor[0].length);
    const at = relativeTime(rest, now) ?? absoluteTime(rest, now, zone);
    if (at !== null) return at;
  }
  return null;
}

function relativeTime(rest: string, now: number): number | null {
  if (/^less than a minute/i.test(rest)) return now + 60_000;
  let match = RELATIVE.exec(rest);
  if (!match) return null;
  let left = rest;
  let ms = 0;
  while (match) {
    const [whole, amount, unit = ''] = match;
    ms += Number(amount) * (UNITS.find(([name]) => name.test(unit))?.[1] ?? 0);
    left = left.slice(whole.length);
    match = NEXT_AMOUNT.exec(left);
  }
  return now + Math.round(ms);
}

interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly rest: string;
}

function absoluteTime(rest: string, now: number, local: Zone): number | null {
  const iso = ISO.exec(rest);
  const [, year, month, day, hour = '0', minute = '0'] = iso ?? [];
  if (iso)
    return onDate(
      { year: Number(year), month: Number(month), day: Number(day), hour: Number(hour), minute: Number(minute) },
      zoneOf(rest.slice(iso[0].length), local),
    );
  const date = DATE.exec(rest);
  const monthIndex = MONTHS.indexOf(date?.[1]?.toLowerCase() ?? '');
  if (date && monthIndex >= 0) {
    const clock = clockOf(rest.slice(date[0].length)) ?? { hour: 0, minute: 0, rest: rest.slice(date[0].length) };
    const zone = zoneOf(clock.rest, local);
    if (zone === null) return null;
    const wall = { month: monthIndex + 1, day: Number(date[2]), hour: clock.hour, minute: clock.minute };
    if (date[3] !== undefined) return onDate({ ...wall, year: Number(date[3]) }, zone);
    const { year: thisYear } = wallTimeAt(now, zone);
    // A date without a year is the next one; a reset of yesterday may still be on the screen.
    const years = [thisYear - 1, thisYear, thisYear + 1].flatMap((each) => onDate({ ...wall, year: each }, zone) ?? []);
    return years.find((at) => at >= now - 24 * 60 * 60_000) ?? null;
  }
  const weekday = WEEKDAY.exec(rest);
  const clock = clockOf(weekday ? rest.slice(weekday[0].length) : rest);
  if (!clock && !weekday) return null;
  return nextTime(
    clock ?? { hour: 0, minute: 0, rest: rest.slice(weekday?.[0].length ?? 0) },
    WEEKDAYS.indexOf(weekday?.[1]?.toLowerCase() ?? ''),
    now,
    local,
  );
}

/** Returns the next time at which clocks show this, on that day of the week (-1: on any). */
function nextTime(clock: Clock, weekday: number, now: number, local: Zone): number | null {
  const zone = zoneOf(clock.rest, local);
  if (zone === null) return null;
  const today = { ...wallTimeAt(now, zone), hour: clock.hour, minute: clock.minute };
  const isTomorrow = /^[^.]{0,20}\btomorrow\b/i.test(clock.rest);
  const days = isTomorrow ? [1] : [-1, 0, 1, 2, 3, 4, 5, 6, 7];
  const instants = days
    .map((each) => plusDays(today, each))
    .filter((wall) => weekday < 0 || weekdayOf(wall) === weekday)
    .flatMap((wall) => instantsOf(wall, zone));
  return instants.find((at) => at >= now - JUST_PASSED) ?? null;
}

function onDate(wall: WallTime, zone: Zone | null): number | null {
  const isDate = wall.month >= 1 && wall.month <= 12 && wall.day >= 1 && wall.day <= 31;
  return zone === null || !isDate || wall.hour > 24 || wall.minute > 59 ? null : (instantsOf(wall, zone)[0] ?? null);
}

/** Reads `3pm`, `3:45pm`, `10:57 PM`, `15:30`; a bare number without `am` or `pm` is no time. */
function clockOf(rest: string): Clock | null {
  const match = CLOCK.exec(rest);
  if (!match) return null;
  const [whole, hours, minutes, half] = match;
  const hour = Number(hours);
  const minute = Number(minutes ?? 0);
  if ((half === undefined && minutes === undefined) || minute > 59) return null;
  if (half === undefined ? hour > 23 : hour < 1 || hour > 12) return null;
  const isAfternoon = half?.toLowerCase() === 'p';
  return {
    hour: half === undefined ? hour : (hour % 12) + (isAfternoon ? 12 : 0),
    minute,
    rest: rest.slice(whole.length),
  };
}

/** Returns the zone that follows a time, `local` when none does, and null for one that is unknown. */
function zoneOf(rest: string, local: Zone): Zone | null {
  const match = ZONE.exec(rest);
  if (!match) return local;
  const [, inBrackets, bare] = match;
  const zone = parseZone(inBrackets ?? bare ?? '');
  // A remark in brackets, such as "(Request ID: …)", is no zone.
  return zone === null && inBrackets !== undefined && /[ :]/.test(inBrackets.trim()) ? local : zone;
}
