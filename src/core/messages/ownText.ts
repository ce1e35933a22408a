import type { Composer } from '../agents/agentProfile';
import { matchComposer, type ComposerMatch } from './inputBoxMatch';

/** The probe: the first character, typed alone. A message's envelope begins with it, and no dialog reacts to it. */
export const PROBE = '[';
const ONLY_PROBES = /^\[+\s*$/;
/** Wait before the next probe while the last one is not seen, milliseconds; doubles with each probe. */
const NEXT_PROBE_MS = 4000;
const MAX_NEXT_PROBE_MS = 30_000;

/** Record of the first pieces (probes) typed into a pane and whether its process read them. */
export interface PaneContact {
  /** True once its input box showed a key that TACO typed: the process reads keys. */
  readonly proven: boolean;
  /**
   * Number of probes typed and not seen since. They may still appear, since a terminal buffers keys until they are
   * read.
   */
  readonly owed: number;
  /** Time of the last probe, milliseconds since the epoch. */
  readonly at: number;
}

export const NO_CONTACT: PaneContact = { proven: false, owed: 0, at: 0 };
/** Keys are read in order: one that is seen accounts for all before it. */
export const ACCOUNTED: PaneContact = { proven: true, owed: 0, at: 0 };

export function withFirstPiece(contact: PaneContact, now: number): PaneContact {
  return { proven: contact.proven, owed: contact.owed + 1, at: now };
}

/**
 * Returns whether an empty input box proves nothing yet: a probe is still unread, and another one would appear beside
 * it.
 */
export function isUnread({ owed, at }: PaneContact, now: number): boolean {
  // A clock that was set back must not delay a message.
  return owed > 0 && Math.abs(now - at) < Math.min(NEXT_PROBE_MS * 2 ** (owed - 1), MAX_NEXT_PROBE_MS);
}

/**
 * Like {@link matchComposer}, for a pane in which `owed` probes may still appear. Late probes, alone or before the
 * text, count as TACO's text. With an empty text nothing else does.
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
