/** Texts that can be said in the person's language. Pure: which language that is, only whoever shows them knows. */

/**
 * Says a text; `{0}`, `{1}` … are its values. Views give the `t` of `@vscode/l10n`. Agents, files, logs, Redis and the command line get
 * `english`, whatever language the person has.
 */
export type Translate = (text: string, ...values: (string | number)[]) => string;

/** The texts stand in the code in English; a translation is found by them. */
export const english: Translate = (text, ...values) =>
  text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));

/** A word of a table, which is made before anybody knows the language. */
export type LazyLabel = (say: Translate) => string;

/** A text that is not said yet: whoever shows it says it in the language it is read in. */
export interface LocalizableText {
  readonly text: string;
  /** A sentence in a sentence is said in the same language. */
  readonly values: readonly (string | number | LocalizableText)[];
}

/** sentence`tmux ${found} is too old.` has the text `tmux {0} is too old.` */
export function localizable(
  parts: TemplateStringsArray,
  ...values: (string | number | LocalizableText)[]
): LocalizableText {
  return { text: parts.reduce((text, part, at) => `${text}{${at - 1}}${part}`), values };
}

/** A plain string is somebody's own words: it stays as it is. */
export function render(words: string | LocalizableText, say: Translate = english): string {
  return typeof words === 'string'
    ? words
    : say(words.text, ...words.values.map((value) => (typeof value === 'number' ? value : render(value, say))));
}
