import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import type { LaunchContext } from '../../../../src/core/agents/agentProfile';
import { openCodePlugin } from '../../../../src/profiles/openCode/plugin';
import { openCodeProfile } from '../../../../src/profiles/openCode/profile';
import { openCodeSameText, openCodeTextToType } from '../../../../src/profiles/openCode/text';

const context = (more: Partial<LaunchContext> = {}): LaunchContext => ({
  window: 2,
  name: 'builder',
  command: '/opt/opencode',
  workspace: '/tmp/demo',
  sessionId: '',
  resume: false,
  systemPrompt: 'You are builder.',
  stateDir: '/tmp/state dir',
  hookCommand: ['/tmp/taco', 'hook'],
  mcpCommand: ['/tmp/taco', 'mcp'],
  ...more,
});

describe('the text pasted into OpenCode', () => {
  it('has a visible mark before a command or exit word, and a space at its end', () => {
    assert.deepEqual(['/new', 'exit', ':q', 'exit now', '!ls', '@a.md'].map(openCodeTextToType), [
      '» /new ',
      '» exit ',
      '» :q ',
      'exit now ',
      '!ls ',
      '@a.md ',
    ]);
    assert.ok(openCodeSameText('/new', '» /new '));
    assert.ok(!openCodeSameText('one two', 'one  two'));
  });
});

describe('the launch of OpenCode', () => {
  it('has a conversation id only to resume one: OpenCode creates its own', () => {
    assert.deepEqual(openCodeProfile.launch(context()).argv, ['/opt/opencode']);
    assert.deepEqual(
      openCodeProfile.launch(context({ resume: true, sessionId: 'ses_1', model: 'a/b', permissionMode: 'plan' })).argv,
      ['/opt/opencode', '--session', 'ses_1', '--agent', 'plan', '--model', 'a/b'],
    );
  });

  it('adds plugin, role, tools and rights inline, and permits taco without asking', () => {
    const spec = openCodeProfile.launch(context());
    const config = JSON.parse(spec.env['OPENCODE_CONFIG_CONTENT'] ?? '') as {
      plugin: string[];
      instructions: string[];
      permission: { edit: string; bash: Record<string, string> };
    };
    assert.deepEqual(config.plugin, ['file:///tmp/state%20dir/opencode-taco.js']);
    assert.deepEqual(
      spec.files.map(({ path }) => path),
      ['/tmp/state dir/opencode-taco.js', config.instructions[0]],
    );
    assert.deepEqual([config.permission.edit, config.permission.bash], ['ask', { '*': 'ask', 'taco *': 'allow' }]);
    const free = JSON.parse(
      openCodeProfile.launch(context({ permissionMode: 'acceptEdits' })).env['OPENCODE_CONFIG_CONTENT'] ?? '',
    ) as typeof config;
    assert.deepEqual([free.permission.edit, free.permission.bash['*']], ['allow', 'ask']);
  });
});

describe('the plugin for OpenCode', () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'taco-plugin-'));
    writeFileSync(
      join(dir, 'hook'),
      `#!/bin/sh\nd=$(cat)\necho "$1 $d" >> "${join(dir, 'log')}"\ncase "$d" in *damaged*) echo '{"decision":"block"}' ;; esac\n`,
    );
    chmodSync(join(dir, 'hook'), 0o755);
    writeFileSync(join(dir, 'plugin.mjs'), openCodePlugin([join(dir, 'hook')]));
    writeFileSync(
      join(dir, 'drive.mjs'),
      `
      import { Taco } from ${JSON.stringify(pathToFileURL(join(dir, 'plugin.mjs')).href)};
      const session = {
        get: async ({ path }) => ({ data: { parentID: path.id === 'child' ? 'main' : undefined } }),
        messages: async () => ({ data: [{ info: { role: 'assistant' }, parts: [{ type: 'text', text: 'the last words' }] }] }),
      };
      const plugin = await Taco({ client: { session } });
      let count = 0;
      const say = (sessionID, text) => plugin['chat.message']({ sessionID }, { message: { id: 'msg_' + ++count }, parts: [{ type: 'text', text }] }).then(() => 'passed', () => 'kept');
      console.log(await say('main', 'hello'), await say('main', 'damaged'), await say('child', 'damaged'));
      for (const agent of ['title', { name: 'build' }, 'build']) await plugin['chat.params']({ sessionID: 'main', agent, message: { id: 'msg_1' } });
      await plugin.event({ event: { type: 'session.idle', properties: { sessionID: 'main' } } });
      await plugin.event({ event: { type: 'permission.asked', properties: { sessionID: 'main', permission: 'bash', metadata: { command: 'ls' } } } });
      await plugin.event({ event: { type: 'session.idle', properties: { sessionID: 'child' } } });
      await say('main', 'bye');
      await say('main', 'and more');
      await plugin['chat.params']({ sessionID: 'main', agent: 'build', message: { id: 'msg_4' } });
      await plugin.event({ event: { type: 'permission.replied', properties: { sessionID: 'main' } } });
    `,
    );
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("reports the agent's own prompts and turns in order, keeps refused prompts from the model, reports a prompt as received once the model is asked, and ignores sub-agents", () => {
    assert.equal(
      execFileSync(process.execPath, [join(dir, 'drive.mjs')], { encoding: 'utf8' }).trim(),
      'passed kept passed',
    );
    assert.deepEqual(readFileSync(join(dir, 'log'), 'utf8').trim().split('\n'), [
      'SessionStart {}',
      'PromptCheck {"session_id":"main","prompt":"hello"}',
      'PromptCheck {"session_id":"main","prompt":"damaged"}',
      'PromptReached {"session_id":"main","prompt":"hello"}',
      'Stop {"session_id":"main","last_assistant_message":"the last words"}',
      'PermissionRequest {"session_id":"main","tool_name":"bash","tool_input":{"command":"ls"}}',
      'PromptCheck {"session_id":"main","prompt":"bye"}',
      'PromptCheck {"session_id":"main","prompt":"and more"}',
      'PromptReached {"session_id":"main","prompt":"bye"}',
      'PostToolUse {"session_id":"main"}',
    ]);
  });
});
