import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { LaunchContext } from '../../../../src/core/agents/agentProfile';
import { claudeProfile } from '../../../../src/profiles/claude/profile';
import { claudeSameText, claudeTextToType } from '../../../../src/profiles/claude/text';
import { profileNames, profileOf } from '../../../../src/profiles/registry';
import { scriptedProfile } from '../../../../src/profiles/scripted';
import { shellQuote } from '../../../../src/profiles/shared/shellQuote';

const context: LaunchContext = {
  window: 2,
  name: 'builder',
  command: '/opt/claude',
  workspace: '/tmp/demo',
  sessionId: '11111111-1111-4111-8111-111111111111',
  resume: false,
  systemPrompt: 'You are builder.\nSay "hello".',
  stateDir: '/tmp/state dir',
  hookCommand: ["/tmp/it's here/taco", 'hook'],
};

const valueAfter = (argv: readonly string[], flag: string): string | undefined =>
  argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : undefined;

describe('the launch of Claude Code', () => {
  it("begins a conversation with TACO's id, or continues it", () => {
    assert.equal(valueAfter(claudeProfile.launch(context).argv, '--session-id'), context.sessionId);
    const resumed = claudeProfile.launch({ ...context, resume: true }).argv;
    assert.equal(valueAfter(resumed, '--resume'), context.sessionId);
    assert.equal(valueAfter(resumed, '--session-id'), undefined);
  });

  it('always sets the permission mode: 2.1.331 would begin in its auto mode', () => {
    assert.equal(valueAfter(claudeProfile.launch(context).argv, '--permission-mode'), 'default');
    assert.equal(
      valueAfter(claudeProfile.launch({ ...context, permissionMode: 'plan' }).argv, '--permission-mode'),
      'plan',
    );
  });

  it('passes the role as one argument, and a model only if one is set', () => {
    const { argv } = claudeProfile.launch(context);
    assert.equal(valueAfter(argv, '--append-system-prompt'), context.systemPrompt);
    assert.equal(valueAfter(argv, '--model'), undefined);
    assert.equal(valueAfter(claudeProfile.launch({ ...context, model: 'opus' }).argv, '--model'), 'opus');
  });

  it('adds hooks for each event and permits taco without asking, in a separate file', () => {
    const spec = claudeProfile.launch(context);
    const [file] = spec.files;
    assert.equal(file?.path, valueAfter(spec.argv, '--settings'));
    const settings = JSON.parse(file?.contents ?? '') as {
      hooks: Record<string, [{ hooks: [{ command: string }] }]>;
      permissions: { allow: string[] };
    };
    assert.deepEqual(Object.keys(settings.hooks).sort(), [
      'Notification',
      'PermissionRequest',
      'SessionEnd',
      'SessionStart',
      'Stop',
      'StopFailure',
      'UserPromptSubmit',
    ]);
    assert.equal(settings.hooks['Stop']?.[0].hooks[0].command, `'/tmp/it'\\''s here/taco' hook Stop`);
    assert.deepEqual(settings.permissions.allow, ['Bash(taco:*)', 'mcp__taco']);
  });

  it('refuses messages of other sessions of Claude Code, unless the user lets them in', () => {
    const inbound = (crossSession?: LaunchContext['crossSession']): unknown =>
      (
        JSON.parse(claudeProfile.launch({ ...context, crossSession }).files[0]?.contents ?? '') as Record<
          string,
          unknown
        >
      )['crossSessionInbound'];
    assert.deepEqual([inbound(), inbound('refuse'), inbound('show')], ['refuse', 'refuse', undefined]);
    assert.deepEqual(
      claudeProfile.crossSessionMessage?.('<cross-session-message from="b [1]">\nhi\n</cross-session-message>'),
      { from: 'b [1]', text: 'hi' },
    );
    assert.equal(claudeProfile.crossSessionMessage?.('what is a <cross-session-message from="b">?'), null);
  });

  it('names the mode manual as older versions do', () => {
    const { argv } = claudeProfile.launch({ ...context, permissionMode: 'manual' });
    assert.equal(valueAfter(argv, '--permission-mode'), 'default');
    assert.equal(
      valueAfter(claudeProfile.launch({ ...context, permissionMode: 'dontAsk' }).argv, '--permission-mode'),
      'dontAsk',
    );
  });

  it('quotes any word so that a shell returns it unchanged', () => {
    for (const word of ['plain', 'two words', "it's", '$HOME', '`id`', 'a"b', '\\', ';', '*', '', 'new\nline']) {
      assert.equal(execFileSync('/bin/sh', ['-c', `printf %s ${shellQuote(word)}`], { encoding: 'utf8' }), word);
    }
  });

  it('owns the pane while its process is in front, not when only a shell is left', () => {
    for (const command of ['claude', 'node', '2.1.331']) assert.ok(claudeProfile.ownsProcess(command), command);
    for (const command of ['bash', 'sh', 'zsh', 'fish', 'vim', 'nodejs-shell', ''])
      assert.ok(!claudeProfile.ownsProcess(command), command);
  });
});

describe('the text typed into Claude Code', () => {
  const envelope = '[AGENT-4 → AGENT-3]: ';

  it('ends in a space, so that no completion menu is open and no backslash swallows Enter', () => {
    assert.equal(claudeTextToType(`${envelope}see @src`), `${envelope}see @src `);
    assert.equal(claudeTextToType(`${envelope}C:\\`), `${envelope}C:\\ `);
    assert.equal(claudeTextToType(`${envelope}x\n\n`), `${envelope}x `);
  });

  it('prevents that a leading character starts a shell command, a memory, a file or the help', () => {
    for (const sign of ['!', '#', '@', '&', '?']) assert.equal(claudeTextToType(`${sign}x`), ` ${sign}x `);
  });

  it('begins with a visible mark before commands and exit words, which spaces do not prevent', () => {
    for (const text of ['/help me', '  /model', 'exit', ' quit ', ':q!']) assert.match(claudeTextToType(text), /^» /);
    for (const text of ['exit the loop', `${envelope}/help`, 'quite'])
      assert.doesNotMatch(claudeTextToType(text), /^» /);
  });

  it('has no control bytes, tabs or direction marks', () => {
    assert.equal(claudeTextToType('a\tb\u001b[31mc\u0007\u200fd\u2028e\r\nf'), 'a    bcd\ne\nf ');
  });

  it('equals the sent text, also after the CLI trimmed it', () => {
    const character = fc.oneof(
      fc.constantFrom(...'!/#@&? \t\n\r\\;\u001b[]exit\u00a0\u200b\u200f\u2028\ufeff\ud800→漢'.split('')),
      fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
    );
    const text = fc.array(character, { maxLength: 30 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(
        text,
        (message) =>
          claudeSameText(message, claudeTextToType(message)) &&
          claudeSameText(message, claudeTextToType(message).trimEnd()),
      ),
      { numRuns: 500 },
    );
  });

  it('is damaged by a lost, added, duplicate or changed visible character', () => {
    const message = `${envelope}The quick brown fox`;
    for (const damaged of [
      message.slice(0, -1),
      message.replace('quick ', ''),
      `${message}x`,
      `draft ${message}`,
      message.replace('fox', 'Fox'),
      `${message}\n${message}`,
      '',
    ]) {
      assert.ok(!claudeSameText(message, damaged), damaged);
    }
  });

  it('ignores invisible characters, which one version removes and another keeps', () => {
    assert.ok(claudeSameText(`${envelope}a\u200bb\u00adc\ufeff`, `${envelope}abc`));
    assert.ok(claudeSameText(`${envelope}می\u200cخواهم`, `${envelope}می\u200cخواهم`));
  });
});

describe('the profiles', () => {
  it('are found by name', () => {
    for (const name of profileNames()) assert.equal(profileOf(name)?.name, name);
    assert.equal(new Set(profileNames()).size, profileNames().length);
    assert.equal(profileOf('scripted'), scriptedProfile);
    assert.equal(profileOf('nobody'), undefined);
  });

  it("run the scripted agent with node or the user's own program", () => {
    const { argv } = scriptedProfile.launch({ ...context, command: '/usr/bin/node' });
    assert.match(argv[1] ?? '', /media\/scripted-agent\.mjs$/);
    assert.deepEqual(scriptedProfile.launch({ ...context, command: '/opt/other' }).argv.slice(0, 2), [
      '/opt/other',
      '--settings',
    ]);
  });
});
