import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TestTeam } from '../../../support/team';

describe('an agent whose CLI hangs at its start', function () {
  this.timeout(180_000);
  let bed: TestTeam;
  beforeEach(() => (bed = new TestTeam()));
  afterEach(() => bed.dispose());

  it('is started again, and gets the messages that waited for it', async () => {
    const program = join(bed.dir, 'hangs-once.sh');
    const hung = join(bed.dir, 'hung');
    // mkdir succeeds in one process only.
    writeFileSync(
      program,
      `#!/bin/sh
mkdir "${hung}" 2>/dev/null && exec "${process.execPath}" -e 'setInterval(() => 0, 1000)'
exec "${process.execPath}" "${resolve('media/scripted-agent.mjs')}" "$@"
`,
    );
    chmodSync(program, 0o755);
    const team = await bed.open();
    await bed.engine(team, {
      profile: 'scripted',
      agentCommand: program,
      autoApprove: true,
      hungAfterMs: 3000,
      agentEnv: { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_WORK_MS: '50' },
    });
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [{ window: 2, name: 'one', role: 'waits' }] }),
    });
    await bed.until(
      team,
      'the messages of both',
      120,
      ({ messages }) => messages.length >= 2 && messages.every(({ state }) => state === 'received'),
    );
    assert.ok(bed.log.lines.some((line) => line.includes('warn agent.hung')));
  });
});
