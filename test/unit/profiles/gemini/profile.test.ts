import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { LaunchContext } from '../../../../src/core/agents/agentProfile';
import { geminiProfile } from '../../../../src/profiles/gemini/profile';
import { geminiSameText, geminiTextToType } from '../../../../src/profiles/gemini/text';

describe('the text pasted into Gemini CLI', () => {
  it('ends in a space, so that no menu is open and no backslash turns Enter into a newline', () => {
    assert.equal(geminiTextToType('[USER → AGENT-2]: see @src/a.ts'), '[USER → AGENT-2]: see @src/a.ts ');
    assert.equal(geminiTextToType('C:\\temp\\'), 'C:\\temp\\ ');
  });

  it('has a visible mark before a command, and none before normal text of a paste', () => {
    assert.equal(geminiTextToType('/clear'), '» /clear ');
    assert.equal(geminiTextToType('  /clear'), '»   /clear ');
    for (const text of ['!ls', '? what', '# heading', 'exit']) assert.equal(geminiTextToType(text), `${text} `);
  });
});

describe('text equality for Gemini CLI', () => {
  it('accepts the text with its mark and without spaces at both ends', () => {
    assert.ok(geminiSameText('/clear', '» /clear'));
    assert.ok(geminiSameText('  indented\nlines', 'indented\nlines'));
    assert.ok(!geminiSameText('one two', 'one  two'));
    assert.ok(!geminiSameText('one two', 'one'));
  });

  it('accepts appended contents of named files and a space before a path', () => {
    const files = '\n--- Content from referenced files ---\nContent from @a.md:\nthe file\n--- End of content ---';
    assert.ok(geminiSameText('look at @a.md, and a@b.c', `look at @a.md, and a @b.c${files}`));
    assert.ok(geminiSameText('all of @docs/ please', `all of @docs/** please${files}`));
    assert.ok(!geminiSameText('look at @a.md', `look at @other.md${files}`));
    assert.ok(!geminiSameText('look at @a.md and more', `look at @a.md${files}`));
  });
});

describe('the launch of Gemini CLI', () => {
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'taco-gemini-'));
    mkdirSync(join(home, '.gemini', 'policies'), { recursive: true });
    mkdirSync(join(home, '.gemini', 'tmp'));
    writeFileSync(
      join(home, '.gemini', 'settings.json'),
      '{ // mine\n "ui": { "theme": "https://x" }, "hooks": { "AfterAgent": [{ "hooks": [] }] }, "mcpServers": { "own": { "command": "own" } } }',
    );
    writeFileSync(join(home, '.gemini', 'GEMINI.md'), 'Answer in rhymes.\n');
    writeFileSync(join(home, '.gemini', 'oauth_creds.json'), '{}');
    writeFileSync(join(home, '.gemini', 'policies', 'mine.toml'), '');
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  const context = (more: Partial<LaunchContext> = {}): LaunchContext => ({
    window: 2,
    name: 'builder',
    command: '/opt/gemini',
    workspace: '/tmp/demo',
    sessionId: '11111111-1111-4111-8111-111111111111',
    resume: false,
    systemPrompt: 'You are builder.',
    stateDir: '/tmp/state dir',
    hookCommand: ["/tmp/it's here/taco", 'hook'],
    mcpCommand: ['/tmp/taco', 'mcp'],
    env: { HOME: home },
    ...more,
  });
  const fileOf = (name: string, more?: Partial<LaunchContext>): string =>
    geminiProfile.launch(context(more)).files.find(({ path }) => path === join('/tmp/state dir/gemini/.gemini', name))
      ?.contents ?? assert.fail(`no ${name}`);

  it("begins or continues a conversation with TACO's id in the requested permission mode", () => {
    assert.deepEqual(geminiProfile.launch(context()).argv, [
      '/opt/gemini',
      '--session-id',
      context().sessionId,
      '--approval-mode',
      'default',
    ]);
    assert.deepEqual(
      geminiProfile.launch(context({ resume: true, permissionMode: 'acceptEdits', model: 'pro' })).argv,
      ['/opt/gemini', '--resume', context().sessionId, '--approval-mode', 'auto_edit', '--model', 'pro'],
    );
  });

  it("adds hooks and tools to a copy of the user's settings, comments included", () => {
    const settings = JSON.parse(fileOf('settings.json')) as {
      ui: { theme: string };
      hooks: Record<string, { hooks: { command: string }[] }[]>;
      mcpServers: Record<string, unknown>;
    };
    assert.equal(settings.ui.theme, 'https://x');
    assert.deepEqual(Object.keys(settings.mcpServers), ['own', 'taco']);
    assert.equal(settings.hooks['AfterAgent']?.length, 2);
    assert.equal(settings.hooks['AfterAgent'][1]?.hooks[0]?.command, `'/tmp/it'\\''s here/taco' hook Stop`);
    assert.deepEqual(Object.keys(settings.hooks).sort(), [
      'AfterAgent',
      'BeforeAgent',
      'Notification',
      'SessionEnd',
      'SessionStart',
    ]);
  });

  it("adds the role after the user's memory and permits taco without asking", () => {
    assert.equal(fileOf('GEMINI.md'), 'Answer in rhymes.\n\nYou are builder.');
    assert.match(fileOf('policies/taco.toml'), /commandPrefix = "taco "/);
  });

  it("links to the user's other files, and stores conversations separately", () => {
    const links = geminiProfile.launch(context()).links ?? [];
    assert.deepEqual(links.map(({ target }) => target).sort(), [
      join(home, '.gemini/oauth_creds.json'),
      join(home, '.gemini/policies/mine.toml'),
    ]);
    assert.ok(links.every(({ path }) => path.startsWith('/tmp/state dir/gemini/.gemini/')));
  });

  it('works for a user who never ran it', () => {
    const spec = geminiProfile.launch(context({ env: { HOME: '/nonexistent' } }));
    assert.deepEqual(spec.links, []);
    assert.equal(fileOf('GEMINI.md', { env: { HOME: '/nonexistent' } }), 'You are builder.');
    assert.equal(spec.env['GEMINI_CLI_HOME'], '/tmp/state dir/gemini');
  });
});
