import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { eachOnOwnMachine, type Machine, type MachineProject } from '../../../support/machine';
import { waitUntil } from '../../../support/waitUntil';

describe('taco up --agent-command', function () {
  this.timeout(240_000);
  let machine: Machine;
  let project: MachineProject;
  eachOnOwnMachine((...made) => ([machine, project] = made));

  /** Writes an agent CLI that runs only with these arguments before TACO's own. */
  function agentCli(file: string, ...wanted: readonly string[]): void {
    mkdirSync(dirname(file), { recursive: true });
    const checks = wanted.map((argument) => `test "$1" = '${argument}' || exit 9; shift\n`).join('');
    const scripted = `'${process.execPath}' '${resolve('media/scripted-agent.mjs')}'`;
    writeFileSync(file, `#!/bin/sh\n${checks}exec ${scripted} "$@"\n`, { mode: 0o755 });
  }

  /** Starts the team with this command, lets an agent receive a message, and stops the team. */
  async function works(command: string): Promise<void> {
    const run = project.up(['--plan', 'plan.json', '--yes', '--agent-command', command]);
    const sent = async (): Promise<string> => {
      const { code, text } = await project.taco([
        'send',
        'api',
        `by ${command}`,
        '--wait',
        'received',
        '--timeout',
        '60',
      ]);
      return code === 0 ? '' : text;
    };
    await waitUntil(() => /qa \(window 3\): ready/.test(run.output()), 60_000, `the team by ${command}`).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${run.output()}`);
      },
    );
    assert.equal(await sent(), '', run.output());
    assert.ok(
      project.received().some((line) => line.includes(JSON.stringify(`by ${command}`).slice(1, -1))),
      run.output(),
    );
    assert.equal((await project.taco(['down'])).code, 0);
    await run.ended;
  }

  it('runs a program by its path: of the home folder, of a variable, of the project', async () => {
    agentCli(join(machine.home, 'bin/agent'));
    agentCli(join(project.dir, 'bin/agent'));
    for (const command of ['~/bin/agent', '${userHome}/bin/agent', './bin/agent']) await works(command);
  });

  it('passes the arguments behind the program on, without a shell', async () => {
    agentCli(join(machine.home, 'my bin/agent'), '--model', 'opus 4', '$(touch x)');
    await works('"~/my bin/agent" --model "opus 4" $(touch" "x)');
    agentCli(join(project.dir, 'node_modules/.bin/foo'));
    writeFileSync(join(project.dir, 'package.json'), '{"name":"p","version":"1.0.0"}');
    await works('npx --offline foo');
  });

  it('names the program that is missing, not its arguments, and starts nothing', async () => {
    for (const [command, reason] of [
      ['~/bin/agent', /The agent command "\S*\/bin\/agent" was not found, or cannot be executed/],
      ['no-such-agent --model opus', /"no-such-agent" was not found on the PATH/],
      ['${nowhere}/agent', /does not know the variable \$\{nowhere\}/],
    ] as const) {
      const run = project.up(['--plan', 'plan.json', '--yes', '--agent-command', command]);
      assert.equal(await run.ended, 1, run.output());
      assert.match(run.output(), reason);
    }
    assert.deepEqual(await project.processes(), []);
  });
});
