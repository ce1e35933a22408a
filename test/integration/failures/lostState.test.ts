import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Machine, type MachineProject, type Running } from '../../support/machine';
import { waitUntil } from '../../support/waitUntil';

/** Fields of an agent that must survive. */
const SAME = ['name', 'window', 'role', 'workspace', 'pane', 'sessionId', 'startedAt'] as const;

describe('a team whose state Redis lost while there was no leader', function () {
  this.timeout(240_000);
  let machine: Machine;
  let project: MachineProject;
  beforeEach(async () => {
    machine = new Machine();
    project = machine.project('app');
    const first = await project.begin();
    await delivers('after the opening task');
    await first.leave();
  });
  afterEach(() => machine.dispose());

  function redis(...args: readonly string[]): void {
    const ran = spawnSync('redis-cli', ['-s', machine.paths.redisSocket, ...args], { encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
  }

  async function identities(): Promise<unknown> {
    const agents = await project.agents();
    return agents.map((agent) => Object.fromEntries(SAME.map((field) => [field, agent[field]])));
  }

  async function conversationOfApi(): Promise<unknown> {
    return (await project.agents()).find(({ name }) => name === 'api')?.['sessionId'];
  }

  /** Leads until it is ended; resolves once the team is led. */
  async function lead(...args: readonly string[]): Promise<Running> {
    const run = project.up(args);
    await waitUntil(
      () => {
        if (run.child.exitCode !== null) throw new Error(`taco up ended: ${run.output()}`);
        return run.output().includes('running');
      },
      60_000,
      'the leader',
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${run.output()}`);
    });
    return run;
  }

  async function delivers(text: string): Promise<void> {
    const sent = await project.taco(['send', 'api', text, '--wait', 'received', '--timeout', '60']);
    assert.equal(sent.code, 0, sent.text);
  }

  it('is taken over by the next taco up: the same agents, processes and conversations', async () => {
    // A second leader: tmux knows a later epoch than an empty Redis would begin with.
    const second = await lead();
    await delivers('before the loss');
    await second.leave();
    const [before, processes] = [await identities(), await project.cliProcesses('api')];
    redis('FLUSHALL');
    const run = await lead('--resume');
    await delivers('after the loss');
    assert.deepEqual(await identities(), before);
    assert.deepEqual(await project.cliProcesses('api'), processes);
    assert.match((await project.taco(['status'])).text, /Redis had lost everything about this team/);
    await run.leave();
    assert.equal((await project.taco(['down'])).code, 0);
    assert.deepEqual(await project.processes(), []);
  });

  it('takes back a text that TACO was typing, and only that', async () => {
    const [api] = (await project.agents()).filter(({ name }) => name === 'api');
    const pane = String(api?.['pane']);
    const text = '[USER → AGENT-2]: half typed when everything was lost';
    const typed = { id: 'cmd_lost00000001', text };
    writeFileSync(machine.paths.typedText(project.id, 2), JSON.stringify([typed]));
    machine.tmux('set-option', '-p', '-t', pane, '@taco', `${typed.id}.1-1/typed`);
    machine.tmux('send-keys', '-t', pane, '-l', text);
    redis('FLUSHALL');
    const run = await lead('--resume');
    await delivers('after the loss');
    assert.deepEqual(
      project.received().filter((each) => each.includes('half typed')),
      [],
    );
    // The same words without TACO's marker are the user's.
    machine.tmux('send-keys', '-t', pane, '-l', text);
    const held = await project.taco(['send', 'api', 'waits', '--wait', 'received', '--timeout', '4']);
    assert.notEqual(held.code, 0, held.text);
    assert.match((await project.taco(['messages', '--json'])).text, /"reason": ?"draft"/);
    await run.leave();
    assert.equal((await project.taco(['down'])).code, 0);
  });

  it('gets back the record of one agent that was evicted', async () => {
    const before = await identities();
    redis('DEL', `taco:{${project.id}}:agents:2`);
    const run = await lead();
    // The front end may show the team before its leader has read it.
    await waitUntil(async () => (await conversationOfApi()) !== undefined, 60_000, 'the record of api');
    await delivers('after the eviction');
    assert.deepEqual(await identities(), before);
    await run.leave();
    assert.equal((await project.taco(['down'])).code, 0);
  });

  it('is resumed with its conversations when its tmux server has ended, too', async () => {
    const first = await lead();
    await delivers('before the loss');
    const conversation = await conversationOfApi();
    const copy = machine.paths.sessionCopy(project.id);
    // A CLI resumes no conversation that has no prompt, so the copy must know of the prompt, too.
    const isCopied = (): boolean => {
      const { hashes } = JSON.parse(readFileSync(copy, 'utf8')) as { hashes: [string, Record<string, string>][] };
      return hashes.some(([, { sessionId, begun }]) => sessionId === conversation && begun === 'true');
    };
    await waitUntil(isCopied, 60_000, 'the copy of the conversation that has begun');
    await first.leave();
    redis('FLUSHALL');
    await machine.killServer();
    const run = await lead('--resume');
    await delivers('after the reboot');
    assert.equal(await conversationOfApi(), conversation);
    assert.equal((await project.cliProcesses('api')).length, 1);
    await run.leave();
    assert.equal((await project.taco(['down'])).code, 0);
  });

  it('is reported, and ended by taco down, when this machine has no copy of it', async () => {
    redis('FLUSHALL');
    rmSync(machine.paths.sessionCopy(project.id));
    const run = await project.taco(['up', '--resume', '--profile', 'scripted']);
    assert.equal(run.code, 1, run.text);
    assert.match(run.text, /Redis has lost everything about this team.*taco down/s);
    assert.equal((await project.cliProcesses('api')).length, 1);
    assert.equal((await project.taco(['down'])).code, 0);
    assert.deepEqual(await project.processes(), []);
  });
});
