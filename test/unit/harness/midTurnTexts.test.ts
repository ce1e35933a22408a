import assert from 'node:assert/strict';
import { midTurnTexts } from '../../support/clis/midTurnTexts';

const wrapped = (text: string): string =>
  `The user sent a new message while you were working:\n${text}\n\nIMPORTANT: After completing your current task, you MUST address the user's message above. Do not ignore it.`;

describe('The texts of a turn in a request of Claude Code', () => {
  it('are found alone, and as several', () => {
    assert.deepEqual(midTurnTexts(wrapped('use\n\nport 81')), ['use\n\nport 81']);
    assert.deepEqual(midTurnTexts(`${wrapped('one')}\n\n${wrapped('two')}`), ['one', 'two']);
  });

  it('are found behind and before the CLI’s own reminders', () => {
    assert.deepEqual(midTurnTexts(`The task tools were not used recently.\n\n${wrapped('one')}\n\nA date.`), ['one']);
    assert.deepEqual(midTurnTexts(`<system-reminder>\n${wrapped('one')}\n</system-reminder>`), ['one']);
  });

  it('are none in other texts', () => assert.deepEqual(midTurnTexts('(Bash completed with no output)'), []));
});
