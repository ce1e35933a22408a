import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Composer } from '../../../../src/core/agents/agentProfile';
import { composerTail, matchComposer, pieces } from '../../../../src/core/messages/inputBoxMatch';

const composer = (rows: readonly string[], more: Partial<Composer> = {}): Composer => ({
  text: rows.join('\n'),
  rows,
  empty: rows.join('').trim() === '',
  whole: true,
  columns: 40,
  ...more,
});
const TEXT = '[AGENT-4 → AGENT-3]: the API is ready, see docs/api.md for what it can do';

describe('matchComposer', () => {
  it('recognises an empty input box and the exact text, wherever it wraps', () => {
    assert.equal(matchComposer(composer(['']), TEXT), 'empty');
    assert.equal(matchComposer(composer([TEXT]), TEXT), 'exact');
    assert.equal(matchComposer(composer([TEXT.slice(0, 38), TEXT.slice(38)]), TEXT), 'exact');
  });

  it('recognises the tail of a text that is longer than the box shows', () => {
    assert.equal(matchComposer(composer(['docs/api.md for what it can do'], { whole: false }), TEXT), 'tail');
    assert.equal(matchComposer(composer(['docs/api.md for what it can'], { whole: false }), TEXT), 'partial');
  });

  describe('when the CLI shows a paste by its size', () => {
    const fold = /\[Pasted:(\d+)(lines|chars)(?:#\d+)?\]/;
    const lines = '[first\nsecond\nthird';
    const match = (row: string, text: string) => matchComposer(composer([row], { fold }), text);

    it('accepts the text if the size is equal', () => {
      assert.equal(match('[[Pasted: 3 lines]', lines), 'exact');
      assert.equal(match(`[[Pasted: ${TEXT.length - 1} chars]`, TEXT), 'exact');
      assert.equal(matchComposer(composer(['[Pasted: 3', 'lines]'], { fold }), lines), 'exact');
    });

    it('returns partial for another size after text that was typed before', () => {
      assert.equal(match('[[Pasted: 2 lines]', lines), 'partial');
      assert.equal(match(`[[Pasted: ${TEXT.length} chars]`, TEXT), 'partial');
    });

    it("returns foreign without TACO's text before it, or with a second paste after it", () => {
      assert.equal(match('[Pasted: 2 lines]', lines), 'foreign');
      assert.equal(match('[[Pasted: 3 lines][Pasted: 3 lines #2]', lines), 'foreign');
      assert.equal(match('mine: [Pasted: 3 lines]', lines), 'foreign');
    });

    it('accepts the sizes of several pastes, which share a line where one ends and the next begins', () => {
      assert.equal(match('[[Pasted: 2 lines][Pasted: 2 lines #2]', lines), 'exact');
      assert.equal(match('[[Pasted: 2 lines][Pasted: 1 lines #2]', lines), 'partial');
      assert.equal(match(`[[Pasted: ${TEXT.length - 5} chars][Pasted: 4 chars #2]`, TEXT), 'exact');
    });

    it('returns tail if some of its pieces are shown in order', () => {
      assert.equal(match('[first second[Pasted: 20 lines]', `[first second\n${'x\n'.repeat(30)}`), 'tail');
      assert.equal(match('second first[Pasted: 20 lines]', `[first second\n${'x\n'.repeat(30)}`), 'foreign');
    });

    it('accepts a text that itself contains such a marker', () => {
      assert.equal(match('what is [Pasted: 3 lines]?', 'what is [Pasted: 3 lines]?'), 'exact');
    });
  });

  it('returns partial if a piece was lost', () => {
    assert.equal(matchComposer(composer([TEXT.slice(0, 20) + TEXT.slice(40)]), TEXT), 'partial');
    assert.equal(matchComposer(composer([TEXT.slice(0, 30)]), TEXT), 'partial');
  });

  it('returns partial if the CLI treated the text as a paste', () => {
    assert.equal(matchComposer(composer(['[Pasted text #1 +2 lines]'], { whole: false }), TEXT), 'partial');
  });

  it('returns foreign for anything else', () => {
    assert.equal(matchComposer(composer(['do not forget the tests']), TEXT), 'foreign');
    assert.equal(matchComposer(composer([`${TEXT} and mine`]), TEXT), 'foreign');
    assert.equal(matchComposer(composer([`mine ${TEXT}`]), TEXT), 'foreign');
  });

  it('returns foreign for words whose letters occur one by one in a long text', () => {
    assert.equal(matchComposer(composer(['see what is']), TEXT), 'foreign');
  });

  it('accepts emoji that a terminal draws differently from what was typed', () => {
    assert.equal(
      matchComposer(composer(['[USER → AGENT-3]: thumbs 👍 up']), '[USER → AGENT-3]: thumbs 👍🏽 up'),
      'exact',
    );
    assert.equal(
      matchComposer(composer(['[USER → AGENT-3]: family 👨 here']), '[USER → AGENT-3]: family 👨‍👩‍👧 here'),
      'exact',
    );
  });
});

describe('pieces', () => {
  it('join to the same text, none longer than the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 8, max: 50 }), (text, size) => {
        const cut = pieces(text, size);
        assert.equal(cut.join(''), text);
        assert.ok(cut.every((piece) => [...piece].length <= size && piece !== ''));
      }),
    );
  });

  it('never begin with a mark or joiner of the previous character', () => {
    for (const piece of pieces('e\u0301'.repeat(100), 15).slice(1)) assert.doesNotMatch(piece, /^\p{M}/u);
  });
});

describe('composerTail', () => {
  it('returns a part of the last full row', () => {
    assert.equal(composerTail(composer(['first row of it', 'the second row', 'end'])), 'the second row');
    assert.equal(composerTail(composer(['x'.repeat(100)])), 'x'.repeat(40));
    assert.equal(composerTail(composer(['ok'])), 'ok');
    assert.equal(composerTail(composer([''])), undefined);
  });
});
