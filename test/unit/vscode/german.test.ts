import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { placesOf } from './spokenTexts';

const read = (file: string): Record<string, string> => JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
/** What a translation must leave as it is: links, settings, icons, code. What may change is only what is read. */
const fixedOf = (text: string): readonly string[] => [...placesOf(text), ...(text.match(/\]\([^)]*\)|\$\([\w~-]+\)|`[^`]*`|\n/g) ?? [])].sort();
/** Names and words that German has taken over. */
const SAME = /^(\d|\W|\b(Agent|CLI|Host|Monitor|Name|Plan|Terminal|Text|normal|s)\b|\{\d+\})+$/;

for (const [english, german] of [['package.nls.json', 'package.nls.de.json'], ['l10n/bundle.l10n.json', 'l10n/bundle.l10n.de.json']] as const) {
  describe(`German: ${german}`, () => {
    const [from, to] = [read(english), read(german)];

    it('says everything that the English one says, and nothing else', () => {
      assert.deepEqual(Object.keys(to).sort(), Object.keys(from).sort());
    });

    it('keeps every value, link, icon, line and piece of code', () => {
      for (const [key, text] of Object.entries(from)) assert.deepEqual(fixedOf(to[key] ?? ''), fixedOf(text), key);
    });

    it('is German, without a text forgotten, and addresses the person politely', () => {
      const forgotten = Object.entries(from).filter(([key, text]) => to[key] === text && !SAME.test(text)).map(([key]) => key);
      assert.deepEqual(forgotten, []);
      for (const [key, text] of Object.entries(to)) assert.doesNotMatch(text, /\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b/, key);
    });
  });
}
