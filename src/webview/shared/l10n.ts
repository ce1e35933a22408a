/**
 * Language of the webview, known before the first drawing because the translations are in the HTML. Label tables hold
 * functions, because they are created earlier.
 */
import * as l10n from '@vscode/l10n';

/** Locale of numbers, the same as that of the texts. */
let numbers = 'en-US';

/**
 * Sets translations and locale.
 * @param bundle translations by English text; absent: all texts stay English
 * @param language BCP 47
 */
export function configureL10n(bundle: Readonly<Record<string, string>> | undefined, language: string): void {
  if (bundle === undefined) return;
  l10n.config({ contents: { ...bundle } });
  numbers = language;
}

/** Formats a number: `1,247`, `0.42`. */
export function decimal(value: number, digits = 0): string {
  return value.toLocaleString(numbers, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
