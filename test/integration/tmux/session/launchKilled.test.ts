import assert from 'node:assert/strict';
import { eachOnOwnMachine, type Machine, type MachineProject } from '../../../support/machine';
import { waitUntil } from '../../../support/waitUntil';

/** The window of the first agent, and of the second. */
const WINDOWS = [2, 3];

describe('a leader killed in the middle of a launch while a hook splits new windows', function () {
  this.timeout(240_000);
  let machine: Machine;
  let project: MachineProject;
  eachOnOwnMachine((...made) => ([machine, project] = made));

  for (const window of WINDOWS)
    for (const hook of ['after-new-window', 'window-linked'])
      it(`lets the next leader launch every agent in its own pane, killed at window ${window} (${hook})`, async () => {
        machine.configure([`set-hook -g ${hook} 'split-window -d cat'`]);
        machine.tmux('new-session', '-d', '-s', 'mine', 'cat');
        const first = project.up(['--plan', 'plan.json', '--yes']);
        await waitUntil(
          () =>
            machine
              .tmux('list-windows', '-a', '-F', '#{session_name}:#{window_index}')
              .split('\n')
              .some((line) => line.startsWith('taco-') && line.endsWith(`:${window}`)),
          60_000,
          `window ${window}`,
        );
        first.child.kill('SIGKILL');
        await first.ended;

        const next = project.up(['--yes']);
        await waitUntil(
          () => /qa \(window 3\): ready/.test(next.output()) && /api \(window 2\): ready/.test(next.output()),
          90_000,
          'the team of the next leader',
        );
        for (const agent of ['mother', 'api', 'qa']) assert.equal((await project.cliProcesses(agent)).length, 1, agent);
        for (const agent of ['api', 'qa']) {
          const sent = await project.taco(['send', agent, `for ${agent}`, '--wait', 'received', '--timeout', '60']);
          assert.equal(sent.code, 0, sent.text);
        }
        assert.equal(project.received().filter((line) => line.includes('for api')).length, 1);
      });
});
