import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { LaunchContext, ScreenReading } from '../../../../src/core/agents/agentProfile';
import { matchComposer } from '../../../../src/core/messages/inputBoxMatch';
import { copilotProfile } from '../../../../src/profiles/copilot/profile';
import { readCopilotScreen } from '../../../../src/profiles/copilot/screen';
import { screenOf } from '../../../support/screenFixtures';

const read = (screen: string): ScreenReading => readCopilotScreen(screenOf(`copilot-1.0.102-${screen}`));

describe('the screen of Copilot CLI', () => {
  for (const screen of ['empty', 'empty-60x20']) {
    it(`is ready with an empty input box: ${screen}`, () => {
      const { kind, composer, dialog } = read(screen);
      assert.deepEqual(
        { kind, empty: composer?.empty, whole: composer?.whole, dialog },
        { kind: 'ready', empty: true, whole: true, dialog: '' },
      );
    });
  }

  for (const screen of ['busy', 'busy-60x20', 'busy-draft', 'busy-queued']) {
    it(`is busy while its footer is animated: ${screen}`, () => {
      const { kind, composer, queued } = read(screen);
      assert.deepEqual(
        { kind, text: composer?.text, queued },
        { kind: 'busy', text: screen === 'busy-draft' ? 'queued one' : '', queued: screen === 'busy-queued' },
      );
    });
  }

  it('is starting while it loads plugins, when typed text may be lost', () => {
    const { kind, composer } = read('loading');
    assert.deepEqual({ kind, composer }, { kind: 'starting', composer: null });
  });

  it('is a dialog while it asks for trust in the folder', () => {
    const { kind, dialog } = read('trust');
    assert.equal(kind, 'dialog');
    assert.match(dialog, /Do you trust the files in this folder\?/);
  });

  for (const screen of ['permission', 'permission-60x20']) {
    it(`is a dialog without an input box: ${screen}`, () => {
      const { kind, composer, dialog } = read(screen);
      assert.deepEqual({ kind, composer }, { kind: 'dialog', composer: null });
      assert.match(dialog, /Do you want to run this command\?/);
      assert.doesNotMatch(dialog, /[│╭]/);
    });
  }

  for (const screen of ['menu-slash', 'menu-at', 'menu-help']) {
    it(`is a dialog while the next key would not be typed text: ${screen}`, () =>
      assert.equal(read(screen).kind, 'dialog'));
  }

  for (const screen of ['history-search', 'sidebar', 'tab']) {
    it(`has no focused input box: ${screen}`, () => {
      const { kind, composer } = read(screen);
      assert.ok((kind === 'unknown' && composer === null) || kind === 'dialog', kind);
    });
  }

  it('has a draft, including its empty lines', () => {
    assert.equal(read('draft').composer?.text, 'a draft of mine');
    assert.deepEqual(read('draft-lines').composer?.rows, ['one', '', 'three lines']);
  });

  it('may hide a part of a draft that fills its half of the pane', () => {
    const { composer } = read('draft-long');
    const text = `${Array.from({ length: 190 }, (_, n) => `${n}: The quick brown fox reviews pull request 42.`)
      .join(' ')
      .slice(0, 9000)}#`;
    assert.ok(composer && !composer.whole);
    assert.equal(matchComposer(composer, text), 'tail');
  });

  it('recognises a paste by its lines', () => {
    const { composer } = read('pasted');
    const text = `[USER → AGENT-2]: ${Array.from({ length: 60 }, (_, n) => `line ${n} of 60`).join('\n')}`;
    assert.ok(composer);
    assert.equal(matchComposer(composer, text), 'exact');
    assert.equal(matchComposer(composer, `${text}\nmore`), 'foreign');
  });

  it('never has an empty input box in shell mode', () => {
    assert.deepEqual([read('shell').composer?.empty, read('shell-draft').composer?.text], [false, '!ls']);
  });
});

describe('the text pasted into Copilot CLI', () => {
  it('has a visible mark before a command, since spaces are ignored there', () => {
    assert.equal(copilotProfile.textToType(' !rm -rf x'), '»  !rm -rf x ');
    assert.equal(copilotProfile.textToType('/clear'), '» /clear ');
    assert.equal(copilotProfile.textToType('exit'), '» exit ');
    assert.equal(copilotProfile.textToType('[USER → AGENT-2]: exit'), '[USER → AGENT-2]: exit ');
  });

  it('equals the sent text with its mark and without spaces at both ends', () => {
    assert.ok(copilotProfile.sameText('/clear', '» /clear'));
    assert.ok(copilotProfile.sameText('  indented', 'indented'));
    assert.ok(!copilotProfile.sameText('one two', 'one'));
  });
});

describe('the launch of Copilot CLI', () => {
  const context: LaunchContext = {
    window: 2,
    name: 'api',
    command: '/opt/copilot',
    workspace: '/work/it',
    sessionId: 'abc',
    resume: false,
    systemPrompt: 'You are api.',
    stateDir: '/state',
    hookCommand: ["/it's here/taco", 'hook'],
    mcpCommand: ['/bin/taco', 'mcp'],
    env: { COPILOT_CUSTOM_INSTRUCTIONS_DIRS: '/mine' },
  };
  const fileOf = (path: string): string =>
    copilotProfile.launch(context).files.find((file) => file.path === path)?.contents ?? assert.fail(path);

  it("adds hooks as a plugin with TACO's event names", () => {
    const { hooks } = JSON.parse(fileOf('/state/copilot-plugin/hooks.json')) as {
      hooks: Record<string, { bash: string }[]>;
    };
    assert.equal(hooks['userPromptSubmitted']?.[0]?.bash, `'/it'\\''s here/taco' hook UserPromptSubmit`);
    assert.equal(hooks['agentStop']?.[0]?.bash, `'/it'\\''s here/taco' hook Stop`);
  });

  it("adds the role as a folder of instructions beside the user's", () => {
    assert.equal(fileOf('/state/copilot-role/taco.instructions.md'), '---\napplyTo: "**"\n---\nYou are api.\n');
    assert.deepEqual(copilotProfile.launch(context).env, {
      COPILOT_CUSTOM_INSTRUCTIONS_DIRS: '/mine,/state/copilot-role',
    });
  });

  it('begins a conversation by its id, or continues it', () => {
    assert.equal(copilotProfile.launch(context).argv[1], '--session-id=abc');
    assert.equal(copilotProfile.launch({ ...context, resume: true }).argv[1], '--resume=abc');
  });
});
