import type { Sent } from './driver';
import type { HookEvent } from './hookLog';
import type { MessageResult, Outcome } from './types';

export interface Evidence {
  readonly sent: Sent;
  readonly report: { readonly success: boolean; readonly words: string };
  /** Texts that the model got since the case began. */
  readonly given: readonly string[];
  /** The case's other messages. */
  readonly others: readonly string[];
  readonly hooks: readonly HookEvent[];
  readonly sessionId: string;
  /** The CLI's text-equality rule (docs/text-equality.md). */
  readonly isSame: (sent: string, got: string) => boolean;
}

/** Returns the result of one message. */
export function judge({ sent, report, given, others, hooks, sessionId, isSame }: Evidence): MessageResult {
  const copies = given.filter((text) => isSame(sent.text, text));
  const strange = given.filter((text) => !isSame(sent.text, text) && !others.some((other) => isSame(other, text)));
  const near = strange.find((text) => resembles(sent.text, text));
  const outcome = outcomeOf(copies.length, near, others);
  const hook = hooks.find(
    (event) =>
      event.event === 'UserPromptSubmit' &&
      event.sessionId === sessionId &&
      event.at >= sent.at &&
      isSame(sent.text, event.prompt),
  );
  return {
    text: sent.text,
    outcome,
    literal: outcome === 'exact' && copies[0] === sent.text,
    claimed: report.words,
    falseReport: report.success && outcome !== 'exact',
    ms: hook ? Math.round(hook.at - sent.at) : null,
    got: outcome === 'exact' || outcome === 'lost' ? null : (near ?? copies[0] ?? null),
  };
}

function outcomeOf(copies: number, near: string | undefined, others: readonly string[]): Outcome {
  if (copies > 1) return 'duplicated';
  if (copies === 1) return near === undefined ? 'exact' : 'duplicated';
  if (near === undefined) return 'lost';
  return others.some((other) => near.includes(other.trim().slice(0, 200))) ? 'merged' : 'altered';
}

/** Returns true when the text contains a part of the message, or what remains of it after damage. */
function resembles(sent: string, got: string): boolean {
  const body = sent.replace(/^\[[^\]]*\]: /, '').trim();
  if (got.includes(body.slice(0, 24)) || got.includes(body.slice(-24))) return true;
  const words = body.split(/\s+/).filter((word) => word.length >= 4);
  const found = words.filter((word) => got.includes(word)).length;
  return words.length > 0
    ? found * 2 >= words.length
    : sent.startsWith('[') && got.startsWith(sent.slice(0, sent.indexOf(']')));
}
