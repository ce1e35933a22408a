import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { launchScript, writeLaunchScript } from '../../../../src/environment/processes/launchScript';

/** Prints its environment, folder and arguments as JSON. */
const REPORT =
  'process.stdout.write(JSON.stringify({ env: process.env, cwd: process.cwd(), argv: process.argv.slice(1) }))';

interface Report {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly argv: readonly string[];
}

const shells = [['sh'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([command = '']) => spawnSync(command, ['-c', 'true']).status === 0 || command === 'sh',
);

describe('launch script', function () {
  this.timeout(60_000);
  let dir = '';
  before(() => (dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-launch-')))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  function run(
    env: Readonly<Record<string, string>>,
    { cwd = dir, args = [] as readonly string[], around = {}, shell = ['sh'] as readonly string[] } = {},
  ): Report {
    const file = join(dir, 'launch.sh');
    const argv = [process.execPath, '-e', REPORT, '--', ...args];
    writeFileSync(file, launchScript({ argv, env, cwd }));
    const [command = 'sh', ...options] = shell;
    const output = execFileSync(command, [...options, file], {
      env: { PATH: process.env['PATH'], ...around },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(output) as Report;
  }

  it('starts the program with exactly its environment, and nothing of the surrounding one', () => {
    const { env } = run({ PATH: '/bin', FOO: 'b' }, { around: { FOO: 'a', SECRET: 'a', LD_X: 'x' } });
    assert.deepEqual(env, { PATH: '/bin', FOO: 'b', PWD: dir });
  });

  it("keeps tmux's variables about the pane", () => {
    const pane = { TERM: 'tmux-256color', TMUX: '/tmp/a b,1,0', TMUX_PANE: '%3', TERM_PROGRAM: 'tmux' };
    assert.deepEqual(run({ A: '1' }, { around: pane }).env, { A: '1', PWD: dir, ...pane });
  });

  for (const shell of shells) {
    it(`passes every value, argument and folder unchanged with ${shell.join(' ')}`, () => {
      const text = fc
        .array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom(
              "'",
              '"',
              '\\',
              '$(id)',
              '`id`',
              '\n',
              '\r',
              '!',
              '#',
              '~',
              '=',
              ';',
              '\u0081',
              '\u0088',
              '𝒳',
              '日本',
              'e\u0301',
              ' ',
            ),
          ),
          { maxLength: 8 },
        )
        .map((parts) => parts.join('').replaceAll('\0', '').toWellFormed());
      fc.assert(
        fc.property(text, text, text, (value, argument, name) => {
          const cwd = join(dir, `x${name.replaceAll('/', '-')}`.slice(0, 60).toWellFormed());
          mkdirSync(cwd, { recursive: true });
          const ran = run({ VALUE: value, LANG: 'C.UTF-8' }, { cwd, args: [argument], shell });
          assert.equal(ran.env['VALUE'], value);
          assert.equal(ran.cwd, cwd);
          assert.deepEqual(ran.argv, [argument]);
        }),
        { numRuns: 25 },
      );
    });

    it(`passes variables that ${shell.join(' ')} manages if possible, and always starts the program`, () => {
      const { env } = run(
        { UID: String(process.getuid?.()), PPID: '1', SHELLOPTS: 'xtrace', IFS: 'x', 'a-b': '1', OLDPWD: '/', A: '1' },
        { shell },
      );
      assert.equal(env['A'], '1');
      assert.equal(env['UID'], String(process.getuid?.()));
      for (const name of ['a-b', 'OLDPWD', 'SHELLOPTS']) assert.equal(env[name], undefined, name);
    });
  }

  it('does not start the program elsewhere when its folder is missing', () => {
    const file = join(dir, 'gone.sh');
    writeFileSync(file, launchScript({ argv: ['echo', 'started'], env: {}, cwd: join(dir, 'no such folder') }));
    const ran = spawnSync('sh', [file], { encoding: 'utf8' });
    assert.equal(ran.status, 1);
    assert.equal(ran.stdout, '');
    assert.match(ran.stderr, /no such folder/);
  });

  it('is a file that only the user can read, in a folder that only the user can enter', async () => {
    const file = join(dir, 'agents', '2', 'launch.sh');
    const argv = await writeLaunchScript(file, { argv: ['true'], env: { KEY: 'secret' }, cwd: dir });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(dir, 'agents', '2')).mode & 0o777, 0o700);
    assert.ok(!argv.join(' ').includes('secret'));
    assert.equal(spawnSync(argv[0] ?? '', argv.slice(1)).status, 0);
  });
});
