/** Whether something still grows, from how large it was after so many messages. Pure. */

/** The sizes measured after each step, in MB. */
export const MEASURED = ['leader', 'monitor', 'window', 'windowHeap', 'redis', 'log', 'aof'] as const;
export type What = (typeof MEASURED)[number];

export interface Sample extends Readonly<Record<What, number>> {
  /** Messages received so far. */
  readonly messages: number;
  /** Since the first was sent, seconds. */
  readonly seconds: number;
}

export interface Bound {
  readonly title: string;
  /** At most so much at any count, MB; absent: none is promised. */
  readonly max?: number;
  /** At most so much more than after 1,000 messages, MB. */
  readonly more?: number;
  /** In the second half it may become larger by no more than this, MB: what a process's memory moves by itself, or what is between two clean-ups. */
  readonly still: number;
}

/** Where each number comes from is said in docs/performance.md. */
export const BOUNDS: Readonly<Record<What, Bound>> = {
  leader: { title: 'leader (`taco up`), resident', more: 40, still: 12 },
  monitor: { title: 'monitor (`taco monitor`), resident', more: 40, still: 12 },
  window: { title: 'extension host’s part, resident', more: 60, still: 15 },
  windowHeap: { title: 'extension host’s part, objects', more: 20, still: 3 },
  redis: { title: 'Redis, used memory', max: 20, still: 3 },
  log: { title: 'log with the one that was set aside', max: 4.2, still: 4.2 },
  aof: { title: 'append-only file', max: 48, still: 24 },
};

export interface Verdict {
  readonly what: What;
  readonly ok: boolean;
  /** One line for people. */
  readonly text: string;
}

const FIRST = 1000;

export function judge(samples: readonly Sample[]): readonly Verdict[] {
  return MEASURED.map((what) => judgeOne(what, samples));
}

function judgeOne(what: What, samples: readonly Sample[]): Verdict {
  const { title, max, more, still } = BOUNDS[what];
  const total = samples.at(-1)?.messages ?? 0;
  const start = samples.find(({ messages }) => messages >= FIRST)?.[what] ?? samples[0]?.[what] ?? 0;
  const all = samples.map((sample) => sample[what]);
  const largest = Math.max(...all);
  const half = middle(what, samples, total * 0.5, total * 0.75);
  const end = middle(what, samples, total * 0.75, total);
  const faults = [
    ...(max !== undefined && largest > max ? [`more than ${max} MB`] : []),
    ...(more !== undefined && end - start > more ? [`more than ${more} MB over its size after ${FIRST} messages`] : []),
    ...(end - half > still ? [`it still grows in the second half (more than ${still} MB)`] : []),
  ];
  const numbers = `${mb(start)} after ${FIRST} messages, ${mb(half)} and ${mb(end)} in the third and the last quarter, at most ${mb(largest)}`;
  return {
    what,
    ok: faults.length === 0,
    text: `${title}: ${numbers}${faults.length > 0 ? `: ${faults.join('; ')}` : ''}`,
  };
}

/** The median of a part, so that one moment (a collection, a file that is written again) decides nothing. */
function middle(what: What, samples: readonly Sample[], from: number, to: number): number {
  const part = samples.filter(({ messages }) => messages > from && messages <= to).map((sample) => sample[what]);
  part.sort((a, b) => a - b);
  return part[Math.floor(part.length / 2)] ?? samples.at(-1)?.[what] ?? 0;
}

function mb(value: number): string {
  return `${value.toFixed(1)} MB`;
}

/** Returns an agent's missing, duplicate and disordered messages; empty: each came once and in order. @param received numbers, as they came */
export function problemsOf(agent: string, received: readonly number[], sent: readonly number[]): readonly string[] {
  const got = new Set(received);
  const lost = sent.filter((n) => !got.has(n));
  const twice = received.length - got.size;
  const overtaken = received.filter((n, index) => index > 0 && n < (received[index - 1] ?? 0)).length;
  return [
    ...(lost.length > 0 ? [`${agent}: ${lost.length} lost (first ${lost[0]})`] : []),
    ...(twice > 0 ? [`${agent}: ${twice} twice`] : []),
    ...(overtaken > 0 ? [`${agent}: ${overtaken} out of order`] : []),
  ];
}
