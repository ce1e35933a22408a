/** Texts that can be translated. Pure: only the code that shows a text knows the user's language. */

/**
 * Translates a text; `{0}`, `{1}` … are its values. Views pass the `t` of `@vscode/l10n`. Agents, files, logs, Redis
 * and the command line always get `english`.
 */
export type Translate = (text: string, ...values: (string | number)[]) => string;

/** Returns the English text, which is in the code and is the key of each translation. */
export const english: Translate = (text, ...values) =>
  text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));

/** A label in a constant table, translated when it is shown. */
export type LazyLabel = (say: Translate) => string;

/** A text that the view translates when it shows it. */
export interface LocalizableText {
  readonly text: string;
  /** Nested texts are translated into the same language. */
  readonly values: readonly (string | number | LocalizableText)[];
}

/** localizable`tmux ${found} is too old.` has the text `tmux {0} is too old.` */
export function localizable(
  parts: TemplateStringsArray,
  ...values: (string | number | LocalizableText)[]
): LocalizableText {
  return { text: parts.reduce((text, part, at) => `${text}{${at - 1}}${part}`), values };
}

/** Translates a text. A plain string is returned unchanged. */
export function render(words: string | LocalizableText, say: Translate = english): string {
  return typeof words === 'string'
    ? words
    : say(words.text, ...words.values.map((value) => (typeof value === 'number' ? value : render(value, say))));
}
