/** Wall clock times of time zones, with daylight saving. Pure: uses the zone data of `Intl`. */

/** A time as clocks on a wall show it. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** IANA name, or a fixed offset from UTC in minutes. */
export type Zone = string | number;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Abbreviations that `Intl` prints in English, in minutes from UTC. */
const ABBREVIATIONS: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
};

/** Parses `Europe/Berlin`, `Etc/GMT+5`, `UTC`, `PDT`, `GMT-3`, `UTC+5:30`, `+0200`; null for anything else. */
export function parseZone(text: string): Zone | null {
  const name = text.trim();
  const fixed = ABBREVIATIONS[name.toUpperCase()];
  if (fixed !== undefined) return fixed;
  const offset = /^(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(name);
  if (offset) {
    const [, sign, hours, minutes = '0'] = offset;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  }
  if (!/^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+){1,2}$/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** Returns the wall time in a zone. `at`: milliseconds since the epoch. */
export function wallTimeAt(at: number, zone: Zone): WallTime {
  if (typeof zone === 'number') return fromUtc(at + zone * MINUTE);
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}

/**
 * Returns the instants at which clocks in the zone show this time, earliest first: two in the hour that is repeated at
 * the end of daylight saving. For a time that daylight saving skips, the one instant as if the clocks had not been
 * changed.
 */
export function instantsOf(wall: WallTime, zone: Zone): readonly number[] {
  const asUtc = toUtc(wall);
  const before = asUtc - offsetAt(asUtc - DAY, zone);
  const after = asUtc - offsetAt(asUtc + DAY, zone);
  const real = [...new Set([before, after])].filter((at) => toUtc(wallTimeAt(at, zone)) === asUtc);
  return real.length > 0 ? real.sort((a, b) => a - b) : [before];
}

/** Adds days to a date; the time of day stays. */
export function plusDays(wall: WallTime, days: number): WallTime {
  return { ...fromUtc(toUtc(wall) + days * DAY), hour: wall.hour, minute: wall.minute };
}

/** Returns the day of the week, 0 for Sunday. */
export function weekdayOf(wall: WallTime): number {
  return new Date(toUtc(wall)).getUTCDay();
}

/** Returns milliseconds by which the zone is ahead of UTC. */
function offsetAt(at: number, zone: Zone): number {
  const whole = Math.floor(at / MINUTE) * MINUTE;
  return toUtc(wallTimeAt(whole, zone)) - whole;
}

function toUtc({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function fromUtc(at: number): WallTime {
  const date = new Date(at);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}
