import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eachOnOwnMachine, type Machine, type MachineProject } from '../../../support/machine';
import { waitUntil } from '../../../support/waitUntil';

describe('TACO, with the user’s tmux configuration', function () {
  this.timeout(180_000);
  let machine: Machine;
  let project: MachineProject;
  eachOnOwnMachine((...made) => ([machine, project] = made));

  const windows = async (): Promise<string> =>
    machine.tmux('list-panes', '-s', '-t', `=${await project.session()}`, '-F', '#{window_index}:#{window_name}');
  const TEAM = '0:Mother\n1:Monitor\n2:api\n3:qa';

  /** Kills an agent with `kill -9` and returns TACO's report. */
  async function afterKill(): Promise<Record<string, unknown>> {
    const [cli = 0] = await project.cliProcesses('api');
    process.kill(cli, 'SIGKILL');
    const ended = async () =>
      (await project.agents()).find(({ name, status }) => name === 'api' && status === 'exited');
    return waitUntil(ended, 20_000, 'the end of the agent is noticed');
  }

  it('starts windows 0, 1, 2 … on a server that counts from 1 and renumbers', async () => {
    machine.configure(['set -g base-index 1', 'set -g pane-base-index 1', 'set -g renumber-windows on']);
    machine.tmux('new-session', '-d', '-s', 'mine', 'cat');
    await project.begin();
    assert.equal(await windows(), TEAM);
    assert.equal(machine.tmux('show-options', '-gv', 'base-index'), '1');
  });

  it('stores the end, the exit code and the last lines of an agent on a server that ran before', async () => {
    machine.tmux('new-session', '-d', '-s', 'mine', 'cat');
    await project.begin();
    const api = await afterKill();
    assert.equal(api['exitCode'], 'signal 9');
    assert.equal(await windows(), TEAM);
  });

  for (const first of [false, true])
    it(`detects the end of an agent although a hook restarts dead panes${first ? ', on a server that was there first' : ''}`, async () => {
      machine.configure(["set-hook -g pane-died 'respawn-pane -k'"]);
      if (first) machine.tmux('new-session', '-d', '-s', 'mine', 'cat');
      await project.begin();
      const api = await afterKill();
      assert.equal(api['exitCode'], 'signal 9');
      assert.deepEqual(await project.cliProcesses('api'), []);
    });

  for (const hook of [
    'after-new-session',
    'after-new-window',
    'session-created',
    'window-linked',
    'after-split-window',
  ])
    it(`splits no window of a team by the hook ${hook}`, async () => {
      machine.configure([`set-hook -g ${hook} 'split-window -d cat'`]);
      machine.tmux('new-session', '-d', '-s', 'mine', 'cat');
      await project.begin();
      assert.equal(await windows(), TEAM);
    });

  it('does not count a program that the user started in an agent’s pane as the agent', async () => {
    await project.begin();
    const api = (await project.agents()).find(({ name }) => name === 'api');
    machine.tmux('respawn-pane', '-k', '-t', String(api?.['pane']), 'cat');
    await waitUntil(
      async () => (await project.agents()).some(({ name, status }) => name === 'api' && status === 'exited'),
      20_000,
      'the end of the agent is noticed',
    );
    await project.taco(['send', 'api', 'for the agent alone']);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.ok(!machine.tmux('capture-pane', '-p', '-t', String(api?.['pane'])).includes('for the agent alone'));
  });

  it('keeps keys, colours and mouse, and neither runs nor restores anything', async () => {
    const ran = join(machine.root, 'ran');
    writeFileSync(join(machine.home, 'more.conf'), 'bind -n M-x { set -g mouse on ; display "a; \\"b\\"" }\n');
    machine.configure([
      'set -g mouse off',
      "set -g status-style 'bg=colour52'",
      'set -g prefix C-a',
      'bind r source-file ~/.tmux.conf \\; display "reloaded"',
      `run-shell 'touch ${ran}'`,
      'new-session -d -s restored cat',
      `set -g status-right '#(touch ${ran}) %H:%M'`,
      `set -g default-command 'touch ${ran}; cat'`,
      'source-file ~/more.conf',
    ]);
    await project.begin();
    assert.equal(machine.tmux('list-sessions', '-F', '#{session_name}'), await project.session());
    assert.equal(machine.tmux('show-options', '-gv', 'mouse'), 'off');
    assert.equal(machine.tmux('show-options', '-gv', 'prefix'), 'C-a');
    assert.equal(machine.tmux('show-options', '-gv', 'status-style'), 'bg=colour52');
    assert.match(machine.tmux('list-keys', '-T', 'prefix', 'r'), /source-file .*display.* "?reloaded/);
    assert.match(machine.tmux('list-keys', '-T', 'root', 'M-x'), /mouse on/);
    assert.ok(!existsSync(ran));
    assert.equal((await project.taco(['down'])).code, 0);
    assert.match(machine.tmux('list-sessions'), /no server|error connecting/);
  });

  it('does not count a session with its own name and only shells as a team', async () => {
    await (await project.begin()).leave();
    const name = await project.session();
    await machine.killServer();
    machine.tmux('new-session', '-d', '-s', name, '-n', 'Mother', 'cat');
    machine.tmux('new-window', '-d', '-t', `=${name}:`, '-n', 'api', 'cat');
    const lead = project.up();
    assert.equal(await lead.ended, 1);
    assert.match(lead.output(), /has ended/);
  });
});
