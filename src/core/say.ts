/** Texts that can be said in the person's language. Pure: which language that is, only whoever shows them knows. */

/**
 * Says a text; `{0}`, `{1}` … are its values. Views give the `t` of `@vscode/l10n`. Agents, files, logs, Redis and the command line get
 * `english`, whatever language the person has.
 */
export type Say = (text: string, ...values: (string | number)[]) => string;

/** The texts stand in the code in English; a translation is found by them. */
export const english: Say = (text, ...values) => text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));

/** A word of a table, which is made before anybody knows the language. */
export type Word = (say: Say) => string;
