import assert from 'node:assert/strict';
import { commands } from '../../../../src/cli/args/commandTable';
import { globalOptions } from '../../../../src/cli/args/lightCommands';
import { parseCommandLine, type Invocation } from '../../../../src/cli/args/parseArgs';
import { isTacoError } from '../../../../src/core/errors/tacoError';

function parse(...args: string[]): Invocation {
  const line = parseCommandLine(args, commands, globalOptions);
  assert.equal(line.kind, 'run');
  return (line as { invocation: Invocation }).invocation;
}

function refuses(args: string[], words: RegExp): void {
  assert.throws(
    () => parseCommandLine(args, commands, globalOptions),
    (error: unknown) => isTacoError(error, 'usage') && words.test(`${error.message} ${error.hint}`),
  );
}

describe('the command line', () => {
  it('accepts commands of one word and of two', () => {
    assert.equal(parse('status').command.name, 'status');
    assert.equal(parse('plan', 'validate', 'x.json').command.name, 'plan validate');
    assert.deepEqual(parse('plan', 'validate', 'x.json').positionals, ['x.json']);
  });

  it('accepts options before, between and after the words of a command', () => {
    const invocation = parse('--project', '/p', 'send', '--priority=high', 'backend', 'two', 'words', '--json');
    assert.deepEqual(invocation.positionals, ['backend', 'two', 'words']);
    assert.equal(invocation.text('project'), '/p');
    assert.equal(invocation.text('priority'), 'high');
    assert.equal(invocation.flag('json'), true);
    assert.equal(invocation.rest(1), 'two words');
  });

  it('treats a word that begins with a dash and contains a space as a text', () => {
    assert.deepEqual(parse('send', 'backend', '- first item').positionals, ['backend', '- first item']);
    assert.deepEqual(parse('send', 'backend', '--- a/file = b').positionals, ['backend', '--- a/file = b']);
    assert.deepEqual(parse('send', 'backend', '-h is a flag').positionals, ['backend', '-h is a flag']);
  });

  it('treats everything after -- as arguments', () => {
    const invocation = parse('send', 'backend', '--', '--json', '-x');
    assert.deepEqual(invocation.positionals, ['backend', '--json', '-x']);
    assert.equal(invocation.flag('json'), false);
  });

  it('keeps an empty text and a lone dash', () => {
    assert.deepEqual(parse('send', 'backend', '').positionals, ['backend', '']);
    assert.deepEqual(parse('send', 'backend', '-').positionals, ['backend', '-']);
  });

  it('refuses unknown words and options, and lists the known ones', () => {
    refuses(['frobnicate'], /Unknown command "frobnicate"/);
    refuses(['sent', 'x', 'y'], /Did you mean send/);
    refuses(['plan'], /validate, submit, show, approve, reject, schema/);
    refuses(['plan', 'burn'], /unknown subcommand "burn"/);
    refuses(['status', '--frob'], /unknown option --frob/);
    refuses(['status', '-x'], /unknown option -x/);
    refuses(['status', 'extra'], /takes no "extra"/);
    refuses(['--project', '/p'], /No command/);
  });

  it('refuses a missing argument and a wrong choice', () => {
    refuses(['send'], /needs AGENT/);
    refuses(['send', 'backend'], /needs TEXT/);
    refuses(['completion', 'csh'], /bash, zsh, fish/);
    refuses(['send', 'a', 'b', '--wait', 'read'], /delivered, received/);
  });

  it('refuses an option without its value, a flag with one, and an invalid number', () => {
    refuses(['status', '--project'], /--project needs a value/);
    refuses(['status', '--project', '--json'], /--project needs a value/);
    refuses(['status', '--json=yes'], /--json takes no value/);
    refuses(['send', 'a', 'b', '--timeout', 'soon'], /needs a number/);
    refuses(['send', 'a', 'b', '--timeout=-1'], /needs a number/);
    refuses(['send', 'a', 'b', '--timeout='], /needs a number/);
  });

  it('parses numbers and names of Object.prototype literally', () => {
    assert.equal(parse('send', 'a', 'b', '--timeout', '1.5').number('timeout'), 1.5);
    refuses(['status', '--constructor'], /unknown option/);
    refuses(['status', '--toString=x'], /unknown option/);
  });

  it('returns help for an empty line, a command, a group and the word help', () => {
    const topic = (...args: string[]) => {
      const line = parseCommandLine(args, commands, globalOptions);
      return line.kind === 'help' ? line.topic : null;
    };
    assert.equal(topic(), '');
    assert.equal(topic('--help'), '');
    assert.equal(topic('send', '--help'), 'send');
    assert.equal(topic('send', 'x', 'y', '-h'), 'send');
    assert.equal(topic('plan', '--help'), 'plan');
    assert.equal(topic('help', 'plan', 'show'), 'plan show');
  });
});
