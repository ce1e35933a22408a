import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Composer } from '../../../../src/core/agents/agentProfile';
import { matchComposer } from '../../../../src/core/messages/inputBoxMatch';
import { ACCOUNTED, isUnread, matchOwnText, NO_CONTACT, withFirstPiece } from '../../../../src/core/messages/ownText';

const TEXT = '[TACO → AGENT-2]: Your task: build the server';

function composer(text: string, whole = true): Composer {
  const rows = text.split('\n');
  return { text, rows, empty: text === '', whole, columns: 80 };
}

describe('matchOwnText', () => {
  for (const [shown, owed, match] of [
    ['', 1, 'empty'],
    ['[', 1, 'partial'],
    ['[[', 2, 'partial'],
    ['[[[', 2, 'foreign'],
    [TEXT, 0, 'exact'],
    [`[${TEXT}`, 2, 'partial'],
    [`[${TEXT.slice(0, 20)}`, 1, 'partial'],
    [`[[${TEXT}`, 1, 'foreign'],
    ['[hello', 1, 'foreign'],
    ['hello', 1, 'foreign'],
    ['hello[', 1, 'foreign'],
  ] as const) {
    it(`returns ${match} for ${JSON.stringify(shown)} and ${owed} owed probes`, () => {
      assert.equal(matchOwnText(composer(shown), TEXT, owed), match);
    });
  }

  it('accepts only late probes if there is no text', () => {
    assert.equal(matchOwnText(composer('['), '', 1), 'partial');
    assert.equal(matchOwnText(composer('['), '', 0), 'foreign');
    assert.equal(matchOwnText(composer('a draft that is scrolled', false), '', 1), 'foreign');
    assert.equal(matchOwnText(composer(`[${TEXT}`), '', 1), 'foreign');
  });

  it('accepts the text, or a part of it, after any number of owed probes', () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 12, maxLength: 80 })
          .map((text) => `[USER → AGENT-2]: ${text.replace(/\s/g, ' ')}`.trimEnd()),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(),
        (text, owed, cut) => {
          const shown = text.slice(0, 1 + (cut % text.length));
          // The text's own first character is one of the probes.
          for (let probes = 0; probes < owed; probes++)
            assert.notEqual(matchOwnText(composer('['.repeat(probes) + shown), text, owed), 'foreign');
        },
      ),
    );
  });

  it('equals matchComposer if no probe is owed', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), fc.boolean(), (shown, text, whole) => {
        assert.equal(matchOwnText(composer(shown, whole), text, 0), matchComposer(composer(shown, whole), text));
      }),
    );
  });

  it('never accepts a draft with a letter that TACO did not type', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        fc.constantFrom('a', 'Ω', '7'),
        (before, owed, letter) => {
          assert.equal(matchOwnText(composer('['.repeat(before) + letter), TEXT, owed), 'foreign');
        },
      ),
    );
  });
});

describe('the first contact with a process', () => {
  it('waits for a probe, twice as long for each further one, up to a limit', () => {
    const one = withFirstPiece(NO_CONTACT, 1000);
    assert.deepEqual([isUnread(one, 1001), isUnread(one, 4999), isUnread(one, 5001)], [true, true, false]);
    const two = withFirstPiece(one, 5001);
    assert.deepEqual([isUnread(two, 12_000), isUnread(two, 13_002)], [true, false]);
    const many = Array.from({ length: 12 }).reduce<typeof one>((contact) => withFirstPiece(contact, 0), one);
    assert.deepEqual([isUnread(many, 29_000), isUnread(many, 30_001)], [true, false]);
  });

  it('does not wait if no probe is owed or the clock was set back', () => {
    assert.equal(isUnread(NO_CONTACT, 0), false);
    assert.equal(isUnread(ACCOUNTED, 0), false);
    assert.equal(isUnread(withFirstPiece(NO_CONTACT, 10_000_000), 0), false);
  });

  it('stays proven when another probe is typed', () => {
    assert.deepEqual(withFirstPiece(ACCOUNTED, 5), { proven: true, owed: 1, at: 5 });
  });
});
