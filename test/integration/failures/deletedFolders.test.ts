import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { eachOnOwnMachine, type Machine, type MachineProject, type Running } from '../../support/machine';
import { waitUntil } from '../../support/waitUntil';

describe('a folder that is deleted under a team', function () {
  this.timeout(240_000);
  let machine: Machine;
  let project: MachineProject;
  eachOnOwnMachine((...made) => ([machine, project] = made));

  function git(...args: readonly string[]): void {
    const ran = spawnSync('git', ['-C', project.dir, '-c', 'user.name=x', '-c', 'user.email=x@y', ...args]);
    assert.equal(ran.status, 0, ran.stderr.toString());
  }

  async function workspaceOf(agent: string): Promise<string> {
    return String((await project.agents()).find(({ name }) => name === agent)?.['workspace']);
  }

  async function activity(): Promise<string> {
    return (await project.taco(['monitor', '--once', '--json'])).text;
  }

  async function isReported(words: RegExp): Promise<void> {
    let seen = '';
    await waitUntil(async () => words.test((seen = await activity())), 30_000, String(words)).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${seen}`);
      },
    );
  }

  async function beginInWorktrees(): Promise<Running> {
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    const run = project.up(['--plan', 'plan.json', '--yes', '--worktrees']);
    await waitUntil(() => /qa \(window 3\): ready/.test(run.output()), 60_000, 'the team');
    return run;
  }

  it('is reported when it is an agent’s worktree, and a relaunch gives the agent a new one', async () => {
    const run = await beginInWorktrees();
    const before = await workspaceOf('api');
    rmSync(before, { recursive: true });
    await isReported(/The folder [^"]*\/api of api was deleted/);
    const relaunch = await project.taco(['relaunch', 'api']);
    assert.equal(relaunch.code, 0, relaunch.text);
    await isReported(/it works in [^"]+ now/);
    const sent = await project.taco(['send', 'api', 'go on', '--wait', 'received', '--timeout', '60']);
    assert.equal(sent.code, 0, sent.text);
    assert.notEqual(await workspaceOf('api'), project.dir);
    await run.leave();
    assert.equal((await project.taco(['down'])).code, 0);
  });

  it('is reported when it is the project’s: nothing is launched in it, and the team can be ended', async () => {
    const run = await project.begin();
    rmSync(project.dir, { recursive: true });
    await isReportedFromOutside(/folder [^"]+ was deleted or moved: [^"]*api/);
    const before = await machineAgents();
    const relaunch = await outside('relaunch', 'api');
    assert.equal(relaunch.code, 0, relaunch.text);
    await isReportedFromOutside(/relaunch: The project's folder .* was deleted or moved/);
    assert.deepEqual(
      (await machineAgents()).map(({ name }) => name),
      before.map(({ name }) => name),
    );
    await run.leave();
    const down = await outside('down');
    assert.equal(down.code, 0, down.text);
    assert.deepEqual(await project.processes(), []);
  });

  it('is named by a resume when it is the project’s, and the team is resumed once it is back', async () => {
    await (await project.begin()).leave();
    await machine.killServer();
    renameSync(project.dir, `${project.dir}-moved`);
    const failed = await outside('up', '--resume', '--profile', 'scripted');
    assert.notEqual(failed.code, 0);
    assert.match(failed.text, /was deleted or moved|There is no folder/);
    assert.doesNotMatch(failed.text, /tmux was not found/);
    renameSync(`${project.dir}-moved`, project.dir);
    const run = project.up(['--resume']);
    await waitUntil(() => run.output().includes('running'), 60_000, 'the team');
    const sent = await project.taco(['send', 'api', 'go on', '--wait', 'received', '--timeout', '60']);
    assert.equal(sent.code, 0, sent.text);
    await run.leave();
    assert.equal((await project.taco(['down'])).code, 0);
  });

  /** Runs a command from elsewhere: the project's folder is not there. */
  async function outside(command: string, ...args: readonly string[]): Promise<{ code: number | null; text: string }> {
    mkdirSync(machine.home, { recursive: true });
    const run = machine.start([command, ...args, '--project', project.dir], machine.home, {});
    return { code: await run.ended, text: run.output() };
  }

  async function machineAgents(): Promise<readonly { readonly name: string }[]> {
    return (JSON.parse((await outside('agents', '--json')).text) as { agents: { name: string }[] }).agents;
  }

  async function isReportedFromOutside(words: RegExp): Promise<void> {
    let seen = '';
    await waitUntil(
      async () => words.test((seen = (await outside('monitor', '--once', '--json')).text)),
      30_000,
      String(words),
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${seen}`);
    });
  }
});
