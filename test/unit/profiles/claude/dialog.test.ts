import assert from 'node:assert/strict';
import { readClaudeDialog } from '../../../../src/profiles/claude/dialog';
import { screenNames, screenOf } from '../../../support/screenFixtures';

const dialog = (name: string) => {
  const found = readClaudeDialog(screenOf(name));
  assert.ok(found, name);
  return found;
};

describe('a dialog of the real Claude Code', () => {
  it('is read with its choices and the one that Enter takes', () => {
    const trust = dialog('claude-2.1.331-trust');
    assert.deepEqual(
      [trust.choices, trust.selected, trust.lines[0]],
      [['No, exit', 'Yes, I trust this folder'], 0, 'Accessing workspace:'],
    );
    assert.deepEqual(dialog('claude-2.1.197-question').choices, [
      'SQLite',
      'Postgres',
      'Type something.',
      'Chat about this',
    ]);
    assert.deepEqual(dialog('claude-2.1.331-question').choices, [
      'SQLite',
      'Postgres',
      'Type something.',
      'Chat about this',
    ]);
    assert.deepEqual(dialog('claude-2.1.331-plan-approval').choices, [
      'Yes, and switch to default (ask each time) for this session',
      'No',
    ]);
    const permission = dialog('claude-2.1.331-permission');
    assert.equal(permission.choices.length, 4);
    assert.ok(permission.lines.includes('touch /tmp/demo/made'));
  });

  it('is read in a narrow terminal, where its lines are wrapped', () => {
    for (const version of ['2.1.197', '2.1.331'])
      for (const size of ['40x15', '60x20', '80x24', '220x50'])
        assert.ok(dialog(`claude-${version}-permission-${size}`).choices.length >= 3, `${version} ${size}`);
  });

  it('is null if the screen asks for nothing', () => {
    for (const name of screenNames().filter((each) =>
      /^claude-.*-(?:empty|busy|draft|plan-mode|accept-edits|pasted|imitation)/.test(each),
    ))
      assert.equal(readClaudeDialog(screenOf(name)), null, name);
  });

  it('keeps its digest for any marked choice and changes it for another question', () => {
    const digests = [
      'claude-2.1.331-permission',
      'claude-2.1.331-permission-write',
      'claude-2.1.331-trust',
      'claude-2.1.331-question',
    ].map((name) => dialog(name).digest);
    assert.equal(new Set(digests).size, digests.length);
    const screen = screenOf('claude-2.1.331-trust');
    const moved = {
      ...screen,
      lines: screen.lines.map((line) => ({
        ...line,
        text: line.text.replace(' ❯ No', '   No').replace('   Yes, I', ' ❯ Yes, I'),
      })),
    };
    assert.deepEqual(
      [readClaudeDialog(moved)?.digest, readClaudeDialog(moved)?.selected],
      [dialog('claude-2.1.331-trust').digest, 1],
    );
  });
});
