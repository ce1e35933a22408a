import { cleanText } from '../base/sanitizeText';

/** The text that TACO is delivering to an agent now. */
export interface InFlightMessage {
  readonly id: string;
  /** Full text as it is typed, envelope included. */
  readonly text: string;
  /** Message state; any other value means "no longer being typed". */
  readonly phase: string;
  /** Another message of TACO, which the CLI still keeps in its own queue; absent or empty: none. */
  readonly queued?: string;
}

/**
 * - `pass`: not a TACO message; the agent may have it, and nothing is recorded;
 * - `receipt`: exactly the message in flight; the agent may have it, and a receipt is recorded;
 * - `block`: the message in flight, but damaged; the agent must not get it.
 */
export type PromptVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'receipt'; readonly id: string }
  | { readonly kind: 'block'; readonly id: string };

const PASS: PromptVerdict = { kind: 'pass' };
/** States in which a prompt can be a damaged TACO message: TACO's keys are in the input box. */
const BEING_TYPED: ReadonlySet<string> = new Set(['typing', 'typed', 'entered']);
/** Length of the pieces by which two texts are compared, characters. */
const PIECE = 8;

/** Returns the sender's part of the envelope, `[AGENT-4 →`; null for a text without one (a slash command). */
function envelopeHead(text: string): string | null {
  return /^\[(?:AGENT-\d+|MOTHER|USER|TACO) →/.exec(text)?.[0] ?? null;
}

function pieces(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - PIECE + 1) }, (_, i) => text.slice(i, i + PIECE));
}

/** Returns whether more than half of the positions in `text` hold a piece that is also in `other`. */
function mostlyIn(text: readonly string[], other: ReadonlySet<string>): boolean {
  return text.filter((piece) => other.has(piece)).length * 2 > text.length;
}

/**
 * Returns whether more than half of each text is in the other, in any order. A message that lost pieces meets this;
 * text of the user that occurs in it or quotes a little of it does not. Linear in both lengths.
 */
export function isMostlySameText(ours: string, prompt: string): boolean {
  const a = pieces(ours);
  const b = pieces(prompt);
  return mostlyIn(a, new Set(b)) && mostlyIn(b, new Set(a));
}

/**
 * Prompt check: decides about a prompt that an agent's CLI is about to give to the model (docs/queue.md). Pure;
 * `sameText` is the profile's rule of text equality. A prompt that does not resemble the message in flight is the
 * user's and always passes. So does a queued message: the CLI reports it again when it begins its turn.
 */
export function checkPrompt(
  inflight: InFlightMessage | null,
  prompt: string,
  sameText: (sent: string, got: string) => boolean,
): PromptVerdict {
  if (inflight === null || inflight.phase === 'received') return PASS;
  if (sameText(inflight.text, prompt)) return { kind: 'receipt', id: inflight.id };
  if (inflight.queued && sameText(inflight.queued, prompt)) return PASS;
  if (!BEING_TYPED.has(inflight.phase)) return PASS;
  const ours = cleanText(inflight.text);
  const got = cleanText(prompt);
  const head = envelopeHead(ours);
  const damaged = (head !== null && got.trimStart().startsWith(head)) || isMostlySameText(ours, got);
  return damaged ? { kind: 'block', id: inflight.id } : PASS;
}
