import assert from 'node:assert/strict';
import { describeReading, isOpenReceipt } from '../../../../src/core/messages/readingNote';

describe('the place at which the model read a message', () => {
  it('is the tool call before which it was read', () => {
    assert.equal(
      describeReading({ turn: 2, began: false, calls: 13, after: 'ls', before: 'npm test' }),
      'read before `npm test` (call 14)',
    );
  });

  it('is the last call until another one follows', () => {
    assert.equal(describeReading({ turn: 2, began: false, calls: 13, after: 'ls' }), 'read after `ls` (call 13)');
    assert.equal(
      describeReading({ turn: 2, began: false, calls: 13, after: 'ls', answered: true }),
      'read after `ls` (call 13), before the answer',
    );
  });

  it('is open while the next step of the model is not known', () => {
    const reading = { turn: 2, began: false, calls: 13, after: 'ls' };
    assert.equal(isOpenReceipt(describeReading(reading)), true);
    assert.equal(isOpenReceipt(describeReading({ turn: 1, began: false, calls: 0 })), true);
    for (const settled of [{ before: 'a' }, { answered: true }, { began: true }])
      assert.equal(isOpenReceipt(describeReading({ ...reading, ...settled })), false);
  });

  it('is the turn that the message began', () => {
    assert.equal(describeReading({ turn: 5, began: true, calls: 0 }), 'read as turn 5');
  });

  it('shows the first line of a long command', () => {
    assert.equal(
      describeReading({ turn: 1, began: false, calls: 0, before: 'cat <<X\nmany lines' }),
      'read before `cat <<X…` (call 1)',
    );
  });
});
