import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ScreenReading } from '../../../../src/core/agents/agentProfile';
import { matchComposer } from '../../../../src/core/messages/inputBoxMatch';
import { readOpenCodeScreen } from '../../../../src/profiles/openCode/screen';
import { parseScreen } from '../../../support/parseScreen';
import { screenNames, screenOf } from '../../../support/screenFixtures';

const read = (screen: string): ScreenReading => readOpenCodeScreen(screenOf(`opencode-1.18.33-${screen}`));

describe('the screen of OpenCode 1.18.33', () => {
  for (const screen of ['empty-at-start', 'empty-after-turn', 'after-reject', 'after-block']) {
    it(`is ready with an empty input box, whatever the sidebar shows: ${screen}`, () => {
      const { kind, composer, dialog } = read(screen);
      assert.deepEqual(
        { kind, empty: composer?.empty, whole: composer?.whole, text: composer?.text, dialog },
        { kind: 'ready', empty: true, whole: true, text: '', dialog: '' },
      );
    });
  }

  it('is busy with an input box while it works, and reports a queued prompt', () => {
    const states = ['busy', 'busy-draft', 'busy-queued'].map((screen) => {
      const { kind, composer, queued } = read(screen);
      return { kind, text: composer?.text, queued };
    });
    assert.deepEqual(states, [
      { kind: 'busy', text: '', queued: false },
      { kind: 'busy', text: 'a draft while busy', queued: false },
      { kind: 'busy', text: '', queued: true },
    ]);
  });

  for (const [screen, words] of Object.entries({
    permission: 'Permission required',
    question: 'Which colour?',
    palette: 'covers the composer',
  })) {
    it(`is a dialog without an input box: ${screen}`, () => {
      const { kind, composer, dialog } = read(screen);
      assert.deepEqual({ kind, composer }, { kind: 'dialog', composer: null });
      assert.ok(dialog.includes(words), `says what it is about: ${dialog}`);
    });
  }

  it('is a dialog while Enter would accept a completion from a menu', () => {
    assert.deepEqual(
      ['slash-menu', 'at-menu'].map((screen) => [read(screen).kind, read(screen).composer?.text]),
      [
        ['dialog', '/clear'],
        ['dialog', 'see @'],
      ],
    );
  });

  it('distinguishes a draft from the placeholder, and has no empty input box in shell mode', () => {
    assert.equal(read('draft-at-start').composer?.text, 'half draft');
    assert.deepEqual(
      ['shell-empty', 'shell-draft'].map((screen) => [read(screen).composer?.text, read(screen).composer?.empty]),
      [
        ['!', false],
        ['!ls', false],
      ],
    );
  });

  it('recognises a paste by its size', () => {
    const composer = read('pasted').composer ?? assert.fail();
    const lines = (count: number): string => `[${Array.from({ length: count }, (_, i) => `line ${i}`).join('\n')}`;
    assert.deepEqual([matchComposer(composer, lines(8)), matchComposer(composer, lines(7))], ['exact', 'partial']);
  });

  it('has no input box before the first drawing', () => {
    const screen = (line: string) =>
      readOpenCodeScreen(
        parseScreen([line, '', ''], { width: 80, height: 3, cursorX: 0, cursorY: 0, cursorVisible: true }),
      ).kind;
    assert.deepEqual([screen(''), screen('$ opencode')], ['starting', 'unknown']);
  });

  it('reads every captured screen', () => {
    for (const name of screenNames().filter((each) => each.startsWith('opencode')))
      assert.notEqual(readOpenCodeScreen(screenOf(name)).kind, 'unknown', name);
  });
});
