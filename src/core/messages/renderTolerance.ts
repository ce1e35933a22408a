/**
 * Tolerance for characters of disputed width. If a CLI and the terminal disagree about the width of a mark, an emoji or
 * a joined sequence, the CLI draws the next characters over a part of it. The terminal then shows less than was typed;
 * the rest must still be the text's, in its order.
 */

/** Characters to which two programs may give different widths. */
const DISPUTED = /[\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f]/u;
/**
 * Characters that no comparison counts: whitespace, characters without width, and characters drawn differently from
 * typed.
 */
const UNSEEN = /[^\p{L}\p{N}\p{P}\p{Sm}\p{Sc}\p{Sk}]/u;
/** Number of following characters that one disputed character, and a long sequence of them, can hide. */
const PER_SIGN = 2;
const MAX_PER_CHARACTER = 4;

/**
 * Returns whether `shown` can be what a terminal shows of `typed`: all of it is in the text, in order and up to its
 * end. Only characters right after characters of disputed width may be missing. `whole`: it shows the text from its
 * beginning.
 */
export function couldRenderAs(shown: string, typed: string, whole: boolean): boolean {
  if (!DISPUTED.test(typed)) return false;
  const sent: { readonly char: string; readonly mayBeMissing: boolean }[] = [];
  let drawnOver = 0;
  for (const char of typed.normalize('NFC')) {
    if (DISPUTED.test(char)) drawnOver = Math.min(drawnOver + PER_SIGN, MAX_PER_CHARACTER);
    else if (!UNSEEN.test(char)) {
      sent.push({ char, mayBeMissing: drawnOver > 0 });
      drawnOver = Math.max(0, drawnOver - 1);
    }
  }
  const seen = [...shown.normalize('NFC')].filter((char) => !UNSEEN.test(char) && !DISPUTED.test(char));
  if (seen.length === 0) return false;
  // Compared from the end, since the beginning may be scrolled away.
  for (let left = seen.pop(); left !== undefined; left = seen.pop()) {
    let next = sent.pop();
    while (next !== undefined && next.char !== left && next.mayBeMissing) next = sent.pop();
    if (next?.char !== left) return false;
  }
  return !whole || sent.every(({ mayBeMissing }) => mayBeMissing);
}
