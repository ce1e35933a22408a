import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../../../src/cli/args/commandTable';
import { CliProject, TACO, taco } from '../../../support/tacoCommand';

const VERSION = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;

/** A command of each kind: light and loaded, with a result and with an error, as text and as JSON. */
const PRINTS: readonly (readonly string[])[] = [
  ['--help'],
  ['--version'],
  ['completion', 'bash'],
  ['send', 'backend', 'hello'],
  ['send', 'backend', 'hello', '--json'],
  ['status'],
  ['agents', '--json'],
  ['messages'],
  ['plan', 'show', '--json'],
  ['monitor', '--once'],
  ['send', 'nobody', 'hello', '--json'],
  ...commands.map(({ name }) => [...name.split(' '), '--help']),
];

describe('the output of taco', function () {
  this.timeout(120_000);
  let project: CliProject;
  before(async () => (project = await CliProject.start()));
  after(() => project.close());

  function shell(line: string, args: readonly string[], cwd = project.dir, env: Record<string, string> = {}) {
    return spawnSync('sh', ['-c', line, process.execPath, TACO, ...args], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TACO_HOME: project.server.paths.home, ...env },
      encoding: 'utf8',
    });
  }

  it('is its version for --version, also as JSON', async () => {
    assert.equal((await taco(['--version'])).stdout, `taco ${VERSION}\n`);
    assert.deepEqual((await taco(['--version', '--json'])).json(), { version: VERSION });
  });

  (existsSync('/dev/full') ? it : it.skip)(
    'that cannot be written is reported in one sentence, with exit code 1',
    () => {
      for (const args of PRINTS) {
        const { status, stderr } = shell('exec "$0" "$@" > /dev/full', args);
        const isUnread = stderr === '' && status === 0; // commands that print nothing
        assert.ok(!isUnread, args.join(' '));
        assert.equal(status, 1, `${args.join(' ')}: ${stderr}`);
        assert.match(stderr, /^taco: Cannot write the output: ENOSPC.*\.\n$/, args.join(' '));
      }
      const { status, stdout } = shell('exec "$0" "$@" 2> /dev/full', ['send', 'nobody', 'x']);
      assert.deepEqual([status, stdout], [1, '']);
    },
  );

  it('that nobody reads any more is no failure', () => {
    for (const args of [['--help'], ['messages', '--json'], ['completion', 'zsh']]) {
      const { stdout, stderr } = shell('{ "$0" "$@"; echo "code $?" >&2; } | true', args);
      assert.equal(stdout, '');
      assert.match(stderr, /^code 0\n$/, args.join(' '));
    }
  });

  it('has no escape sequence with TERM=dumb, and no colour with NO_COLOR', () => {
    const onTerminal = (args: string, env: Record<string, string>): string =>
      spawnSync('script', ['-qec', `${process.execPath} ${TACO} ${args}`, '/dev/null'], {
        cwd: project.dir,
        env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TACO_HOME: project.server.paths.home, ...env },
        encoding: 'utf8',
        input: '',
      }).stdout;
    for (const args of ['status', 'agents', 'messages', 'monitor', 'monitor --once', '--help', 'plan show'])
      assert.ok(!onTerminal(args, { TERM: 'dumb' }).includes('\u001b'), args);
    for (const args of ['status', 'monitor --once'])
      assert.ok(!/\u001b\[[0-9;]*m/.test(onTerminal(args, { TERM: 'xterm-256color', NO_COLOR: '1' })), args);
    assert.match(onTerminal('monitor --once', { TERM: 'xterm-256color' }), /\u001b\[[0-9;]*m/);
  });

  it('comes also from a folder that was deleted', () => {
    const folder = join(project.dir, 'gone');
    mkdirSync(folder);
    const { status, stdout, stderr } = shell('rmdir "$PWD"; exec "$0" "$@"', ['status'], folder, { PWD: folder });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Project: +\S+/);
    rmSync(folder, { recursive: true, force: true });
  });
});
