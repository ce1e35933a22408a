import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { stopRedis } from '../../../../src/redis/server/redisServer';
import { TACO, taco, type Ran } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

const planOf = (name: string): string => JSON.stringify({ agents: [{ window: 2, name, role: `Builds the ${name}` }] });
const QUESTION = /Launch this team\?/g;

describe('the approval prompt of taco up in a terminal', function () {
  this.timeout(90_000);
  let root = '';
  let dir = '';
  const socket = `taco-ask-${process.pid}`;
  const terminal = `${socket}-terminal`;
  const env = () => ({ TACO_HOME: join(root, 'home'), HOME: root, TMUX_TMPDIR: root });
  const run = (...args: string[]): Promise<Ran> => taco([...args, '--socket', socket], { cwd: dir, env: env() });
  const tmux = (server: string, ...args: string[]) =>
    spawnSync('tmux', ['-L', server, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env() } });
  const screen = (): string => tmux(terminal, 'capture-pane', '-p', '-J', '-S', '-', '-t', 'up').stdout;
  const asked = (): number => [...screen().matchAll(QUESTION)].length;
  const says = (text: string): void => void tmux(terminal, 'send-keys', '-t', 'up', text, 'Enter');

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'taco-ask-')));
    dir = join(root, 'project');
    mkdirSync(dir);
    for (const name of ['first', 'second']) writeFileSync(join(dir, `${name}.json`), planOf(name));
  });
  beforeEach(async () => {
    tmux(
      terminal,
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-s',
      'up',
      '-x',
      '160',
      '-y',
      '50',
      '-c',
      dir,
      process.execPath,
      TACO,
      'up',
      '--plan',
      'first.json',
      '--profile',
      'scripted',
      '--socket',
      socket,
    );
    await waitUntil(() => asked() === 1, 30_000, 'the question');
  });
  afterEach(async () => {
    await run('down');
    tmux(terminal, 'kill-server');
  });
  after(async () => {
    tmux(socket, 'kill-server');
    await stopRedis(new TacoPaths(env(), root));
    rmSync(root, { recursive: true, force: true });
  });

  it('applies the answer to the latest plan only', async () => {
    assert.equal((await run('plan', 'submit', 'second.json')).code, 0);
    await waitUntil(() => asked() === 2, 20_000, 'the second question');
    says('yes');
    await waitUntil(() => /second \(window 2\): ready/.test(screen()), 30_000, 'the team');
    assert.doesNotMatch(screen(), /first \(window \d\):/);
  });

  it('closes once the plan was decided elsewhere: later input is neither an answer nor a note to Mother', async () => {
    assert.equal((await run('plan', 'approve')).code, 0);
    await waitUntil(() => /no longer pending/.test(screen()), 20_000, 'the note that the plan is no longer pending');
    await waitUntil(() => /first \(window 2\): ready/.test(screen()), 30_000, 'the team');
    says('do something else');
    says('yes');
    assert.equal((await run('send', 'first', 'still there?', '--wait', 'received', '--timeout', '20')).code, 0);
    assert.equal(asked(), 1);
    const { messages } = (await run('messages', '--json')).json<{ messages: readonly { message: string }[] }>();
    assert.deepEqual(
      messages.filter(({ message }) => message.includes('something else')),
      [],
    );
  });
});
