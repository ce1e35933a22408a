import type { Composer } from '../agents/agentProfile';
import { couldRenderAs } from './renderTolerance';

/**
 * What a composer holds, compared with what was typed into it:
 * - `empty`; `exact`: all of the text; `tail`: the composer shows only a part that has the text's end, and it is right;
 * - `partial`: nothing but stretches of the text, some missing or there twice: ours, not yet or no longer whole;
 * - `foreign`: something else, so a person's.
 */
export type ComposerMatch = 'empty' | 'exact' | 'tail' | 'partial' | 'foreign';

export function matchComposer(composer: Composer, typed: string): ComposerMatch {
  if (composer.empty) return 'empty';
  const folded = composer.fold && matchFolded(strict(composer.rows.join('')), typed, composer.fold);
  // A text may also hold such a sign itself: then it is compared as any other.
  if (folded === 'exact' || folded === 'partial') return folded;
  const drawn = composer.rows.join('\n');
  const shown = strict(typed.search(PLACEHOLDER) < 0 ? drawn.replace(PLACEHOLDER, '') : drawn);
  const sent = strict(typed);
  if (shown === '' || sent === '')
    return composer.whole && shown === sent ? 'exact' : composer.whole ? 'foreign' : 'partial';
  if (composer.whole && shown === sent) return 'exact';
  if (folded === 'tail' || (!composer.whole && sent.endsWith(shown))) return 'tail';
  const parts = composer.gap === undefined ? [shown] : shown.split(composer.gap);
  if (parts.length > 1 && areInOrder(parts, sent) && sent.endsWith(parts.at(-1) ?? '')) return 'tail';
  // A terminal may draw symbols, marks and joined emoji otherwise than they were typed: then the plain text decides
  // here, and the exact text at the door.
  const plainShown = plain(shown);
  const plainSent = plain(sent);
  if (plainShown !== '' && plainShown.length * 2 >= shown.length) {
    if (composer.whole && plainShown === plainSent) return 'exact';
    if (!composer.whole && plainSent.endsWith(plainShown)) return 'tail';
  }
  if (composer.gap === undefined && couldRenderAs(drawn, typed, composer.whole))
    return composer.whole ? 'exact' : 'tail';
  const ours = plain(parts.join(''));
  return ours !== '' && isMadeOfStretches(ours, plainSent) ? 'partial' : 'foreign';
}

/**
 * Pastes of which only the size is shown, between what is shown of the text (without blanks). With nothing between them the sizes say
 * whether all of it is there, else that what is shown is the text's, in its order and up to its end; whether it is the text, the door says.
 */
function matchFolded(shown: string, typed: string, fold: RegExp): ComposerMatch {
  const parts = shown.split(fold);
  const literals = parts.filter((_, index) => index % 3 === 0);
  const sizes = parts.filter((_, index) => index % 3 === 1).map(Number);
  if (sizes.length === 0) return 'foreign';
  const before = literals[0] ?? '';
  const after = literals.at(-1) ?? '';
  if (literals.slice(1, -1).some((part) => part !== '') || !typed.startsWith(before) || !typed.endsWith(after)) {
    const sent = strict(typed);
    return before !== '' && sent.startsWith(before) && areInOrder(literals, sent) && sent.endsWith(after)
      ? 'tail'
      : 'foreign';
  }
  const hidden = typed.slice(before.length, typed.length - after.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  // A line that two pastes share is counted by both.
  const [size, expected] = parts[2]?.startsWith('line')
    ? [total - (sizes.length - 1), hidden.split('\n').length]
    : [total, hidden.length];
  if (size === expected) return 'exact';
  // A person's own paste may stand behind ours.
  if (sizes.length > 1 && size > expected) return 'foreign';
  // Another size is a damaged paste of ours only behind what we had typed before it.
  return before === '' ? 'foreign' : 'partial';
}

function areInOrder(parts: readonly string[], whole: string): boolean {
  let at = 0;
  return parts.every((part) => {
    const found = whole.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
}

/** What a CLI shows instead of a text that it took for a paste: a part of it, out of sight. */
const PLACEHOLDER = /\[Pasted text #\d+[^\]]*\]/g;

/** Without blanks (a composer wraps where it likes) and without characters that have no width. */
function strict(text: string): string {
  return text.normalize('NFC').replace(/[\s\p{Cf}\u{fe00}-\u{fe0f}\u2800]/gu, '');
}

function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{Sm}\p{Sc}\p{Sk}]|\p{Emoji_Modifier}/gu, '');
}

/** What gets lost on the way, or comes twice, is whole pieces: single letters that can be found in a long text are a person's. */
const SHORTEST_STRETCH = 6;

function isMadeOfStretches(part: string, whole: string): boolean {
  if (part.length < SHORTEST_STRETCH) return whole.startsWith(part);
  let at = 0;
  for (let from = 0; from < part.length;) {
    const start = part.slice(from, from + SHORTEST_STRETCH);
    at = whole.indexOf(start, at);
    if (at < 0) at = whole.indexOf(start);
    if (at < 0) return false;
    while (from < part.length && part[from] === whole[at]) {
      from += 1;
      at += 1;
    }
  }
  return true;
}

/** Cuts text into pieces of at most `size` characters, never inside a character or before a mark or joiner. */
export function pieces(text: string, size: number): string[] {
  const chars = [...text];
  const out: string[] = [];
  for (let from = 0; from < chars.length;) {
    let to = Math.min(from + size, chars.length);
    while (
      to < chars.length &&
      to - from > size / 2 &&
      /[\p{M}\p{Cf}\p{Emoji_Modifier}\u{1f1e6}-\u{1f1ff}]/u.test(
        (chars[to] ?? '') + (chars[to - 1] === '\u200d' ? '\u200d' : ''),
      )
    )
      to -= 1;
    out.push(chars.slice(from, to).join(''));
    from = to;
  }
  return out;
}

/** A stretch of the composer's end as it stands on the screen, to be found there again: proof that it is still in front. */
export function composerTail(composer: Composer): string | undefined {
  const row = [...composer.rows].reverse().find((candidate) => candidate.trim().length >= 8) ?? composer.rows.at(-1);
  return row?.trim().slice(-40) || undefined;
}
