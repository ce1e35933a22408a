/** The page's language. It is known before anything is drawn: what a translator has written stands in the page. Tables of words are asked, not read, for they are made earlier. */
import * as l10n from '@vscode/l10n';

/** Numbers are written as the texts around them are. */
let numbers = 'en-US';

/** @param bundle translations by English text; absent: everything stays English. @param language BCP 47 */
export function configureL10n(bundle: Readonly<Record<string, string>> | undefined, language: string): void {
  if (bundle === undefined) return;
  l10n.config({ contents: { ...bundle } });
  numbers = language;
}

/** `1,247`, `0.42`. */
export function decimal(value: number, digits = 0): string {
  return value.toLocaleString(numbers, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
