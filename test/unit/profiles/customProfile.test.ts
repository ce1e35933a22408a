import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ScreenReading } from '../../../src/core/agents/agentProfile';
import { isTacoError } from '../../../src/core/errors/tacoError';
import { customProfile, customProfiles } from '../../../src/profiles/customProfile';
import { parseScreen } from '../../support/parseScreen';

const SETTINGS = {
  name: 'mine',
  command: 'my-agent',
  process: '^my-agent$',
  composer: '^> ',
  busy: 'esc to stop',
  dialog: '\\(y/n\\)$',
};
const profile = customProfile(SETTINGS);

function read(lines: readonly string[], cursorY: number): ScreenReading {
  return profile.readScreen(
    parseScreen(lines, { width: 40, height: lines.length, cursorX: 2, cursorY, cursorVisible: true }),
  );
}

describe('a profile from the settings', () => {
  it('recognises ready, busy, dialog, starting and unknown screens', () => {
    assert.equal(read(['hello', '> '], 1).kind, 'ready');
    assert.equal(read(['* esc to stop', '> '], 1).kind, 'busy');
    assert.deepEqual(read(['Run it? (y/n)', '> '], 1), {
      kind: 'dialog',
      composer: null,
      dialog: 'Run it? (y/n)',
      queued: false,
    });
    assert.equal(read(['hello', '>'], 1).kind, 'ready', 'its blank was cut off');
    assert.equal(read(['', ''], 0).kind, 'starting');
    assert.equal(read(['$ '], 0).kind, 'unknown');
  });

  it('distinguishes a draft from a faint placeholder', () => {
    assert.equal(read(['> a draft'], 0).composer?.text, 'a draft');
    assert.equal(read(['> \u001b[2mType a message\u001b[0m'], 0).composer?.empty, true);
  });

  it('proves no more than delivered, since it has no hooks', () => {
    assert.equal(profile.proof, 'screen');
    assert.equal(profile.queuesWhileBusy, false);
  });

  it('refuses settings of the wrong shape and invalid patterns, and names them', () => {
    const isUsage = (message: RegExp) => (error: unknown) => isTacoError(error, 'usage') && message.test(error.message);
    assert.throws(() => customProfile({ ...SETTINGS, composer: '(' }), isUsage(/\(/));
    assert.throws(() => customProfile({ ...SETTINGS, busy: undefined }), isUsage(/busy/));
    assert.throws(() => customProfile(null), isUsage(/not valid/));
  });

  it('is read from a JSON list in which names are unique', () => {
    assert.deepEqual(
      customProfiles(JSON.stringify([SETTINGS, { ...SETTINGS, name: 'other' }])).map(({ name }) => name),
      ['mine', 'other'],
    );
    for (const text of ['{', '{}', JSON.stringify([SETTINGS, SETTINGS]), '[1]'])
      assert.throws(
        () => customProfiles(text),
        (error) => isTacoError(error, 'usage'),
        text,
      );
  });
});
