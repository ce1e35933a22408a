import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TacoPaths } from '../../../src/core/programs/paths';
import type { Snapshot } from '../../../src/core/team/snapshot';
import { stopRedis } from '../../../src/redis/server/redisServer';
import { openTeam, type Team } from '../../../src/team/team';
import { silentLogger } from '../../support/loggers';
import { SshServer, type SshStay } from '../../support/sshServer';
import { TACO } from '../../support/tacoCommand';
import { PrivateTmux } from '../../support/tmux';
import { waitUntil } from '../../support/waitUntil';

const PLAN = { agents: [{ window: 2, name: 'api', role: 'Builds the API' }] };
/** The path in docs/cli.md. */
const COMMAND = '~/.taco/bin/taco';
/**
 * A killed leader is replaced after six seconds: a faster change means that the leader released the lease,
 * milliseconds.
 */
const AT_ONCE_MS = 3000;
/**
 * Acts as the user's login shell, which gets the hang-up first and passes it on to its job. Writes the job's exit
 * code into the file $0.
 */
const SHELL = `trap 'kill -HUP $job' HUP
exec 3<&0
"$@" <&3 &
job=$!
wait $job; code=$?
if [ $code -gt 128 ]; then wait $job; code=$?; fi
echo $code > "$0"
`;

interface Window {
  readonly screen: () => string;
  readonly type: (key: string) => void;
}

/** The team is led over SSH, too: every process here starts with no more than sshd provides. */
describe('taco over SSH', function () {
  this.timeout(40_000);
  let root = '';
  let project = '';
  let server: SshServer;
  let leader: SshStay;
  let team: Team;
  let paths: TacoPaths;
  const socket = `taco-ssh-${process.pid}`;
  /** Runs tmux in the socket folder of a shell of sshd, which is not the tests' own. */
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-L', socket, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const inside = (args: string) => `cd '${project}/src/deep' && ${COMMAND} ${args}`;
  const taco = (args: string, input: string | Buffer = '') => server.run(inside(args), input);

  const snapshot = (is: (now: Snapshot) => boolean, ms: number, what: string) =>
    waitUntil(
      async () => {
        const now = await team.snapshot();
        return is(now) ? now : null;
      },
      ms,
      what,
    );
  const led = () => snapshot(({ leader: by }) => by !== null, 10_000, 'somebody leads');
  const withoutLeader = () => snapshot(({ leader: by }) => by === null, AT_ONCE_MS, 'the lead is given back');
  const stateOf =
    (text: string) =>
    ({ messages }: Snapshot) =>
      messages.find(({ message }) => message.endsWith(text));
  /** The prompts that reached the agent's model, oldest first. */
  const prompts = () =>
    readFileSync(join(root, 'received'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { agent: string; prompt: string })
      .filter(({ agent }) => agent === 'api')
      .map(({ prompt }) => prompt);

  /**
   * Waits until the newest prompts have reached the model. The hook proves a message received a moment before the
   * agent calls its model.
   */
  const reached = async (...texts: string[]) => {
    const wanted = texts.map((text) => `[USER → AGENT-2]: ${text}`);
    await waitUntil(() => prompts().at(-1) === wanted.at(-1), 5000).catch(() => undefined); // the assertion below shows the difference
    assert.deepEqual(prompts().slice(-wanted.length), wanted);
  };

  /** Opens a window of 100 × 30 with `ssh -tt` in it, which stays afterwards and shows how that ended. */
  const atTerminal = async (command: string, test: (window: Window) => Promise<void>) => {
    const outer = new PrivateTmux();
    try {
      outer.tmux(
        '-f',
        '/dev/null',
        'new-session',
        '-d',
        '-s',
        'w',
        '-x',
        '100',
        '-y',
        '30',
        'sh',
        '-c',
        '"$@"; echo "Ended with $?."; read more',
        'sh',
        ...server.argv(command, '-tt'),
      );
      await test({
        screen: () => outer.tmux('capture-pane', '-p', '-t', 'w'),
        type: (key) => void outer.tmux('send-keys', '-t', 'w', key),
      });
    } finally {
      outer.dispose();
    }
  };

  before(async function () {
    const programs = SshServer.programs();
    if (!programs) {
      assert.ok(!process.env['CI'], 'openssh-server and openssh-client are missing');
      return this.skip();
    }
    root = realpathSync(mkdtempSync(join(tmpdir(), 'taco-ssh-')));
    const home = join(root, 'home');
    project = join(root, 'project');
    paths = new TacoPaths({}, home);
    for (const dir of [home, join(root, 'ssh'), join(project, 'src', 'deep')]) mkdirSync(dir, { recursive: true });
    writeFileSync(join(project, 'team.json'), JSON.stringify(PLAN));
    server = await SshServer.start(programs, join(root, 'ssh'), home);

    const variables = `TACO_SCRIPTED_RECEIVED='${root}/received' TACO_SCRIPTED_QUIET=1 TACO_SCRIPTED_WORK_MS=20`;
    leader = server.stay(
      `cd '${project}' && ${variables} '${process.execPath}' '${TACO}' up --plan team.json --yes --profile scripted --socket ${socket}`,
      'terminal',
    );
    await waitUntil(
      () => leader.output().includes('api (window 2): ready'),
      20_000,
      `the team over SSH:\n${leader.output()}`,
    );
    team = await openTeam({
      projectDir: project,
      paths,
      env: {},
      redisUrl: undefined,
      startRedis: false,
      logger: silentLogger,
    });
    await snapshot(
      ({ messages }) => messages.length >= 2 && messages.every(({ state }) => state === 'received'),
      10_000,
      'the opening tasks',
    );
  });
  after(async () => {
    if (!root) return;
    // A process that still leads would restart what is ended here.
    if (team) await taco('down');
    team?.dispose();
    await server?.close();
    try {
      tmux('kill-server');
    } catch {
      // Ended with its last session.
    }
    rmSync(join('/tmp', `tmux-${process.getuid?.()}`, socket), { force: true });
    await stopRedis(paths);
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  it('runs in a shell without a locale and without variables of TACO', async () => {
    const { stdout } = await server.run('env; locale charmap');
    assert.match(stdout, new RegExp(`^HOME=${root}/home$`, 'm'));
    assert.doesNotMatch(stdout, /^(LANG|LC_\w+|TACO_\w+|TMUX\w*)=|UTF-8/m);
  });

  it('reports the running team from a folder within the project', async () => {
    const { code, stdout, stderr } = await taco('status');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Session: {2}taco-project-[0-9a-f]{6}-\d+, running$/m);
    assert.ok(stdout.includes(`Project:  ${project}\n`));
    assert.match(stdout, /^2 +api +idle +scripted/m);
  });

  it('waits until the agent has received a message, and reports that', async () => {
    const { code, stdout, stderr } = await taco('send api "Is the API ready?" --wait received');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^cmd_\w+ to api: received\n$/);
    await reached('Is the API ready?');
  });

  it('delivers non-ASCII text byte for byte, from standard input and as an argument', async () => {
    const text = 'Grüße, naïve „Füße“\n漢字 👋🏽 👩‍👩‍👧 €';
    assert.equal((await taco('send api - --wait received', Buffer.from(text, 'utf8'))).code, 0);
    await reached(text);
    assert.equal((await taco('send api "Ünïcode 🎉" --wait received')).code, 0);
    await reached(text, 'Ünïcode 🎉');
  });

  for (const terminal of ['no terminal', 'terminal'] as const) {
    it(`delivers a message once when its connection is cut while it waits (${terminal})`, async () => {
      const text = `sent with ${terminal}`;
      const pane = (await team.snapshot()).agents.find(({ name }) => name === 'api')?.pane ?? '';
      const isLeaderAlone = () => server.connections() === 1;
      await waitUntil(isLeaderAlone, 5000, 'the connections of before have ended');
      tmux('send-keys', '-t', pane, 'a half-typed thought');
      const waiting = server.stay(inside(`send api '${text}' --wait received`), terminal);
      await snapshot((now) => stateOf(text)(now)?.reason === 'draft', 10_000, 'the message is held');
      assert.equal(server.connections(), 2);
      waiting.cut();
      await waitUntil(isLeaderAlone, 5000, 'the server knows of the cut');
      tmux('send-keys', '-t', pane, 'C-u', 'C-u');
      await snapshot((now) => stateOf(text)(now)?.state === 'received', 10_000, 'the message has arrived');
      assert.equal((await taco('send api after --wait received')).code, 0);
      await reached(text, 'after');
      assert.equal(prompts().filter((prompt) => prompt.endsWith(text)).length, 1);
    });
  }

  it('draws the monitor on the whole terminal, until q', () =>
    atTerminal(inside('monitor'), async ({ screen, type }) => {
      await waitUntil(
        () => /Session: taco-project-[^]*Command Queue:[^]*2 +api/.test(screen()),
        10_000,
        'the dashboard',
      );
      assert.equal(screen().split('\n')[0], '═'.repeat(100));
      type('q');
      await waitUntil(() => screen().includes('Ended with 0.'), 5000, 'its end');
      assert.doesNotMatch(screen(), /═/);
    }));

  it('shows an agent in a terminal with the tmux command of the docs', async () => {
    const name = (await team.snapshot()).session?.tmux_session ?? '';
    await atTerminal(`tmux -u -L ${socket} attach -t ${name}:2`, async ({ screen, type }) => {
      await waitUntil(() => screen().includes('❯ [USER → AGENT-2]: Ünïcode 🎉'), 10_000, 'the agent');
      type('C-b');
      // tmux takes keys within a millisecond for a paste.
      await waitUntil(() => tmux('list-clients', '-F', '#{client_prefix}').includes('1'), 5000, 'the prefix');
      type('d');
      await waitUntil(() => screen().includes('Ended with 0.'), 5000, 'its end');
    });
    assert.match(tmux('list-sessions', '-F', '#{session_name}'), new RegExp(`^${name}$`, 'm'));
  });

  /**
   * Runs `taco` with `args` as a job of a shell on a terminal, cuts its connection once it has printed `words`, and
   * returns its exit code.
   */
  const cutOff = async (dir: string, args: string, words: RegExp) => {
    const code = join(root, 'code');
    rmSync(code, { force: true });
    writeFileSync(join(root, 'shell.sh'), SHELL);
    const staying = server.stay(
      `cd '${dir}' && sh -c "$(cat '${root}/shell.sh')" '${code}' ${COMMAND} ${args}`,
      'terminal',
    );
    await waitUntil(() => words.test(staying.output()), 10_000, 'its words');
    staying.cut();
    return await waitUntil(() => existsSync(code) && readFileSync(code, 'utf8').trim(), 5000, 'its end');
  };

  it('ends the monitor without a crash when its connection is cut', async () => {
    assert.equal(await cutOff(project, 'monitor', /Command Queue/), '0');
  });

  it('ends a process that waits for the lease without a crash when the connection is cut', async () => {
    assert.equal(await cutOff(project, 'up', /Agents: /), '0');
  });

  it('keeps a plan in review when the connection is cut at the approval prompt', async () => {
    const other = join(root, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'team.json'), JSON.stringify(PLAN));
    const there = (args: string) => server.run(`cd '${other}' && ${COMMAND} ${args}`);
    assert.equal(
      await cutOff(other, `up --plan team.json --profile scripted --socket ${socket}`, /Launch this team\?/),
      '0',
    );
    assert.match((await there('status')).stdout, /led by no process/);
    assert.match((await there('plan show')).stdout, /^The plan is proposed\./);
    assert.equal((await there('down')).code, 0);
  });

  it("releases the lease when the leader's connection is cut, and keeps the team running", async () => {
    leader.cut();
    await withoutLeader();
    assert.match((await taco('status')).stdout, /, running\n[^]*led by no process/);
  });

  it('leads again over a new connection, and without a terminal until the reader of its output closes', async () => {
    const next = server.stay(inside('up --profile scripted'), 'no terminal');
    await led();
    assert.equal((await taco('send api "Still there?" --wait received')).code, 0);
    next.cut();
    assert.equal((await taco('send api "And now?"')).code, 0);
    await withoutLeader();
  });

  it('has lost and duplicated nothing when it is led again', async () => {
    leader = server.stay(inside('up --profile scripted'), 'terminal');
    await snapshot((now) => stateOf('And now?')(now)?.state === 'received', 10_000, 'the message has arrived');
    assert.equal((await taco('send api "The last." --wait received')).code, 0);
    await reached('Still there?', 'And now?', 'The last.');
  });

  it('ends the team together with its leader', async () => {
    const { code, stderr } = await taco('down');
    assert.deepEqual([code, stderr], [0, '']);
    await waitUntil(() => leader.client.exitCode !== null, 5000, 'the leader has ended');
    assert.equal(leader.client.exitCode, 0);
    assert.equal((await taco('status')).code, 3);
  });
});
