/** Place at which the model read a message: in its own turn, or within a running one. */
export interface Reading {
  /** Number of the turn in its conversation, from 1. */
  readonly turn: number;
  /** True: the message began the turn. */
  readonly began: boolean;
  /** Number of tool calls that the turn had made before; 0: none. */
  readonly calls: number;
  /** The action of the last of these calls; absent: there was none. */
  readonly after?: string;
  /** The action of the next call; absent: none followed yet. */
  readonly before?: string;
  /** True: the turn ended without another call. */
  readonly answered?: boolean;
}

/** Returns whether nothing more will be known about the place. */
export function isSettled({ began, before, answered }: Reading): boolean {
  return began || before !== undefined || answered === true;
}

const MAX_SHOWN = 60;
const BEFORE_ANSWER = ', before the answer';

/** Returns the receipt in words: "read before `npm test` (call 14)". */
export function describeReading({ turn, began, calls, after, before, answered }: Reading): string {
  if (began) return `read as turn ${turn}`;
  if (before !== undefined) return `read before ${quoted(before)} (call ${calls + 1})`;
  const behind = after === undefined ? `in turn ${turn}` : `after ${quoted(after)} (call ${calls})`;
  return answered ? `read ${behind}${BEFORE_ANSWER}` : `read ${behind}`;
}

/** Returns whether a receipt in words may still be completed by the model's next step. */
export function isOpenReceipt(words: string): boolean {
  return /^read (?:after|in) /.test(words) && !words.endsWith(BEFORE_ANSWER);
}

function quoted(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return `\`${line.length > MAX_SHOWN || line !== text ? `${line.slice(0, MAX_SHOWN)}…` : line}\``;
}
