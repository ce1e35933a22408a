import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ScreenReader } from '../../../../src/tmux/pane/screenParser';
import { parseScreen } from '../../../support/parseScreen';

const META = { width: 80, height: 2, cursorX: 0, cursorY: 0, cursorVisible: true };
const runs = (line: string) =>
  parseScreen([line], META).lines[0]?.runs.map(({ text, bold, dim, inverse, fg }) => [
    text,
    [bold && 'bold', dim && 'dim', inverse && 'inverse', fg].filter(Boolean).join(' '),
  ]);

describe('the screen parser', () => {
  it('splits a row into runs of one style', () => {
    assert.deepEqual(runs('a\u001b[1mb\u001b[0;2mc\u001b[22;7md\u001b[27me'), [
      ['a', ''],
      ['b', 'bold'],
      ['c', 'dim'],
      ['d', 'inverse'],
      ['e', ''],
    ]);
  });

  it('parses the three notations of a colour, and does not read their arguments as styles', () => {
    assert.deepEqual(runs('\u001b[31mr\u001b[38;5;246mg\u001b[38;2;1;2;7mt\u001b[48;5;1mb\u001b[39mn'), [
      ['r', '31'],
      ['g', '38;5;246'],
      ['t', '38;2;1;2;7'],
      ['b', '38;2;1;2;7'],
      ['n', ''],
    ]);
  });

  it('continues a style over the end of a row, as tmux writes it', () => {
    const { lines } = parseScreen(['\u001b[2mfaint', 'still\u001b[0m not'], META);
    assert.deepEqual(
      lines[1]?.runs.map(({ text, dim }) => [text, dim]),
      [
        ['still', true],
        [' not', false],
      ],
    );
  });

  it('drops hyperlinks and character set shifts', () => {
    assert.equal(
      parseScreen(['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\ \u000eq\u000f\u001b(B.'], META).lines[0]?.text,
      'link q.',
    );
  });

  it('returns the plain text, whatever its styles', () => {
    const sgr = fc.constantFrom('', '\u001b[0m', '\u001b[1;31m', '\u001b[38;5;9m', '\u001b[38;2;1;2;3m', '\u001b[7m');
    const word = fc.string({ unit: fc.constantFrom('a', 'Z', '❯', '─', '日', ';', '[', 'm') });
    fc.assert(
      fc.property(fc.array(fc.tuple(sgr, word)), (parts) => {
        const line = parseScreen([parts.map(([style, text]) => style + text).join('')], META).lines[0];
        assert.equal(line?.runs.map(({ text }) => text).join(''), parts.map(([, text]) => text).join(''));
      }),
    );
  });

  it('gives the same result whatever was parsed before, also when a style began in another row', () => {
    const row = fc.constantFrom('', 'plain', '\u001b[2mfaint', 'still\u001b[0m not', '\u001b[31mred', '❯\u00a0x');
    const screen = fc.array(row, { maxLength: 6 });
    fc.assert(
      fc.property(screen, screen, (first, second) => {
        const reader = new ScreenReader();
        reader.read(first, META);
        assert.deepEqual(reader.read(second, META), parseScreen(second, META));
      }),
    );
  });

  it('parses an unchanged row again when the background before it has changed', () => {
    const reader = new ScreenReader();
    reader.read(['\u001b[41mred', 'row'], META);
    const { lines } = reader.read(['\u001b[42mgreen', 'row'], META);
    assert.equal(lines[1]?.runs[0]?.bg, '42');
  });

  it('returns the same object for an unchanged row', () => {
    const reader = new ScreenReader();
    const first = reader.read(['same', 'old'], META);
    const second = reader.read(['same', 'new'], META);
    assert.equal(second.lines[0], first.lines[0]);
    assert.notEqual(second.lines[1], first.lines[1]);
  });
});
