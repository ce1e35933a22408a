import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ScreenReading } from '../../../../src/core/agents/agentProfile';
import { matchComposer } from '../../../../src/core/messages/inputBoxMatch';
import { readGeminiScreen } from '../../../../src/profiles/gemini/screen';
import { parseScreen } from '../../../support/parseScreen';
import { screenNames, screenOf } from '../../../support/screenFixtures';

const read = (screen: string): ScreenReading => readGeminiScreen(screenOf(`gemini-0.61.0-${screen}`));

describe('the screen of Gemini CLI 0.61.0', () => {
  for (const screen of ['empty-at-start', 'empty-after-turn', 'after-reject']) {
    it(`is ready with an empty input box: ${screen}`, () => {
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
    permission: 'Allow execution of [Shell]?',
    question: 'Which colour?',
  })) {
    it(`is a dialog without an input box, although past prompts are framed like one: ${screen}`, () => {
      const { kind, composer, dialog } = read(screen);
      assert.deepEqual({ kind, composer }, { kind: 'dialog', composer: null });
      assert.ok(dialog.includes(words), `says what it is about: ${dialog}`);
    });
  }

  it('is busy while it runs hooks, and ignores a rest of that line', () => {
    const edge = (char: string): string => char.repeat(40);
    const kind = (above: string): string =>
      readGeminiScreen(
        parseScreen([above, edge('─'), edge('▄'), ' > \u001b[7m \u001b[0m', edge('▀')], {
          width: 40,
          height: 5,
          cursorX: 3,
          cursorY: 3,
          cursorVisible: false,
        }),
      ).kind;
    assert.deepEqual(
      ['Executing Hooks: taco (2/2)', '? for shortcutsks: taco (2/2)', '✦ Executing Hooks: no'].map(kind),
      ['busy', 'ready', 'ready'],
    );
  });

  it('is a dialog while it asks for trust in an indented frame', () => {
    const lines = [
      ' ╭──────────────────────╮',
      ' │ Do you trust the files in this folder?',
      ' │',
      ' │ ● 1. Trust folder (project)',
      " │   3. Don't trust",
      ' ╰──────────────────────╯',
    ];
    const { kind, dialog } = readGeminiScreen(
      parseScreen(lines, { width: 60, height: 20, cursorX: 0, cursorY: 18, cursorVisible: true }),
    );
    assert.equal(kind, 'dialog');
    assert.ok(dialog.startsWith('Do you trust the files in this folder?'), dialog);
  });

  it('is a dialog while Enter would accept a file from the menu, until a space closes it', () => {
    assert.equal(read('at-menu').kind, 'dialog');
    const closed = (draft: string): string => {
      const edge = (char: string): string => char.repeat(40);
      const lines = [edge('▄'), ` > ${draft}\u001b[7m \u001b[0m`, edge('▀')];
      return readGeminiScreen(
        parseScreen(lines, { width: 40, height: 3, cursorX: 3 + draft.length, cursorY: 1, cursorVisible: false }),
      ).kind;
    };
    assert.equal(closed('see @src/a.ts '), 'ready');
    assert.equal(closed('see @src/a.ts'), 'dialog');
    assert.equal(closed('a@b.c is an address'), 'ready');
  });

  it('distinguishes a draft from the placeholder, and has no empty input box in shell mode', () => {
    assert.equal(read('draft').composer?.text, 'draft of a person');
    assert.deepEqual(
      ['shell-empty', 'shell-draft'].map((screen) => [read(screen).composer?.text, read(screen).composer?.empty]),
      [
        ['!', false],
        ['!ls', false],
      ],
    );
  });

  it('shows ten rows of a longer draft, whose end suffices', () => {
    const { composer } = read('draft-wrapped');
    assert.ok(composer && !composer.whole);
    const words = (n: number): string =>
      Array.from({ length: 40 }, (_, i) => `${n} word${String(i + 1).padStart(3, '0')} `).join('');
    const text = [1, 2, 3, 4, 5, 6, 7, 8].map(words).join('');
    assert.equal(matchComposer(composer, text), 'tail');
    assert.equal(matchComposer(composer, text.replace('8 word020', '')), 'partial');
  });

  it('recognises a paste by its size, wherever the marker wraps', () => {
    assert.equal(matchComposer(read('pasted').composer ?? assert.fail(), `[${'x'.repeat(620)}`), 'exact');
    assert.equal(matchComposer(read('pasted').composer ?? assert.fail(), `[${'x'.repeat(619)}`), 'partial');
    assert.equal(matchComposer(read('draft-60x20').composer ?? assert.fail(), '[six\nlines'), 'foreign');
  });

  it('has no input box before the first drawing', () => {
    assert.equal(
      readGeminiScreen(parseScreen(['', '', ''], { width: 80, height: 3, cursorX: 0, cursorY: 0, cursorVisible: true }))
        .kind,
      'starting',
    );
    assert.equal(
      readGeminiScreen(
        parseScreen(['$ gemini', '', ''], { width: 80, height: 3, cursorX: 0, cursorY: 1, cursorVisible: true }),
      ).kind,
      'unknown',
    );
  });

  it('reads every captured screen', () => {
    for (const name of screenNames().filter((each) => each.startsWith('gemini')))
      assert.notEqual(readGeminiScreen(screenOf(name)).kind, 'unknown', name);
  });
});
