/**
 * Where a CLI and the terminal disagree about the width of a mark, an emoji or a joined sequence, the CLI draws what follows over a
 * part of it, and the terminal shows less than was typed. What is there must still be the text's, in its order.
 */

/** What two programs may give different widths to. */
const DISPUTED = /[\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f]/u;
/** Characters that no comparison counts: blanks, and what has no width or is drawn otherwise than typed. */
const UNSEEN = /[^\p{L}\p{N}\p{P}\p{Sm}\p{Sc}\p{Sk}]/u;
/** How many of the characters that follow each such sign can be drawn over, and how many a long sequence of them. */
const PER_SIGN = 2;
const AT_MOST = 4;

/**
 * True when `shown` can be what a terminal shows of `typed`: everything in it is the text's, in order and up to its end, and nothing is
 * missing but characters right after signs of disputed width. `whole`: it shows the text from its beginning.
 */
export function couldRenderAs(shown: string, typed: string, whole: boolean): boolean {
  if (!DISPUTED.test(typed)) return false;
  const sent: { readonly char: string; readonly mayBeMissing: boolean }[] = [];
  let drawnOver = 0;
  for (const char of typed.normalize('NFC')) {
    if (DISPUTED.test(char)) drawnOver = Math.min(drawnOver + PER_SIGN, AT_MOST);
    else if (!UNSEEN.test(char)) {
      sent.push({ char, mayBeMissing: drawnOver > 0 });
      drawnOver = Math.max(0, drawnOver - 1);
    }
  }
  const seen = [...shown.normalize('NFC')].filter((char) => !UNSEEN.test(char) && !DISPUTED.test(char));
  if (seen.length === 0) return false;
  // From the end, since the beginning may be out of sight.
  for (let left = seen.pop(); left !== undefined; left = seen.pop()) {
    let next = sent.pop();
    while (next !== undefined && next.char !== left && next.mayBeMissing) next = sent.pop();
    if (next?.char !== left) return false;
  }
  return !whole || sent.every(({ mayBeMissing }) => mayBeMissing);
}
