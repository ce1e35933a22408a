import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { commands } from '../../../../src/cli/args/commandTable';
import { completionScript } from '../../../../src/cli/args/completion';
import { renderMarkdown, renderOverview, renderTopic } from '../../../../src/cli/args/help';
import { globalOptions } from '../../../../src/cli/args/lightCommands';
import { runnable } from '../../../../src/cli/engineCommands';

/** docs/cli.md is written by hand before this line, and generated from the table after it. */
const REFERENCE = '<!-- From here on made from the command table; see test/unit/cli/args/help.test.ts. -->\n\n';
/** `hook` runs in the light bundle only, and `mcp` in its own. */
const ELSEWHERE = ['hook', 'mcp'];

/** The options and arguments that the design promises for each command. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  up: ['--goal TEXT', '--plan FILE', '--project DIR', '--yes', '--profile NAME', '--agent-command CMD'],
  down: [],
  status: [],
  send: ['AGENT', 'TEXT', '--priority low|normal|high', '--wait delivered|received', '--timeout S'],
  messages: ['--state'],
  agents: [],
  relaunch: ['AGENT'],
  done: ['TEXT'],
  'plan validate': ['FILE'],
  'plan submit': ['FILE'],
  'plan schema': ['FILE'],
  'dead list': [],
  'dead retry': ['ID'],
  'dead drop': ['ID'],
  'service register': ['NAME', 'PORT'],
  'service list': [],
  'service remove': ['NAME'],
  port: ['--count N'],
  monitor: [],
  doctor: [],
  mcp: [],
  hook: [],
};

describe('the command table', () => {
  it('has every promised command and option, each with the global options in its help', () => {
    const overview = renderOverview();
    for (const [name, parts] of Object.entries(PROMISED)) {
      assert.match(overview, new RegExp(`^  ${name} `, 'm'), name);
      const help = renderTopic(name) ?? '';
      for (const part of [...parts, '--json', '--project DIR', '--redis URL', '--socket NAME', '--help'])
        assert.ok(help.includes(part), `${name}: ${part}`);
    }
  });

  it('names exactly the commands that can run', () => {
    assert.deepEqual([...runnable, ...ELSEWHERE].sort(), commands.map((command) => command.name).sort());
  });

  it('gives each command a summary and examples that begin with its name', () => {
    for (const command of commands) {
      assert.ok(command.summary.length > 10, command.name);
      assert.ok(
        command.examples.some((example) => example.includes(`taco ${command.name}`)),
        command.name,
      );
    }
  });

  it('uses no option name with another meaning than the global one', () => {
    for (const command of commands)
      for (const name of Object.keys(command.options)) assert.ok(!(name in globalOptions), `${command.name} --${name}`);
  });

  it('allows an optional argument, or one with all remaining words, only in last position', () => {
    for (const command of commands) {
      for (const argument of command.arguments.slice(0, -1))
        assert.ok(!argument.rest && !argument.optional, `${command.name} ${argument.name}`);
    }
  });
});

describe('help', () => {
  it('lists every command and the exit codes', () => {
    const text = renderOverview();
    for (const command of commands) assert.match(text, new RegExp(`^  ${command.name} `, 'm'));
    assert.match(text, /0 done · 1 refused or failed · 2 wrong usage · 3 no project, session or Redis/);
  });

  it('shows each argument, option and example of a command', () => {
    for (const command of commands) {
      const text = renderTopic(command.name) ?? '';
      for (const name of Object.keys({ ...command.options, ...globalOptions }))
        assert.ok(text.includes(`--${name}`), `${command.name} --${name}`);
      for (const argument of command.arguments)
        assert.ok(text.includes(argument.choices?.join('|') ?? argument.name), `${command.name} ${argument.name}`);
      for (const example of command.examples) assert.ok(text.includes(example));
    }
  });

  it('stays within 100 columns, except for examples', () => {
    for (const command of commands) {
      const lines = (renderTopic(command.name) ?? '')
        .split('\n')
        .filter(
          (line) =>
            !line.startsWith('  taco ') && !command.examples.includes(line.trim()) && !line.startsWith('Usage:'),
        );
      for (const line of lines) assert.ok(line.length <= 100, line);
    }
  });

  it('finds a group, and nothing for an unknown name', () => {
    assert.match(renderTopic('dead') ?? '', /dead retry ID/);
    assert.equal(renderTopic('frob'), null);
    assert.equal(renderTopic(''), null);
  });

  it('equals the reference part of docs/cli.md', () => {
    const [prose = '', reference] = readFileSync('docs/cli.md', 'utf8').split(REFERENCE);
    if (process.env['TACO_UPDATE_DOCS']) writeFileSync('docs/cli.md', `${prose}${REFERENCE}${renderMarkdown()}\n`);
    else
      assert.equal(
        reference,
        `${renderMarkdown()}\n`,
        'docs/cli.md is old: run this test once with TACO_UPDATE_DOCS=1',
      );
  });
});

describe('completion', () => {
  /** Returns the completions of a real bash for a line. */
  function offered(...words: string[]): string[] {
    const script = `${completionScript('bash')}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _taco; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout.split('\n').filter(Boolean);
  }

  it('offers commands, second words, options and choices in a real bash', () => {
    assert.deepEqual(offered('taco', 'mo'), ['monitor']);
    assert.deepEqual(offered('taco', 'plan', 's').sort(), ['schema', 'show', 'submit']);
    assert.deepEqual(offered('taco', 'send', '--pri'), ['--priority']);
    assert.deepEqual(offered('taco', 'send', 'x', '--wait', 'd'), ['delivered']);
    assert.deepEqual(offered('taco', 'send', 'mot'), ['mother']);
    assert.deepEqual(offered('taco', 'completion', 'f'), ['fish']);
  });

  it('offers each command with its second word, its options and the global ones', () => {
    for (const { name, options } of commands) {
      const words = name.split(' ');
      assert.ok(offered('taco', ...words).includes(words.at(-1) ?? ''), name);
      const known = offered('taco', ...words, '--');
      for (const option of Object.keys({ ...options, ...globalOptions }))
        assert.ok(known.includes(`--${option}`), `${name} --${option}`);
    }
  });

  it('names every command in the scripts for zsh and fish', () => {
    for (const shell of ['zsh', 'fish'] as const) {
      const script = completionScript(shell);
      for (const command of commands)
        for (const word of command.name.split(' ')) assert.ok(script.includes(word), `${shell} ${word}`);
    }
  });
});
