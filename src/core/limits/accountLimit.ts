import * as z from 'zod';
import { limitKindSchema, type Limit, type LimitKind } from './limit';

/**
 * `limits`: the limit of one account, on one host.
 * - `closed`: nothing is typed into its agents; `trying`: one agent tries whether the model answers again.
 * - `opening`: its agents continue one after the other.
 */
export const accountLimitSchema = z.object({
  /**
   * Provider with the key or the folder of the login, without secrets: `claude ~/.claude`. For the limit of one family
   * of models with its name: `claude ~/.claude, opus`.
   */
  account: z.string().min(1).max(300),
  /** The family of models that it concerns; absent: all models of the account. */
  model: z.string().min(1).max(40).exactOptional(),
  /** The joined host of its agents; empty: the leader's machine. */
  host: z.string(),
  kind: limitKindSchema,
  text: z.string(),
  /** Time of the first refusal, milliseconds since the epoch. */
  since: z.number(),
  /** Time of the next attempt; null: the user must act. */
  until: z.number().nullable(),
  /** The step that only the user can take; empty: none. */
  remedy: z.string(),
  /** Refused attempts since the first refusal. */
  attempts: z.int().min(0),
  phase: z.enum(['closed', 'trying', 'opening']),
  /** Start of the phase. */
  changedAt: z.number(),
  /** Window of the agent that tries; null: the first that has a message. */
  trier: z.int().min(0).nullable(),
  /** Windows in the order in which they continue. */
  order: z.array(z.int().min(0)),
  /** Windows whose turn was cut short and not continued yet. */
  cut: z.array(z.int().min(0)),
});
export type AccountLimit = z.infer<typeof accountLimitSchema>;

/**
 * The reaction to a limit and to its reset. `wait`: at the reset one agent tries and the others follow; `fallback`:
 * agents move to the fallbacks of their plan meanwhile; `ask`: the user decides.
 */
export type LimitPolicy = 'wait' | 'fallback' | 'ask';

/** A shorter wait is not worth a relaunch, milliseconds. */
const WORTH_A_MOVE_MS = 2 * 60_000;

/** Returns whether agents with a fallback move to it. Another account does not bring back the network. */
export function isWorthMove({ kind, until, phase }: AccountLimit, now: number): boolean {
  if (phase !== 'closed' || kind === 'network' || kind === 'context-full') return false;
  return until === null || until - now > WORTH_A_MOVE_MS;
}

/** Returns whether TACO lets an agent try at this time: until the stop time that follows the start of the limit. */
export function mayTry({ since }: Pick<AccountLimit, 'since'>, now: number, stopTime: string): boolean {
  const match = /^(\d{1,2}):(\d{2})$/.exec(stopTime.trim());
  if (!match) return true;
  const stop = new Date(since);
  stop.setHours(Number(match[1]), Number(match[2]), 0, 0);
  if (stop.getTime() <= since) stop.setDate(stop.getDate() + 1);
  return now < stop.getTime();
}

/** Time between two agents that continue, milliseconds. */
export const OPENING_GAP_MS = 4000;
/** A provider's clock and ours differ by less, milliseconds. */
const MARGIN_MS = 5000;
/** Spread of attempts of several teams on one account, milliseconds. */
const SPREAD_MS = 10_000;

const MINUTE = 60_000;
/** Waits where the text names no time: the first, and the maximum. */
const BACKOFF: Readonly<Record<LimitKind, readonly [first: number, maximum: number] | null>> = {
  'usage-limit': [5 * MINUTE, 30 * MINUTE],
  'rate-limit': [MINUTE, 15 * MINUTE],
  overloaded: [MINUTE / 2, 10 * MINUTE],
  network: [MINUTE / 2, 5 * MINUTE],
  'out-of-credit': null,
  'logged-out': null,
  'context-full': null,
};

/**
 * Returns the time of the next attempt; null when only the user can end the limit.
 * @param attempts refused attempts so far
 * @param random uniform in [0, 1)
 */
export function nextAttempt(limit: Limit, attempts: number, now: number, random: number): number | null {
  const backoff = BACKOFF[limit.kind];
  if (backoff === null) return null;
  // A reset that is over already, as on a slow machine, is tried at once. When that fails, the text is outdated: the wait grows.
  if (limit.until !== null && (limit.until > now || attempts === 0))
    return Math.round(Math.max(limit.until, now) + MARGIN_MS + SPREAD_MS * random);
  const [first, maximum] = backoff;
  const ceiling = Math.min(first * 2 ** Math.min(attempts, 20), maximum);
  return Math.round(now + ceiling / 2 + (ceiling / 2) * random);
}

export interface Refusal {
  readonly account: string;
  readonly host: string;
  readonly window: number;
  readonly limit: Limit;
  readonly remedy: string;
  /** Time of the refusal, milliseconds since the epoch: a leader reads old ones again. */
  readonly at: number;
  /** The refused turn began after the attempt at the reset was opened. */
  readonly isTrial: boolean;
}

/** Returns the account's limit after a model refused a turn of one of its agents. */
export function afterRefusal(
  before: AccountLimit | null,
  { account, host, window, limit, remedy, at, isTrial }: Refusal,
  now: number,
  random: number,
): AccountLimit {
  const cut = [...new Set([...(before?.cut ?? []), window])];
  // It came before this phase, and its report after it: the turn goes on, and nothing is known about the model now.
  if (before && before.phase !== 'closed' && at < before.changedAt) return { ...before, cut };
  const attempts = before === null ? 0 : before.phase === 'closed' ? before.attempts : before.attempts + 1;
  // Only a turn that began after the reset shows that a reset in the past is wrong. Reports of others came late.
  const isLate = !isTrial && limit.until !== null && limit.until <= now;
  const until = nextAttempt(limit, isLate ? 0 : attempts, now, random);
  const closed = {
    account,
    ...(limit.model === undefined ? {} : { model: limit.model }),
    host,
    kind: limit.kind,
    text: limit.text,
    since: before?.since ?? now,
    until,
    remedy,
    attempts,
    phase: 'closed' as const,
    changedAt: now,
    trier: null,
    order: [],
    cut,
  };
  if (before?.phase !== 'closed') return closed;
  // Several agents are refused at once: the strictest refusal counts.
  const isStricter = until === null || (before.until !== null && limit.until !== null && until > before.until);
  return isStricter ? { ...closed, changedAt: before.changedAt } : { ...before, cut };
}

/** Returns the limit while `trier` tries; null: the first agent that has a message. */
export function whileTrying(limit: AccountLimit, trier: number | null, now: number): AccountLimit {
  return { ...limit, phase: 'trying', trier, changedAt: now };
}

/** Returns the limit after the model answered: agents whose turn was cut short continue first. */
export function whileOpening(limit: AccountLimit, windows: readonly number[], now: number): AccountLimit {
  const isCut = (window: number): boolean => limit.cut.includes(window);
  const others = windows.filter((window) => window !== limit.trier);
  const order = [...others.filter(isCut), ...others.filter((window) => !isCut(window))];
  return { ...limit, phase: 'opening', trier: limit.trier, order, changedAt: now };
}

/** Returns the limit after the agent's turn was continued. */
export function afterContinued(limit: AccountLimit, window: number): AccountLimit {
  return { ...limit, cut: limit.cut.filter((each) => each !== window) };
}

/** Returns whether nothing may be typed into this agent of the account now. */
export function isHeld({ phase, trier, order, changedAt }: AccountLimit, window: number, now: number): boolean {
  if (phase === 'closed') return true;
  if (phase === 'trying') return trier !== window;
  const place = order.indexOf(window);
  return place >= 0 && now < changedAt + place * OPENING_GAP_MS;
}

/** Returns the windows that may continue by now, in order. */
export function openWindows(limit: AccountLimit, now: number): readonly number[] {
  return limit.phase === 'opening' ? limit.order.filter((window) => !isHeld(limit, window, now)) : [];
}

/** Returns whether all agents of the account continue, so that nothing is left of the limit. */
export function isOver({ phase, order, changedAt }: AccountLimit, now: number): boolean {
  return phase === 'opening' && now >= changedAt + order.length * OPENING_GAP_MS;
}
