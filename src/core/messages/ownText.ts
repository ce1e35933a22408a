import type { Composer } from '../agents/agentProfile';
import { matchComposer, type ComposerMatch } from './inputBoxMatch';

/** The character that is typed first, alone: a message's envelope begins with it, and no dialog has a meaning for it. */
export const PROBE = '[';
const ONLY_PROBES = /^\[+\s*$/;
/** Wait before another first piece is typed where one is not seen, milliseconds; each further one waits twice as long. */
const NEXT_PROBE_MS = 4000;
const MAX_NEXT_PROBE_MS = 30_000;

/** What the process in a pane has made of the first piece of each text so far. */
export interface PaneContact {
  /** Its composer has shown a key of ours: it reads keys. */
  readonly proven: boolean;
  /** First pieces that were typed and not seen since; they may still appear, since a terminal keeps keys until they are read. */
  readonly owed: number;
  /** When the last of them was typed, milliseconds since the epoch. */
  readonly at: number;
}

export const NO_CONTACT: PaneContact = { proven: false, owed: 0, at: 0 };
/** Keys are read in their order: one that is seen accounts for all before it. */
export const ACCOUNTED: PaneContact = { proven: true, owed: 0, at: 0 };

export function withFirstPiece(contact: PaneContact, now: number): PaneContact {
  return { proven: contact.proven, owed: contact.owed + 1, at: now };
}

/** True while an empty composer says nothing: a first piece is on its way into it, and another one now would stand beside it. */
export function isUnread({ owed, at }: PaneContact, now: number): boolean {
  // A clock that was set back must not keep a message waiting.
  return owed > 0 && Math.abs(now - at) < Math.min(NEXT_PROBE_MS * 2 ** (owed - 1), MAX_NEXT_PROBE_MS);
}

/**
 * As {@link matchComposer}, for a pane in which `owed` first pieces may still appear: late probes alone, or before the text, are ours
 * as well. With an empty text nothing else is.
 */
export function matchOwnText(composer: Composer, text: string, owed: number): ComposerMatch {
  const match = text !== '' ? matchComposer(composer, text) : composer.empty ? 'empty' : 'foreign';
  if (match !== 'foreign' || !composer.whole) return match;
  const [first = '', ...others] = composer.rows;
  if (others.every((row) => row.trim() === '') && ONLY_PROBES.test(first))
    return first.trim().length <= owed ? 'partial' : 'foreign';
  for (let probes = 1; text !== '' && probes <= owed && first[probes - 1] === PROBE; probes++) {
    const rows = [first.slice(probes), ...others];
    if (matchComposer({ ...composer, rows, text: rows.join('\n') }, text) !== 'foreign') return 'partial';
  }
  return 'foreign';
}
