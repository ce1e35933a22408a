import * as assert from 'node:assert/strict';
import type { TerminalScreen } from '../../../../src/core/agents/agentProfile';
import { shownError } from '../../../../src/core/agents/shownError';

const marks = { error: /^■ /, skipped: /^• Worked/ };
const BOX = '› Ask Codex to do anything';

function screen(...rows: string[]): TerminalScreen {
  const lines = rows.map((text) => ({ text, runs: [] }));
  return { width: 80, height: rows.length, cursor: { x: 2, y: rows.length - 3, visible: true }, lines };
}
const read = (...rows: string[]): string | null =>
  shownError(screen(...rows, '', BOX, '', '  ? for shortcuts'), BOX, marks);

describe('the error that ends a conversation on the screen', () => {
  it('is joined from its rows', () => {
    assert.equal(
      read('› do it', '', "■ You've hit your usage limit. Try again in 5 days 22 hours 11", 'minutes.'),
      "■ You've hit your usage limit. Try again in 5 days 22 hours 11 minutes.",
    );
  });

  it('is found above a summary of the turn', () => {
    assert.equal(read('■ Overloaded', '', '• Worked for 2m 4s', ''), '■ Overloaded');
  });

  it('is none once the conversation went on after it', () => {
    assert.equal(read('■ Overloaded', '', '› go on', '', '• Done: the rate limit is read from a text.'), null);
  });

  it('is none where the model only writes about errors', () => {
    assert.equal(read('• The CLI prints "■ You\'ve hit your usage limit".'), null);
  });

  it('is none without an input box', () => {
    assert.equal(shownError(screen('■ Overloaded'), undefined, marks), null);
    assert.equal(shownError(screen('■ Overloaded'), BOX, marks), null);
  });
});
