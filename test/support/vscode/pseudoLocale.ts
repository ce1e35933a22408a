/**
 * A pseudo-language for tests: each translated text is in brackets, so any text outside of them was never translated.
 */
import * as l10n from '@vscode/l10n';
import { spokenBundle } from './collectL10nStrings';

export const pseudoBundle = (): Record<string, string> =>
  Object.fromEntries(Object.keys(spokenBundle()).map((text) => [text, `⟦${text}⟧`]));

/** Sets it for the tests of a `describe`; afterwards everything is English again. */
export function inPseudo(): void {
  before(() => l10n.config({ contents: pseudoBundle() }));
  after(() => l10n.config({ contents: {} }));
}

/** Returns words outside of brackets that are not in `data`: untranslatable text. */
export function untranslated(texts: readonly string[], data: unknown): readonly string[] {
  const known = JSON.stringify(data);
  return texts.flatMap((text) =>
    (outside(text).match(/[a-z]{2,}/gi) ?? [])
      .filter((word) => !known.includes(word))
      .map((word) => `${word}: ${text}`),
  );
}

function outside(text: string): string {
  const inner = text.replace(/⟦[^⟦⟧]*⟧/g, ' ');
  return inner === text ? text : outside(inner);
}
