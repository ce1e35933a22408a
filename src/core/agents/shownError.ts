import type { ErrorMarks } from '../limits/limit';
import type { TerminalScreen } from './agentProfile';

/** Maximum lines from the input box up to an error. */
const FAR = 16;

/**
 * Returns the error that ends the conversation on the screen: the last block above the input box, if the CLI marks it
 * as an error; null otherwise.
 * @param anchor first row of the input box as on the screen
 */
export function shownError({ lines }: TerminalScreen, anchor: string | undefined, marks: ErrorMarks): string | null {
  const texts = lines.map(({ text }) => text.trimEnd());
  const box = anchor === undefined ? -1 : texts.lastIndexOf(anchor.trimEnd());
  const above = texts.slice(Math.max(0, box - FAR), Math.max(0, box));
  let end = above.length;
  while (end > 0 && isPassed(above[end - 1] ?? '', marks)) end -= 1;
  const start = above.findLastIndex((text, index) => index < end && marks.error.test(text));
  if (start < 0) return null;
  const block = above.slice(start, end);
  // A blank line ends the block: what follows it is something else.
  if (block.includes('')) return null;
  return block.map((text) => text.trim()).join(' ');
}

function isPassed(text: string, { skipped }: ErrorMarks): boolean {
  return text.trim() === '' || /^[─━▔▁╌\s]+$/.test(text) || skipped.test(text);
}
