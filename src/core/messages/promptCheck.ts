import { cleanText } from '../base/sanitizeText';

/** The text that is being carried to an agent now. */
export interface InFlightMessage {
  readonly id: string;
  /** Full text as it is typed, envelope included. */
  readonly text: string;
  /** How far it got; anything else than a message state is taken as "no longer being typed". */
  readonly phase: string;
}

/**
 * - `pass`: not ours; the agent may have it, and nothing is recorded;
 * - `receipt`: exactly the message in flight; the agent may have it, and that is recorded;
 * - `block`: the message in flight, but damaged; the agent must not get it.
 */
export type PromptVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'receipt'; readonly id: string }
  | { readonly kind: 'block'; readonly id: string };

const PASS: PromptVerdict = { kind: 'pass' };
/** Only while TACO has keys in the composer can a prompt be a damaged message of ours. */
const BEING_TYPED: ReadonlySet<string> = new Set(['typing', 'typed', 'entered']);
/** Length of the pieces by which two texts are compared, characters. */
const PIECE = 8;

/** The sender's part of the envelope, `[AGENT-4 →`; null for a text that has none (a slash command). */
function envelopeHead(text: string): string | null {
  return /^\[(?:AGENT-\d+|MOTHER|USER|TACO) →/.exec(text)?.[0] ?? null;
}

function pieces(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - PIECE + 1) }, (_, i) => text.slice(i, i + PIECE));
}

/** True when more than half of the places in `text` hold a piece that is also in `other`. */
function mostlyIn(text: readonly string[], other: ReadonlySet<string>): boolean {
  return text.filter((piece) => other.has(piece)).length * 2 > text.length;
}

/**
 * True when more than half of each text is in the other, in whatever order: a message that lost pieces on its
 * way has this, a person's words that happen to occur in it, or that quote a little of it, do not. Linear in both lengths.
 */
export function isMostlySameText(ours: string, prompt: string): boolean {
  const a = pieces(ours);
  const b = pieces(prompt);
  return mostlyIn(a, new Set(b)) && mostlyIn(b, new Set(a));
}

/**
 * The door: what to do with a prompt that an agent's CLI is about to give to the model (docs/decisions.md, "The
 * door"). Pure; `sameText` is the written rule for what counts as the same text. A prompt that does not look like
 * the message in flight is a person's and always passes.
 */
export function checkPrompt(
  inflight: InFlightMessage | null,
  prompt: string,
  sameText: (sent: string, got: string) => boolean,
): PromptVerdict {
  if (inflight === null || inflight.phase === 'received') return PASS;
  if (sameText(inflight.text, prompt)) return { kind: 'receipt', id: inflight.id };
  if (!BEING_TYPED.has(inflight.phase)) return PASS;
  const ours = cleanText(inflight.text);
  const got = cleanText(prompt);
  const head = envelopeHead(ours);
  const damaged = (head !== null && got.trimStart().startsWith(head)) || isMostlySameText(ours, got);
  return damaged ? { kind: 'block', id: inflight.id } : PASS;
}
