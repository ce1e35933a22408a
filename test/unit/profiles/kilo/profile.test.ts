import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { LaunchContext, ScreenReading } from '../../../../src/core/agents/agentProfile';
import { kiloProfile } from '../../../../src/profiles/kilo/profile';
import { screenOf } from '../../../support/screenFixtures';

const context: LaunchContext = {
  window: 2,
  name: 'builder',
  command: '/opt/kilo',
  workspace: '/tmp/demo',
  sessionId: '',
  resume: false,
  systemPrompt: 'You are builder.',
  stateDir: '/tmp/state',
  hookCommand: ['/tmp/taco', 'hook'],
};

const read = (screen: string): ScreenReading => kiloProfile.readScreen(screenOf(`kilo-7.7.9-${screen}`));

describe('the screen of Kilo CLI', () => {
  for (const screen of ['empty-at-start', 'empty-after-turn']) {
    it(`is ready with an empty input box: ${screen}`, () => {
      const { kind, composer } = read(screen);
      assert.deepEqual([kind, composer?.empty], ['ready', true]);
    });
  }

  it('shows a draft and work', () => {
    assert.equal(read('draft-at-start').composer?.text, 'hello there');
    assert.equal(read('busy').kind, 'busy');
  });
});

describe('the launch of Kilo CLI', () => {
  it("is OpenCode's with Kilo's variables", () => {
    const { argv, env, files } = kiloProfile.launch(context);
    assert.deepEqual(argv, ['/opt/kilo']);
    assert.deepEqual(Object.keys(env).sort(), ['KILO_CONFIG_CONTENT', 'KILO_DISABLE_AUTOUPDATE']);
    assert.match(env['KILO_CONFIG_CONTENT'] ?? '', /"plugin":\["file:\/\/\/tmp\/state\/opencode-taco\.js"\]/);
    assert.equal(files.length, 2);
  });

  it('leaves out the marks of a surrounding Kilo, and no key', () => {
    const isMark = (name: string): boolean => (kiloProfile.sessionVariables ?? []).some((mark) => mark.test(name));
    assert.deepEqual(['KILO', 'KILO_PID', 'KILO_RUN_ID', 'KILO_API_KEY', 'KILO_CONFIG'].map(isMark), [
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
