import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { walkthroughSteps } from '../../../../src/vscode/manifest/walkthrough';
import { placesOf } from '../../../support/vscode/collectL10nStrings';

const read = (file: string): Record<string, string> => JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
/**
 * The parts that a translation must not change: links, settings, icons, code. Only the text between them may change.
 */
const fixedOf = (text: string): readonly string[] =>
  [...placesOf(text), ...(text.match(/\]\([^)]*\)|\$\([\w~-]+\)|`[^`]*`|\n/g) ?? [])].sort();
/** Names and words that are the same in German. */
const SAME = /^(\d|\W|\b(Agent|CLI|Host|Monitor|Name|Plan|Terminal|Text|normal|p50|p95|s)\b|\{\d+\})+$/;

for (const [english, german] of [
  ['package.nls.json', 'package.nls.de.json'],
  ['l10n/bundle.l10n.json', 'l10n/bundle.l10n.de.json'],
] as const) {
  describe(`German: ${german}`, () => {
    const [from, to] = [read(english), read(german)];

    it('translates every text of the English original, and nothing else', () => {
      assert.deepEqual(Object.keys(to).sort(), Object.keys(from).sort());
    });

    it('keeps every value, link, icon, line and piece of code', () => {
      for (const [key, text] of Object.entries(from)) assert.deepEqual(fixedOf(to[key] ?? ''), fixedOf(text), key);
    });

    it('is German, complete, and uses the polite form of address', () => {
      const forgotten = Object.entries(from)
        .filter(([key, text]) => to[key] === text && !SAME.test(text))
        .map(([key]) => key);
      assert.deepEqual(forgotten, []);
      for (const [key, text] of Object.entries(to))
        assert.doesNotMatch(text, /\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b/, key);
    });
  });
}

describe('German: the walkthrough', () => {
  // VS Code uses `ID.nls.LANGUAGE.md` where it exists.
  for (const { id } of walkthroughSteps) {
    it(`has a polite text beside the step "${id}" that keeps its shape and its code`, () => {
      const [english, german] = [`${id}.md`, `${id}.nls.de.md`].map((file) =>
        readFileSync(`media/walkthrough/${file}`, 'utf8'),
      ) as [string, string];
      const shapeOf = (text: string): readonly string[] =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => /^(### |- |> |\||)/.exec(line)?.[0] ?? '');
      assert.deepEqual(shapeOf(german), shapeOf(english));
      assert.deepEqual(german.match(/`[^`]*`/g), english.match(/`[^`]*`/g));
      assert.doesNotMatch(german, /\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b/);
      assert.notEqual(german.split('\n')[0], english.split('\n')[0]);
    });
  }
});
