/** History of a session: how messages ended and which states agents went through. Pure. */
import type { AgentState } from '../agents/agentState';
import type { MessageState } from '../messages/messageState';

/** Limits of the history of ended messages: their number, and their age. */
export interface HistoryLimits {
  readonly maxMessages: number;
  readonly maxAgeMs: number;
}

/** About 2 KB in Redis for each short message. */
export const DEFAULT_HISTORY: HistoryLimits = { maxMessages: 5000, maxAgeMs: 24 * 60 * 60_000 };
/** How many ends of messages a view reads and shows. */
export const MAX_FINISHED = 10_000;
/** Maximum number of agent state changes that are stored and shown. */
export const MAX_AGENT_STEPS = 5000;

/** One end of a message; a message that the user retried has several. Times are milliseconds since the epoch. */
export interface FinishedMessage {
  readonly id: string;
  readonly state: MessageState;
  readonly sender: string;
  readonly target: string;
  readonly enqueuedAt: number;
  readonly at: number;
}

/** An agent entered a state. */
export interface AgentStep {
  readonly window: number;
  readonly status: AgentState;
  readonly at: number;
}

/** History since the last request, oldest first. */
export interface HistoryPage {
  readonly finished: readonly FinishedMessage[];
  readonly steps: readonly AgentStep[];
}

/** Collects pages and retains the newest entries of each kind. */
export class HistoryLog implements HistoryPage {
  finished: readonly FinishedMessage[] = [];
  steps: readonly AgentStep[] = [];

  add({ finished, steps }: HistoryPage): void {
    if (finished.length > 0) this.finished = [...this.finished, ...finished].slice(-MAX_FINISHED);
    if (steps.length > 0) this.steps = [...this.steps, ...steps].slice(-MAX_AGENT_STEPS);
  }
}

/** Time series; index `i` of each belongs to the interval that begins at `at[i]`. */
export interface Series {
  /** Starts of the intervals, milliseconds since the epoch. */
  readonly at: readonly number[];
  /** Successful messages per minute. */
  readonly received: readonly number[];
  /** Latency from queued to received, milliseconds; null where nothing was received. */
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  /** Maximum number of messages in flight. */
  readonly depth: readonly number[];
}

/**
 * Returns the last `count` intervals of `stepMs` up to `now`. They begin at whole multiples of `stepMs`, so that a
 * chart moves without changing its shape; the last one is still running. `open`: messages in flight now.
 */
export function seriesOf(
  finished: readonly FinishedMessage[],
  open: readonly { readonly enqueuedAt: number }[],
  now: number,
  stepMs: number,
  count: number,
): Series {
  const start = Math.floor(now / stepMs) * stepMs - (count - 1) * stepMs;
  const at = Array.from({ length: count }, (_, index) => start + index * stepMs);
  const times: number[][] = at.map(() => []);
  for (const { state, enqueuedAt, at: end } of finished) {
    if (end < start || end > now || !endedWell(state)) continue;
    times[Math.floor((end - start) / stepMs)]?.push(Math.max(0, end - enqueuedAt));
  }
  for (const list of times) list.sort((a, b) => a - b);
  return {
    at,
    // The last interval is extrapolated to its full length, from at least one second.
    received: times.map(
      (list, index) => (list.length * 60_000) / Math.min(stepMs, Math.max(1000, now - (at[index] ?? 0))),
    ),
    p50: times.map((list) => quantile(list, 0.5)),
    p95: times.map((list) => quantile(list, 0.95)),
    depth: depthOf(finished, open, start, stepMs, count),
  };
}

function endedWell(state: MessageState): boolean {
  return state === 'received' || state === 'delivered';
}

/** Returns a quantile of a sorted list; null when it is empty. */
export function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

/** Returns the maximum number in flight for each interval. */
function depthOf(
  finished: readonly FinishedMessage[],
  open: readonly { readonly enqueuedAt: number }[],
  start: number,
  stepMs: number,
  count: number,
): number[] {
  const changes: [at: number, by: number][] = [];
  let depth = 0;
  const begin = (at: number): void => {
    if (at < start) depth += 1;
    else changes.push([at, 1]);
  };
  for (const { enqueuedAt, at, state } of finished) {
    if (at < start || state === 'dropped') continue; // a dropped message had already ended
    begin(enqueuedAt);
    changes.push([at, -1]);
  }
  for (const { enqueuedAt } of open) begin(enqueuedAt);
  // At equal times, ends come before starts.
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let next = 0;
  return Array.from({ length: count }, (_, index) => {
    let peak = depth;
    for (
      const until = start + (index + 1) * stepMs;
      next < changes.length && (changes[next]?.[0] ?? 0) < until;
      next += 1
    ) {
      depth += changes[next]?.[1] ?? 0;
      peak = Math.max(peak, depth);
    }
    return peak;
  });
}

/**
 * One letter per state. An interval with several states shows the one most important to the user: the later in this
 * list.
 */
export const TIMELINE_LETTERS: readonly (readonly [AgentState, string])[] = [
  ['idle', 'i'],
  ['done', 'd'],
  ['starting', 's'],
  ['busy', 'b'],
  ['exited', 'x'],
  ['limited', 'l'],
  ['needs-input', 'n'],
  ['failed', 'f'],
];
const UNKNOWN = '.';

/**
 * Returns an agent's states as one letter per interval, oldest first: `....ssiibbbnbi`; `.` means unknown. `steps`
 * belong to this agent, oldest first. `since` is the start of its current state, for an agent whose steps are no longer
 * stored.
 */
export function timelineOf(
  steps: readonly AgentStep[],
  current: { readonly status: AgentState; readonly since: number },
  now: number,
  stepMs: number,
  count: number,
): string {
  const known =
    steps.length > 0 ? steps : current.since > 0 ? [{ window: 0, status: current.status, at: current.since }] : [];
  const start = Math.floor(now / stepMs) * stepMs - (count - 1) * stepMs;
  const ranks = new Array<number>(count).fill(-1);
  known.forEach(({ status, at }, index) => {
    const until = known[index + 1]?.at ?? now;
    const rank = TIMELINE_LETTERS.findIndex(([state]) => state === status);
    const first = Math.max(0, Math.floor((at - start) / stepMs));
    const last = Math.min(count - 1, Math.floor((until - start) / stepMs));
    for (let slot = first; slot <= last; slot += 1) ranks[slot] = Math.max(ranks[slot] ?? -1, rank);
  });
  return ranks.map((rank) => TIMELINE_LETTERS[rank]?.[1] ?? UNKNOWN).join('');
}
