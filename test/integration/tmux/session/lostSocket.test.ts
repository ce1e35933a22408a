import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { eachOnOwnMachine, type Machine, type MachineProject } from '../../../support/machine';

describe('a moved or deleted tmux socket', function () {
  this.timeout(180_000);
  let machine: Machine;
  let project: MachineProject;
  eachOnOwnMachine((...made) => ([machine, project] = made));

  const once = async (): Promise<void> => {
    for (const agent of ['api', 'qa', 'mother'])
      assert.equal((await project.cliProcesses(agent)).length, 1, `processes of ${agent}`);
  };
  const answers = async (): Promise<void> => {
    const sent = await project.taco(['send', 'api', 'still there?', '--wait', 'received', '--timeout', '40']);
    assert.equal(sent.code, 0, sent.text);
  };

  it('is restored after its deletion, and the team is led again', async () => {
    await (await project.begin()).leave();
    rmSync(machine.socket);
    project.up();
    await answers();
    await once();
    assert.ok(existsSync(machine.socket));
  });

  it('is restored with its folder, and the resume starts no second process', async () => {
    await (await project.begin()).leave();
    rmSync(dirname(machine.socket), { recursive: true });
    project.up(['--resume']);
    await answers();
    await once();
  });

  it('is restored by taco down without a leader, and every process ends', async () => {
    await (await project.begin()).leave();
    rmSync(machine.socket);
    const down = await project.taco(['down']);
    assert.equal(down.code, 0, down.text);
    assert.deepEqual(await project.processes(), []);
  });

  it('is found by its stored path when TMUX_TMPDIR has changed', async () => {
    await (await project.begin()).leave();
    const other = machine.socketFolder('other');
    mkdirSync(other);
    const lead = project.up(['--resume'], { TMUX_TMPDIR: other });
    await answers();
    await once();
    await lead.leave();
    const down = await project.taco(['down'], { TMUX_TMPDIR: other });
    assert.equal(down.code, 0, down.text);
    assert.deepEqual(await project.processes(), []);
  });

  it('stays with another server that uses its path: the resume is refused, and taco down ends the team', async () => {
    await (await project.begin()).leave();
    renameSync(machine.socket, `${machine.socket}.away`);
    machine.tmux('new-session', '-d', '-s', 'somebody', 'cat');
    const resume = project.up(['--resume']);
    assert.equal(await resume.ended, 1);
    assert.match(resume.output(), /still runs, but TACO cannot reach it/);
    await once();
    const down = await project.taco(['down']);
    assert.equal(down.code, 0, down.text);
    assert.deepEqual(await project.processes(), []);
    assert.equal(machine.tmux('list-sessions', '-F', '#{session_name}'), 'somebody');
  });

  it('of a running team is restored before another project starts', async () => {
    await project.begin();
    rmSync(machine.socket);
    await machine.project('other').begin();
    assert.equal(machine.tmux('list-sessions').split('\n').length, 2);
    await answers();
  });
});
