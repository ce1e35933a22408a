import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claudeUserSettings } from '../../../../src/profiles/claude/userSettings';

describe("the user's settings of Claude Code", () => {
  let home: string;
  let projectDir: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'taco-settings-'));
    projectDir = join(home, 'project');
    mkdirSync(join(projectDir, '.claude'), { recursive: true });
    mkdirSync(join(home, '.claude'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const write = (file: string, value: unknown): void =>
    writeFileSync(join(home, file), typeof value === 'string' ? value : JSON.stringify(value));
  const found = (env: Readonly<Record<string, string>> = { HOME: home }): readonly string[] =>
    claudeUserSettings({ env, projectDir }).map(({ setting }) => setting);

  it('matter where they switch off or block what TACO relies on', () => {
    write('.claude/settings.json', {
      disableAllHooks: true,
      editorMode: 'vim',
      axScreenReader: true,
      permissions: { disableBypassPermissionsMode: 'disable' },
      hooks: { UserPromptSubmit: [], Notification: [] },
    });
    write('project/.claude/settings.local.json', { hooks: { Stop: [] } });
    write('.claude/keybindings.json', { bindings: [{ context: 'Chat', bindings: { enter: 'chat:newline' } }] });
    assert.deepEqual(found(), [
      'disableAllHooks',
      'permissions.disableBypassPermissionsMode',
      'editorMode',
      'axScreenReader',
      'hooks.UserPromptSubmit',
      'hooks.Stop',
      'enter',
    ]);
  });

  it('are those of the folder that CLAUDE_CONFIG_DIR names', () => {
    mkdirSync(join(home, 'other'));
    write('other/settings.json', { disableAllHooks: true });
    assert.deepEqual(found(), []);
    assert.deepEqual(found({ HOME: home, CLAUDE_CONFIG_DIR: join(home, 'other') }), ['disableAllHooks']);
  });

  it('are none where a file is missing, broken or of another shape', () => {
    write('.claude/settings.json', '{ not json');
    write('.claude/keybindings.json', { bindings: [null, { bindings: 'x' }, { bindings: { enter: 'chat:submit' } }] });
    write('project/.claude/settings.json', [1, 2]);
    assert.deepEqual(found(), []);
  });
});
