import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { eachOnOwnMachine, Machine, type MachineProject } from '../../../support/machine';
import { waitUntil } from '../../../support/waitUntil';

describe('the end of a team', function () {
  this.timeout(180_000);
  let machine: Machine;
  let project: MachineProject;
  eachOnOwnMachine((...made) => ([machine, project] = made));

  /** Opens a terminal with its own view, as VS Code does; `script` provides the terminal. */
  async function view(): Promise<void> {
    const name = await project.session();
    const line = `tmux -L taco new-session -s view -t '=${name}'`;
    const terminal = spawn('script', ['-qec', line, '/dev/null'], {
      env: machine.env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await waitUntil(() => machine.tmux('list-sessions').includes('view'), 10_000, 'the view');
    terminal.unref();
  }

  it('does not include the end of its main session while a view keeps the windows: the session is made again around them', async () => {
    const lead = await project.begin();
    await view();
    machine.tmux('kill-session', '-t', `=${await project.session()}`);
    const sent = await project.taco(['send', 'api', 'still there?', '--wait', 'received', '--timeout', '40']);
    assert.equal(sent.code, 0, sent.text);
    assert.equal((await project.cliProcesses('api')).length, 1);
    await lead.leave();
    const down = await project.taco(['down']);
    assert.equal(down.code, 0, down.text);
    assert.deepEqual(await project.processes(), []);
  });

  it('does not include it without a leader either: a resume starts no second process on a conversation', async () => {
    await (await project.begin()).leave();
    await view();
    const agents = ['mother', 'api', 'qa'];
    const clis = () => Promise.all(agents.map((agent) => project.cliProcesses(agent)));
    const before = await clis();
    machine.tmux('kill-session', '-t', `=${await project.session()}`);
    const lead = project.up(['--resume']);
    const sent = await project.taco(['send', 'api', 'still there?', '--wait', 'received', '--timeout', '60']);
    assert.equal(sent.code, 0, `${sent.text}\n${lead.output()}`);
    assert.deepEqual(await clis(), before);
    const down = await project.taco(['down']);
    assert.equal(down.code, 0, down.text);
    assert.deepEqual(await project.processes(), []);
  });

  it('also closes the windows that a view shows', async () => {
    await project.begin();
    await view();
    assert.equal((await project.taco(['down'])).code, 0);
    assert.deepEqual(await project.processes(), []);
    assert.match(machine.tmux('list-sessions'), /no server|error connecting/);
  });

  it('includes processes that have left their terminal', async () => {
    await (await project.begin()).leave();
    const [cli = 0] = await project.cliProcesses('api');
    const env = Object.fromEntries(
      readFileSync(`/proc/${cli}/environ`, 'utf8')
        .split('\0')
        .filter(Boolean)
        .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    );
    spawn('sleep', ['1000'], { env, detached: true, stdio: 'ignore' }).unref();
    assert.equal((await project.taco(['down'])).code, 0);
    assert.deepEqual(await project.processes(), []);
  });

  it('works when Redis has lost the session: a new start is refused, and taco down ends the agents', async () => {
    await (await project.begin()).leave();
    const flush = spawnSync('redis-cli', ['-s', machine.paths.redisSocket, 'FLUSHALL']);
    assert.equal(flush.status, 0);
    const start = project.up(['--goal', 'again', '--yes', '--until-done', '--timeout', '30']);
    assert.equal(await start.ended, 1);
    assert.match(start.output(), /already runs|is already|exists/);
    assert.equal((await project.cliProcesses('api')).length, 1);
    const down = await project.taco(['down']);
    assert.equal(down.code, 0, down.text);
    assert.deepEqual(await project.processes(), []);
    assert.equal((await project.taco(['down'])).code, 3);
  });

  it('leaves the tmux session of an older version alone, and ends its agents by their environment', async () => {
    await (await project.begin()).leave();
    const redis = (...args: string[]) => void spawnSync('redis-cli', ['-s', machine.paths.redisSocket, ...args]);
    redis('HDEL', `taco:{${project.id}}:session:state`, 'identity');
    rmSync(machine.paths.tmuxRecord(project.id));
    const lead = project.up(['--resume']);
    assert.equal(await lead.ended, 1);
    assert.match(lead.output(), /An older version of TACO started|earlier session of this project still run/);
    assert.equal((await project.cliProcesses('api')).length, 1);
    const down = await project.taco(['down']);
    assert.equal(down.code, 0, down.text);
    assert.deepEqual(await project.processes(), []);
  });
});

describe('two starts at once in one project', function () {
  this.timeout(180_000);
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.dispose());

  it('let one win, and the other exits with 1 and neither reports nor stops the session of the first', async () => {
    const project = machine.project('app');
    const runs = ['first', 'second'].map((goal) =>
      project.up(['--goal', goal, '--yes', '--until-done', '--timeout', '90', '--json'], { TACO_SCRIPTED_QUIET: '' }),
    );
    const codes = await Promise.all(runs.map(({ ended }) => ended));
    assert.deepEqual([...codes].sort(), [0, 1], runs.map(({ output }) => output()).join('\n'));
    const loser = runs[codes.indexOf(1)]?.output() ?? '';
    assert.match(loser, /session-exists/);
    assert.deepEqual(await project.processes(), []);
  });
});
