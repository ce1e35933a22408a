import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import type { LaunchContext, ScreenReading } from '../../../../src/core/agents/agentProfile';
import { matchComposer } from '../../../../src/core/messages/inputBoxMatch';
import { codexProfile } from '../../../../src/profiles/codex/profile';
import { CODEX_DIALOG_HINTS, readCodexScreen } from '../../../../src/profiles/codex/screen';
import { screenNames, screenOf } from '../../../support/screenFixtures';

const read = (screen: string): ScreenReading => readCodexScreen(screenOf(`codex-0.169.0-${screen}`));

describe('the screen of Codex', () => {
  for (const screen of ['empty-at-start', 'empty-60x20', 'empty-40x15', 'after-turn', 'after-reject']) {
    it(`is ready with an empty input box: ${screen}`, () => {
      const { kind, composer, dialog } = read(screen);
      assert.deepEqual(
        { kind, empty: composer?.empty, whole: composer?.whole, dialog },
        { kind: 'ready', empty: true, whole: true, dialog: '' },
      );
    });
  }

  for (const screen of ['busy', 'busy-60x20', 'busy-40x15', 'busy-draft']) {
    it(`is busy while it shows its working time: ${screen}`, () => {
      const { kind, composer } = read(screen);
      assert.deepEqual({ kind, text: composer?.text }, { kind: 'busy', text: screen === 'busy-draft' ? 'mine' : '' });
    });
  }

  for (const [screen, words] of Object.entries({
    permission: 'Would you like to run',
    'permission-60x20': 'Would you like to run',
    'permission-40x15': '',
    'model-picker': '',
  })) {
    it(`is a dialog without an input box: ${screen}`, () => {
      const { kind, composer, dialog } = read(screen);
      assert.deepEqual({ kind, composer }, { kind: 'dialog', composer: null });
      assert.ok(dialog.includes(words), dialog);
    });
  }

  for (const screen of ['slash-menu', 'at-menu']) {
    it(`is a dialog while Enter would accept a completion: ${screen}`, () => {
      const { kind, composer } = read(screen);
      assert.deepEqual({ kind, empty: composer?.empty }, { kind: 'dialog', empty: false });
    });
  }

  it('has a draft, including its empty lines', () => {
    assert.equal(read('draft').composer?.text, 'a draft of a person');
    assert.deepEqual(read('draft-lines').composer?.rows, ['first line', '', 'third line']);
  });

  it('has the end of a draft that is longer than the input box', () => {
    const { composer } = read('draft-long');
    const text = `${Array.from({ length: 110 }, (_, n) => `${n}: The quick brown fox reviews pull request 42.`)
      .join(' ')
      .slice(0, 5400 - '[USER → AGENT-2]: '.length)}`;
    assert.ok(composer && !composer.whole);
    assert.equal(matchComposer(composer, text), 'tail');
    assert.equal(matchComposer(composer, text.replace('100: The', '100: A')), 'partial');
  });

  it('reports that a paste is shown only as a marker', () => {
    const { composer } = read('pasted');
    assert.deepEqual({ whole: composer?.whole, empty: composer?.empty }, { whole: false, empty: false });
  });

  it('never has an empty input box in shell mode', () => {
    assert.deepEqual([read('shell').composer?.empty, read('shell-draft').composer?.text], [false, '!ls']);
  });

  it('contains no dialog hint when no dialog is open', () => {
    for (const name of screenNames().filter((each) => /^codex-.*-(?:empty|busy|draft|after)/.test(each)))
      for (const hint of CODEX_DIALOG_HINTS)
        assert.ok(!screenOf(name).lines.some((line) => line.text.includes(hint)), `${name}: ${hint}`);
    const permission = readFileSync('test/fixtures/screens/codex-0.169.0-permission.txt', 'utf8').replace(
      /\u001b\[[0-9;]*m/g,
      '',
    );
    assert.ok(CODEX_DIALOG_HINTS.every((hint) => permission.includes(hint)));
  });
});

describe('the text pasted into Codex', () => {
  it('has a space before a command and at the end, which Codex trims', () => {
    assert.equal(codexProfile.textToType('!rm -rf x'), ' !rm -rf x ');
    assert.equal(codexProfile.textToType('/clear\n\n'), ' /clear ');
    assert.equal(codexProfile.textToType('[USER → AGENT-2]: /clear'), '[USER → AGENT-2]: /clear ');
  });

  it('equals the sent text only up to spaces at both ends', () => {
    assert.ok(codexProfile.sameText('  indented ', 'indented'));
    assert.ok(!codexProfile.sameText('one two', 'one  two'));
  });
});

describe('the launch of Codex', () => {
  const context: LaunchContext = {
    window: 2,
    name: 'api',
    command: '/opt/codex',
    workspace: '/work/it',
    sessionId: '',
    resume: false,
    systemPrompt: 'You are "api".\nUse \\ well.',
    stateDir: '/state',
    hookCommand: ["/it's here/taco", 'hook'],
    mcpCommand: ['/bin/taco', 'mcp'],
  };

  it('has a conversation id only to resume one', () => {
    assert.ok(!codexProfile.launch(context).argv.includes('resume'));
    const { argv } = codexProfile.launch({ ...context, sessionId: 'abc', resume: true });
    assert.deepEqual(argv.slice(0, 3), ['/opt/codex', 'resume', 'abc']);
  });

  it('passes hooks, role and tools as TOML values that no text can break', () => {
    const { argv, files } = codexProfile.launch(context);
    const hook = argv.find((word) => word.startsWith('hooks.Stop='));
    assert.equal(
      hook,
      `hooks.Stop=[{hooks=[{type="command",command="'/it'\\\\''s here/taco' hook Stop",timeout=10}]}]`,
    );
    assert.ok(argv.includes('developer_instructions="You are \\"api\\".\\nUse \\\\ well."'));
    assert.ok(
      argv.some((word) => word.startsWith('mcp_servers.taco={command="/bin/taco",args=["mcp"],env_vars=["TACO_HOME",')),
    );
    assert.deepEqual(files, []);
  });
});
