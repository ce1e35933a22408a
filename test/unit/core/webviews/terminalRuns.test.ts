import assert from 'node:assert/strict';
import { terminalRuns } from '../../../../src/core/webviews/terminalRuns';

describe('a line of a terminal', () => {
  it('has the 16 colours by number, and all others as red, green and blue', () => {
    const { runs } = terminalRuns(
      'a\u001b[31mb\u001b[1;92mc\u001b[0m\u001b[38;5;208md\u001b[48;2;1;2;300me\u001b[38:5:3mf',
    );
    assert.deepEqual(runs, [
      { text: 'a' },
      { text: 'b', color: 1 },
      { text: 'c', color: 10, bold: true },
      { text: 'd', color: '#ff8700' },
      { text: 'e', color: '#ff8700', background: '#0102ff' },
      { text: 'f', color: 3, background: '#0102ff' },
    ]);
  });

  it('keeps its style for the next line, and ends single parts of it', () => {
    const { style } = terminalRuns('\u001b[1;7;33mx');
    assert.deepEqual(terminalRuns('y\u001b[22;27;39mz', style).runs, [
      { text: 'y', bold: true, inverse: true, color: 3 },
      { text: 'z' },
    ]);
  });

  it('drops every other sequence and control byte', () => {
    assert.deepEqual(
      terminalRuns('a\u001b]8;;https://x\u0007b\u001b[2Kc\u001b(0d\u0000e\u009b')
        .runs.map(({ text }) => text)
        .join(''),
      'abc0de',
    );
    assert.deepEqual(terminalRuns('\u001b[38;5m\u001b[;mx').runs, [{ text: 'x' }]);
  });

  it('has a limited length', () => {
    assert.equal(terminalRuns('x'.repeat(10_000)).runs[0]?.text.length, 400);
  });
});
