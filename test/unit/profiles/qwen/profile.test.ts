import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { LaunchContext, ScreenReading } from '../../../../src/core/agents/agentProfile';
import { qwenProfile } from '../../../../src/profiles/qwen/profile';
import { readQwenScreen } from '../../../../src/profiles/qwen/screen';
import { screenOf } from '../../../support/screenFixtures';

const read = (screen: string): ScreenReading => readQwenScreen(screenOf(`qwen-0.24.4-${screen}`));

describe('the screen of Qwen Code', () => {
  for (const screen of ['empty-at-start', 'after-turn']) {
    it(`is ready with an empty input box: ${screen}`, () => {
      const { kind, composer } = read(screen);
      assert.deepEqual([kind, composer?.empty, composer?.text], ['ready', true, '']);
    });
  }

  it('shows a draft of one line and of three, without the mark behind it', () => {
    assert.deepEqual([read('draft').kind, read('draft').composer?.text], ['ready', 'hello there']);
    assert.deepEqual(read('draft-lines').composer?.rows, ['line one', 'line two', 'line three']);
  });

  it('is no empty input box in shell mode', () => {
    for (const [screen, text] of [
      ['shell', '!'],
      ['shell-draft', '!ls'],
    ] as const) {
      const { composer } = read(screen);
      assert.deepEqual([composer?.empty, composer?.text], [false, text]);
    }
  });

  it('is busy while its spinner offers to cancel', () => {
    assert.deepEqual([read('busy').kind, read('busy').composer?.empty], ['busy', true]);
  });

  it('is a dialog while a permission is asked for, or a menu would take Enter', () => {
    const { kind, composer, dialog } = read('permission');
    assert.deepEqual([kind, composer], ['dialog', null]);
    assert.match(dialog, /Allow execution of: 'touch'\?/);
    assert.deepEqual([read('slash-menu').kind, read('at-menu').kind], ['dialog', 'dialog']);
  });
});

describe('the text pasted into Qwen Code', () => {
  it('has a visible mark before a command or exit word, and a space at its end', () => {
    assert.deepEqual(
      ['/new', 'exit', 'exit now', '!ls'].map((text) => qwenProfile.textToType(text)),
      ['» /new ', '» exit ', 'exit now ', '!ls '],
    );
    assert.ok(qwenProfile.sameText('exit', '» exit '));
    assert.ok(!qwenProfile.sameText('exit', 'exit now'));
  });
});

describe('the launch of Qwen Code', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'taco-qwen-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const context = (more: Partial<LaunchContext> = {}): LaunchContext => ({
    window: 2,
    name: 'api',
    command: '/opt/qwen',
    workspace: '/tmp/demo',
    env: { QWEN_CODE_SYSTEM_DEFAULTS_PATH: join(dir, 'defaults.json') },
    sessionId: 'the-id',
    resume: false,
    systemPrompt: 'You are api.',
    stateDir: '/tmp/state dir',
    hookCommand: ['/tmp/taco', 'hook'],
    ...more,
  });
  const hooksOf = (): Record<string, { hooks: { command: string }[] }[]> => {
    const file = qwenProfile.launch(context()).files[0]?.contents ?? '';
    return (JSON.parse(file) as { hooks: ReturnType<typeof hooksOf> }).hooks;
  };

  it('names the conversation, the role and the permission mode', () => {
    const { argv } = qwenProfile.launch(context({ permissionMode: 'acceptEdits', model: 'm' }));
    assert.deepEqual(argv, [
      '/opt/qwen',
      '--session-id',
      'the-id',
      '--approval-mode',
      'auto-edit',
      '--append-system-prompt',
      'You are api.',
      '--allowed-tools=run_shell_command(taco)',
      '--model',
      'm',
    ]);
    assert.deepEqual(qwenProfile.launch(context({ resume: true })).argv.slice(1, 3), ['--resume', 'the-id']);
  });

  it('adds its hooks to the defaults of the machine', () => {
    writeFileSync(
      join(dir, 'defaults.json'),
      JSON.stringify({ theme: 'x', hooks: { Stop: [{ hooks: [{ type: 'command', command: 'theirs' }] }] } }),
    );
    const commands = hooksOf()['Stop']?.flatMap(({ hooks }) => hooks.map(({ command }) => command));
    assert.deepEqual(commands, ['theirs', '/tmp/taco hook Stop']);
  });

  it('switches suggestions off, which look like drafts', () => {
    assert.match(qwenProfile.launch(context()).files[0]?.contents ?? '', /"enableFollowupSuggestions": false/);
  });

  it('works without defaults of the machine, or with damaged ones', () => {
    assert.equal(hooksOf()['UserPromptSubmit']?.length, 1);
    writeFileSync(join(dir, 'defaults.json'), '{"hooks":');
    assert.equal(hooksOf()['UserPromptSubmit']?.length, 1);
  });
});
