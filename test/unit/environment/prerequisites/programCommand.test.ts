import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { type CommandPlace, expandExecutable } from '../../../../src/core/programs/commandLine';
import { findCommand, parseCommand } from '../../../../src/environment/prerequisites/programCommand';

describe('a command of a setting, an option or a profile', () => {
  let dir: string;
  let place: CommandPlace;
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-command-')));
    for (const folder of ['bin', 'my project', 'my project/bin']) mkdirSync(join(dir, folder));
    for (const file of ['bin/agent', 'my project/bin/agent', 'my project/my agent'])
      writeFileSync(join(dir, file), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(dir, 'bin/readme'), 'words', { mode: 0o644 });
    place = {
      env: { HOME: dir, TOOLS: join(dir, 'bin'), PATH: join(dir, 'bin') },
      projectDir: join(dir, 'my project'),
    };
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const read = (text: string): readonly string[] => {
    const { command, args } = parseCommand(text, place);
    return [command.replace(dir, 'D'), ...args.map((arg) => arg.replace(dir, 'D'))];
  };

  it('is expanded where it is a path: home, variables, and relative to the project', () => {
    assert.deepEqual(read('claude'), ['claude']);
    for (const text of ['~/bin/agent', '${userHome}/bin/agent', '${env:TOOLS}/agent', '../bin/agent'])
      assert.deepEqual(read(text), ['D/bin/agent'], text);
    for (const text of ['./bin/agent', 'bin/agent', '${workspaceFolder}/bin/agent', '  ./bin/agent '])
      assert.deepEqual(read(text), ['D/my project/bin/agent'], text);
  });

  it('keeps the arguments behind it as words, with quotes and without a shell', () => {
    assert.deepEqual(read('claude --model opus'), ['claude', '--model', 'opus']);
    assert.deepEqual(read('npx -y "foo bar" --x=\'a "b"\' $HOME *'), [
      'npx',
      '-y',
      'foo bar',
      '--x=a "b"',
      '$HOME',
      '*',
    ]);
    assert.deepEqual(read('agent --config ~/a.json ${workspaceFolder}/b'), [
      'agent',
      '--config',
      'D/a.json',
      'D/my project/b',
    ]);
  });

  it('is one executable when a file of that whole name exists, spaces included', () => {
    assert.deepEqual(read('./my agent'), ['D/my project/my agent']);
    assert.deepEqual(read('${workspaceFolder}/my agent'), ['D/my project/my agent']);
    assert.deepEqual(read('"${workspaceFolder}/my agent" -v'), ['D/my project/my agent', '-v']);
  });

  it('is refused with the reason when it cannot be expanded, or would lose the arguments of TACO', () => {
    for (const [text, reason] of [
      ['${workspace}/x', /does not know the variable \$\{workspace\}/],
      ['${env:NOWHERE}/x', /environment variable NOWHERE is not set/],
      ['claude --name "x', /quotes do not match/],
      ['   ', /it is empty/],
      ['bash -c claude', /bash would keep the arguments/],
      ['sh -lc "claude --model opus"', /sh would keep/],
      ['bash -c \'claude "$@"\'', /bash would keep/],
    ] as const)
      assert.throws(
        () => parseCommand(text, place),
        (error) => isTacoError(error, 'usage') && reason.test(error.message) && error.hint !== '',
        text,
      );
    assert.deepEqual(read('bash -c \'claude "$@"\' agent'), ['bash', '-c', 'claude "$@"', 'agent']);
    assert.deepEqual(read('bash run.sh -c'), ['bash', 'run.sh', '-c']);
  });

  it('is found on the PATH or at its path, links followed, and only where it can be executed', () => {
    symlinkSync(join(dir, 'bin/agent'), join(dir, 'bin/linked'));
    const found = (text: string): string | undefined =>
      findCommand(parseCommand(text, place), join(dir, 'bin'))?.command.replace(dir, 'D');
    assert.deepEqual(['agent --x', 'linked', './bin/agent', 'readme', '~/bin/readme', '~/bin', 'nowhere'].map(found), [
      'D/bin/agent',
      'D/bin/linked',
      'D/my project/bin/agent',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is kept as it was written where no arguments may follow it and it has some', () => {
    assert.equal(expandExecutable('~/bin/tmux', place), join(dir, 'bin/tmux'));
    assert.equal(expandExecutable('tmux -2', place), 'tmux -2');
    assert.equal(expandExecutable('${nothing}/tmux', place), '${nothing}/tmux');
  });
});
