import type { Composer } from '../agents/agentProfile';
import { couldRenderAs } from './renderTolerance';

/**
 * Content of an input box compared with the text that was typed into it:
 * - `empty`; `exact`: all of the text; `tail`: the box shows only a part, with the text's end, and it is right;
 * - `partial`: only parts of the text, some missing or repeated: TACO's text, but incomplete;
 * - `foreign`: something else, so text of the user.
 */
export type ComposerMatch = 'empty' | 'exact' | 'tail' | 'partial' | 'foreign';

export function matchComposer(composer: Composer, typed: string): ComposerMatch {
  if (composer.empty) return 'empty';
  const folded = composer.fold && matchFolded(strict(composer.rows.join('')), typed, composer.fold);
  // A text may itself contain such a marker: then it is compared like any other.
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
  // A terminal may draw symbols, marks and joined emoji differently from what was typed. Then only the plain text is
  // compared here; the prompt check compares the exact text.
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
 * Matches an input box that shows only the sizes of pastes, between visible parts of the text (without spaces). If
 * nothing else is between them, the sizes prove whether the text is complete. Otherwise the visible parts must be in
 * the text's order and reach its end; the prompt check verifies the rest.
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
  // Two pastes that share a line both count it.
  const [size, expected] = parts[2]?.startsWith('line')
    ? [total - (sizes.length - 1), hidden.split('\n').length]
    : [total, hidden.length];
  if (size === expected) return 'exact';
  // The user's own paste may follow TACO's.
  if (sizes.length > 1 && size > expected) return 'foreign';
  // A different size is a damaged paste of TACO only if TACO's earlier text comes before it.
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

/** Placeholder that a CLI shows instead of a text that it treats as a paste. */
const PLACEHOLDER = /\[Pasted text #\d+[^\]]*\]/g;

/** Removes whitespace (an input box wraps anywhere) and characters without width. */
function strict(text: string): string {
  return text.normalize('NFC').replace(/[\s\p{Cf}\u{fe00}-\u{fe0f}\u2800]/gu, '');
}

function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{Sm}\p{Sc}\p{Sk}]|\p{Emoji_Modifier}/gu, '');
}

/** Lost or repeated parts are whole pieces. Single letters that occur in a long text are the user's. */
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

/** Splits text into pieces of at most `size` characters, never inside a character or before a mark or joiner. */
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

/**
 * Returns a part of the input box's end as the screen shows it. Finding it again proves that the box is still in front.
 */
export function composerTail(composer: Composer): string | undefined {
  const row = [...composer.rows].reverse().find((candidate) => candidate.trim().length >= 8) ?? composer.rows.at(-1);
  return row?.trim().slice(-40) || undefined;
}
