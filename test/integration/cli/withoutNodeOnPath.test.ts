import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Plan } from '../../../src/core/models';
import { findExecutable } from '../../../src/environment/prerequisites/executables';
import { TestTeam } from '../../support/team';

const PLAN: Plan = {
  agents: [
    { window: 2, name: 'api', role: 'Builds the API', depends_on: [], notifies: ['client'], wait_for: [] },
    { window: 3, name: 'client', role: 'Builds the client', depends_on: [], notifies: [], wait_for: ['api'] },
  ],
};

/** A desktop VS Code: no Node on the PATH, and an Electron that acts as Node only with an environment variable. */
describe('without a Node on the PATH', () => {
  it('a team finishes with the Electron that TACO runs on: its hooks, its messages, its reports', async () => {
    const bed = new TestTeam();
    try {
      const path = join(bed.dir, 'bin');
      mkdirSync(path);
      for (const name of [
        'sh',
        'env',
        'tail',
        'cat',
        'timeout',
        'tmux',
        'redis-server',
        'valkey-server',
        'redis-cli',
        'ps',
        'git',
      ]) {
        const found = await findExecutable(name, process.env['PATH'] ?? '');
        if (found !== null) symlinkSync(found, join(path, name));
      }
      const electron = join(bed.dir, 'Code\'s "Electron" $HOME');
      writeFileSync(
        electron,
        `#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] || exit 70\necho run >> '${join(bed.dir, 'runs')}'\nexec '${process.execPath}' "$@"\n`,
        { mode: 0o700 },
      );
      bed.env['PATH'] = path;
      assert.notEqual(spawnSync('sh', ['-c', 'command -v node'], { env: bed.env }).status, 0);
      assert.equal(spawnSync(electron, ['-e', '0'], { env: bed.env }).status, 70);

      const team = await bed.open();
      await bed.engine(team, {
        profile: 'scripted',
        autoApprove: true,
        tacoCommand: [electron, resolve('dist/taco.js')],
        agentEnv: { TACO_SCRIPTED_WORK_MS: '50' },
      });
      await team.request({ kind: 'start', goal: 'x', plan: JSON.stringify(PLAN) });
      const { messages, agents } = await bed.until(
        team,
        'all done',
        60,
        (snapshot) =>
          snapshot.agents.length === 3 &&
          snapshot.agents.slice(1).every(({ done }) => done) &&
          snapshot.messages.every(({ state }) => state === 'received' || state === 'delivered'),
      );
      assert.deepEqual(
        agents.map(({ name }) => name),
        ['mother', 'api', 'client'],
      );
      assert.ok(
        messages.some(({ sender }) => sender === 'AGENT-2' || sender === 'AGENT-3'),
        'an agent has sent something by itself',
      );
      const panes = bed.tmux('list-panes', '-a', '-F', '#{window_index} #{pane_dead}').trim().split('\n');
      assert.deepEqual(panes, ['0 0', '1 0', '2 0', '3 0'], `the monitor runs, too (${basename(electron)})`);
      assert.ok(readFileSync(join(bed.dir, 'runs'), 'utf8').split('\n').length > 5);
      const shim = spawnSync(join(bed.paths.binDir, 'taco'), ['status', '--json'], {
        env: { ...bed.env, TACO_PROJECT: bed.project },
        encoding: 'utf8',
      });
      assert.deepEqual(
        [shim.status, shim.stderr, Object.keys(JSON.parse(shim.stdout) as object).length > 0],
        [0, '', true],
      );
    } finally {
      await bed.dispose();
    }
  }).timeout(90_000);
});
