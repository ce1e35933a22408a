import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eachOnOwnMachine, type Machine, type MachineProject } from '../../../support/machine';
import { waitUntil } from '../../../support/waitUntil';

/** After its start, tmux-continuum waits for a second before it restores. */
const RESTORED_MS = 2500;

/**
 * Writes a plugin that does what tmux-continuum and tmux-resurrect do: it adds the saving to the status line, and
 * restores the saved sessions a second after the start of a server. A window that exists is split, as they do it.
 */
function installPlugin(machine: Machine, saved: readonly string[]): { readonly ran: string } {
  const folder = join(machine.home, '.tmux', 'plugins', 'tmux-continuum');
  const ran = join(machine.root, 'plugin-ran');
  mkdirSync(folder, { recursive: true });
  const script = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  script('continuum_save.sh', [`echo save >> ${ran}`]);
  script('restore.sh', [
    'sleep 1',
    `echo restore >> ${ran}`,
    ...saved.flatMap((session) => [
      `if tmux has-session -t '=${session}' 2>/dev/null; then tmux split-window -d -t '=${session}:' cat`,
      `else TMUX='' tmux -S "\${TMUX%%,*}" new-session -d -s '${session}' -n Mother cat`,
      `tmux new-window -d -t '=${session}:' -n Monitor cat`,
      `tmux new-window -d -t '=${session}:' -n api cat; fi`,
    ]),
  ]);
  script('continuum.tmux', [
    `tmux set-option -g status-right "#(${folder}/continuum_save.sh)$(tmux show-option -gqv status-right)"`,
    `"${folder}/restore.sh" >/dev/null 2>&1 &`,
  ]);
  machine.configure([
    "set -g @plugin 'tmux-plugins/tmux-continuum'",
    "set -g @continuum-restore 'on'",
    `run-shell '${folder}/continuum.tmux'`,
  ]);
  return { ran };
}

describe('TACO beside a plugin that saves and restores tmux sessions', function () {
  this.timeout(180_000);
  let machine: Machine;
  let project: MachineProject;
  eachOnOwnMachine((...made) => ([machine, project] = made));

  const sessions = (): readonly string[] => machine.tmux('list-sessions', '-F', '#{session_name}').split('\n').sort();
  const panesOf = (session: string): string =>
    machine.tmux('list-panes', '-s', '-t', `=${session}`, '-F', '#{window_index}:#{window_name}');
  const TEAM = '0:Mother\n1:Monitor\n2:api\n3:qa';

  it('runs nothing of it on a server that TACO starts', async () => {
    const { ran } = installPlugin(machine, ['work']);
    await project.begin();
    await new Promise((resolve) => setTimeout(resolve, RESTORED_MS));
    const session = await project.session();
    assert.deepEqual(sessions(), [session]);
    assert.equal(panesOf(session), TEAM);
    assert.equal(existsSync(ran), false);
  });

  it('takes no restored session for its own: the team is resumed under another name, once, and the restored one lives', async () => {
    await (await project.begin()).leave();
    const name = await project.session();
    await machine.killServer();
    installPlugin(machine, ['work', name]);
    machine.tmux('new-session', '-d', '-s', 'mine', 'cat');
    await waitUntil(() => sessions().join(' ') === ['mine', name, 'work'].sort().join(' '), 20_000, 'the restore');

    const lead = project.up();
    assert.equal(await lead.ended, 1);
    assert.match(lead.output(), /has ended/);

    project.up(['--resume', '--yes']);
    await waitUntil(
      async () => {
        const agents = (await project.taco(['agents', '--json'])).text;
        return /"name":"api"[^}]*"status":"idle"/.test(agents) && /"name":"qa"[^}]*"status":"idle"/.test(agents);
      },
      60_000,
      'the resumed team',
    );
    const resumed = await project.session();
    assert.notEqual(resumed, name);
    assert.equal(panesOf(resumed), TEAM);
    for (const agent of ['mother', 'api', 'qa']) assert.equal((await project.cliProcesses(agent)).length, 1, agent);

    assert.equal((await project.taco(['down'])).code, 0);
    assert.deepEqual(sessions(), ['mine', name, 'work'].sort());
    assert.deepEqual(await project.processes(), []);
  });
});
