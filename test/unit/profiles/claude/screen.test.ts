import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { TerminalScreen, ScreenReading } from '../../../../src/core/agents/agentProfile';
import { matchComposer } from '../../../../src/core/messages/inputBoxMatch';
import { blockedClaudePrompt, readClaudeScreen } from '../../../../src/profiles/claude/screen';
import { parseScreen } from '../../../support/parseScreen';
import { screenNames, screenOf } from '../../../support/screenFixtures';

const VERSIONS = ['2.1.197', '2.1.331'];
const read = (version: string, screen: string): ScreenReading =>
  readClaudeScreen(screenOf(`claude-${version}-${screen}`));

/** Returns a plain screen with these lines; the cursor is where a line contains `|`, which is removed. */
function plainScreen(lines: readonly string[]): TerminalScreen {
  const y = Math.max(
    0,
    lines.findIndex((line) => line.includes('|')),
  );
  const x = Math.max(0, (lines[y] ?? '').indexOf('|'));
  return parseScreen(
    lines.map((line) => line.replace('|', '')),
    { width: 40, height: lines.length, cursorX: x, cursorY: y, cursorVisible: false },
  );
}
const RULE = '─'.repeat(40);

for (const version of VERSIONS) {
  describe(`the screen of Claude Code ${version}`, () => {
    for (const screen of [
      'empty-at-start',
      'plan-mode',
      'accept-edits',
      'empty-80x24',
      'empty-60x20',
      'empty-40x15',
      'empty-220x50',
      'after-reject',
      'ctrl-c-once',
      'shortcuts',
      'imitation',
    ]) {
      it(`is ready with an empty input box: ${screen}`, () => {
        const { kind, composer, dialog } = read(version, screen);
        assert.deepEqual(
          { kind, empty: composer?.empty, whole: composer?.whole, text: composer?.text, dialog },
          { kind: 'ready', empty: true, whole: true, text: '', dialog: '' },
        );
      });
    }

    for (const screen of ['busy', 'busy-60x20', 'busy-40x15', 'busy-220x50']) {
      it(`is busy with an empty input box: ${screen}`, () => {
        const { kind, composer, queued } = read(version, screen);
        assert.deepEqual({ kind, empty: composer?.empty, queued }, { kind: 'busy', empty: true, queued: false });
      });
    }

    for (const [screen, words] of Object.entries({
      permission: 'Bash command',
      'permission-80x24': '',
      'permission-60x20': '',
      'permission-40x15': '',
      'permission-220x50': 'Bash command',
      'permission-write': 'Create file',
      question: 'Which database?',
      'plan-approval': 'Exit plan mode?',
      'model-picker': 'Select model',
      config: '',
      help: '',
      resume: '',
      transcript: '',
      'history-search': '',
      rewind: 'Rewind',
      trust: 'Accessing workspace',
      'api-key': 'custom API key',
      onboarding: '',
    })) {
      it(`is a dialog without an input box: ${screen}`, () => {
        const { kind, composer, dialog } = read(version, screen);
        assert.deepEqual({ kind, composer }, { kind: 'dialog', composer: null });
        assert.ok(dialog.includes(words) && dialog !== '', `says what it is about: ${dialog}`);
      });
    }

    for (const screen of ['slash-menu', 'slash-menu-mod', 'at-menu', 'at-menu-src']) {
      it(`is a dialog while Enter would accept a completion: ${screen}`, () => {
        const { kind, composer } = read(version, screen);
        assert.equal(kind, 'dialog');
        assert.match(composer?.text ?? '', /[/@]/);
      });
    }

    it('distinguishes a draft from the placeholder', () => {
      assert.equal(read(version, 'draft').composer?.text, 'draft of a person');
      assert.equal(read(version, 'busy-draft').composer?.text, 'a draft while busy');
      const queued = read(version, 'busy-queued');
      assert.deepEqual(
        { kind: queued.kind, queued: queued.queued, empty: queued.composer?.empty },
        { kind: 'busy', queued: true, empty: true },
      );
    });

    it('returns the rows of a draft as drawn, including empty ones', () => {
      assert.deepEqual(read(version, 'draft-lines').composer?.rows, ['line one', 'line two', '', 'line four']);
      assert.equal(read(version, 'draft-lines').composer?.text, 'line one\nline two\n\nline four');
    });

    it('joins rows that were wrapped between words, and words that were cut', () => {
      const sentence = 'The quick brown fox jumps over the lazy dog, and then again: '.repeat(6).trim();
      assert.equal(read(version, 'draft-wrapped').composer?.text, sentence);
      for (const [screen, width] of [
        ['unbroken-80x24', 80],
        ['unbroken-60x20', 60],
      ] as const) {
        const composer = read(version, screen).composer;
        assert.equal(composer?.text, 'x'.repeat(2 * width + 10));
        assert.equal(composer.columns, width - 4);
        assert.equal(composer.rows[0]?.length, composer.columns);
      }
    });

    it('detects that only the end of a long draft is visible', () => {
      const composer = read(version, 'draft-60-rows').composer;
      assert.equal(composer?.whole, false);
      assert.equal(composer.rows.at(-1), 'row 59 of a long text');
      const text = Array.from({ length: 60 }, (_, i) => `row ${i} of a long text`).join('\n');
      assert.equal(matchComposer(composer, text), 'tail');
    });

    it('does not mistake a collapsed paste for the hidden text', () => {
      const composer = read(version, 'pasted').composer;
      assert.deepEqual({ empty: composer?.empty, whole: composer?.whole }, { empty: false, whole: false });
    });

    it('never has an empty input box in shell mode, where the next text would be run', () => {
      for (const screen of ['bash-empty', 'bash-draft']) {
        const composer = read(version, screen).composer;
        assert.equal(composer?.empty, false);
        assert.match(composer.text, /^!/);
      }
    });
  });
}

describe('any screen of Claude Code', () => {
  it('has an expected reading: every fixture is used', () => {
    assert.ok(screenNames().length >= 90);
  });

  it('still shows queued messages when their turn begins', () => {
    const { kind, queued } = readClaudeScreen(screenOf('claude-2.1.197-queued-turn-begins'));
    assert.deepEqual({ kind, queued }, { kind: 'busy', queued: true });
  });

  it('has a draft if it fills the whole pane and its upper rule is hidden', () => {
    const { kind, composer } = readClaudeScreen(screenOf('claude-2.1.197-pane-filled'));
    assert.deepEqual(
      { kind, whole: composer?.whole, rows: composer?.rows.length },
      { kind: 'ready', whole: false, rows: 37 },
    );
  });

  it('keeps emoji of a draft as the terminal draws them', () => {
    assert.match(readClaudeScreen(screenOf('claude-2.1.331-emoji')).composer?.text ?? '', /👨‍👩‍👧 🇩🇪 ✅/u);
  });

  it('is unknown when only a shell is left in the pane', () => {
    assert.deepEqual(readClaudeScreen(screenOf('shell-left')), {
      kind: 'unknown',
      composer: null,
      dialog: '',
      queued: false,
    });
  });

  it('is starting while nothing is drawn', () => {
    assert.equal(readClaudeScreen(plainScreen(['', '', ''])).kind, 'starting');
  });

  it('is unknown, never ready, when the cursor is outside the input box', () => {
    const reading = readClaudeScreen(plainScreen(['|', RULE, '❯\u00a0', RULE, '  some panel']));
    assert.deepEqual({ kind: reading.kind, composer: reading.composer }, { kind: 'unknown', composer: null });
  });

  it('is a dialog when choices are below something like an input box', () => {
    const reading = readClaudeScreen(
      plainScreen([RULE, '❯\u00a0|', RULE, ' Do you want this?', ' ❯ 1. Yes', '   2. No']),
    );
    assert.equal(reading.kind, 'dialog');
    assert.equal(reading.composer, null);
  });

  for (const [what, row] of [
    ['a prompt character', '❯ main ~/proj'],
    ['a choice', '❯ 1. Yes'],
    ['work', '✻ Thinking… (esc to interrupt)'],
    ['a rule', '─'.repeat(38)],
  ] as const)
    it(`is ready below a status line with ${what}`, () => {
      const wide = { width: 100, height: 5, cursorX: 2, cursorY: 1, cursorVisible: false };
      const rule = '─'.repeat(100);
      const rows = (footer: string): TerminalScreen => parseScreen([rule, '❯\u00a0', rule, `  ${row}`, footer], wide);
      assert.equal(readClaudeScreen(rows('  ⏸ manual mode on · ← for agents')).kind, 'ready');
      assert.equal(readClaudeScreen(rows('  ⏸ manual mode on · esc to interrupt')).kind, 'busy');
    });

  it('shows the permission mode of the footer, and none of a status line', () => {
    const wide = { width: 100, height: 5, cursorX: 2, cursorY: 1, cursorVisible: false };
    const rule = '─'.repeat(100);
    const mode = (...footer: readonly string[]): string | undefined =>
      readClaudeScreen(parseScreen([rule, '❯\u00a0', rule, ...footer], wide)).permissionMode;
    assert.equal(mode('  ⏸ manual mode on · ? for shortcuts'), 'default');
    assert.equal(mode('  ⏸ plan mode on (shift+tab to cycle)'), 'plan');
    assert.equal(mode('  ⏵⏵ accept edits on (shift+tab to cycle) · esc to interrupt'), 'acceptEdits');
    assert.equal(mode('  ⏵⏵ auto mode on (shift+tab to cycle)'), 'auto');
    assert.equal(mode("  ⏵⏵ don't ask on (shift+tab to cycle)"), 'dontAsk');
    assert.equal(mode('  ⏵⏵ auto mode on', '  ⏸ plan mode on (shift+tab to cycle)'), 'plan');
    assert.equal(mode('  ? for shortcuts'), undefined);
  });

  it('names the reason of a hook that blocked the prompt, while that is the last entry', () => {
    const entry = [
      '● UserPromptSubmit operation blocked by hook:',
      '  [/home/me/no-mondays.sh]: no prompts on Mondays',
      '',
      '  Original prompt: [USER → AGENT-2]: work',
      '',
    ];
    const box = [RULE, '❯\u00a0[USER → AGENT-2]: work|', RULE, '  ⏸ manual mode on'];
    assert.deepEqual(blockedClaudePrompt(plainScreen([...entry, ...box])), {
      reason: 'no prompts on Mondays',
      prompt: '[USER → AGENT-2]: work',
    });
    assert.equal(blockedClaudePrompt(plainScreen([...entry, '❯ another prompt', '', ...box])), null);
    assert.equal(blockedClaudePrompt(plainScreen(['● It is blocked by hook:', '  Original prompt: x', ...box])), null);
    assert.equal(blockedClaudePrompt(plainScreen(box)), null);
  });

  it('has no input box without the no-break space after the prompt character', () => {
    assert.equal(readClaudeScreen(plainScreen([RULE, '❯ echo|', RULE])).kind, 'unknown');
  });

  it('drops a suggestion behind the cursor but keeps a real letter under it', () => {
    const line = (text: string): TerminalScreen =>
      parseScreen([RULE, text, RULE], { width: 40, height: 3, cursorX: 4, cursorY: 1, cursorVisible: false });
    assert.equal(readClaudeScreen(line('❯\u00a0ab\u001b[7mc\u001b[0;2mdef\u001b[0m')).composer?.text, 'ab');
    assert.equal(readClaudeScreen(line('❯\u00a0ab\u001b[7mc\u001b[0md')).composer?.text, 'abcd');
  });

  it('is read without an error for any content', () => {
    for (const lines of [[], ['─'], [RULE], [RULE, RULE], ['❯'], [RULE, '', RULE], ['  ', '  ', '  ', '  ', RULE]]) {
      assert.doesNotThrow(() => readClaudeScreen(plainScreen(lines)));
      assert.notEqual(readClaudeScreen(plainScreen(lines)).kind, 'ready');
    }
  });
});
