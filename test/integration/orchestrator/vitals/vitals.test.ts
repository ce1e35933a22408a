import assert from 'node:assert/strict';
import { freeMemory } from '../../../../src/environment/machine/machineRoom';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';

const MEGABYTE = 1024 * 1024;
const plan = JSON.stringify({ agents: [{ window: 2, name: 'one', role: 'works', task: 'be quick' }] });

describe('what agents use of their machine', function () {
  this.timeout(180_000);
  let bed: TestTeam;
  let team: Team;

  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
  });
  afterEach(() => bed.dispose());

  it('is measured for each agent, and shown with what is left', async () => {
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv: { TACO_SCRIPTED_QUIET: '1' } });
    await team.request({ kind: 'start', goal: 'test', plan });
    const { agents, machines } = await bed.until(
      team,
      'measured',
      60,
      (now) => now.agents.length === 2 && now.agents.every(({ vitals }) => vitals !== undefined),
    );
    // A Node process alone has about 40 MB.
    for (const { name, vitals } of agents) assert.ok((vitals?.memory ?? 0) > 20 * MEGABYTE, name);
    assert.deepEqual(
      machines?.map(({ host }) => host),
      [''],
    );
    assert.ok((machines?.[0]?.freeDisk ?? 0) > 0 && (machines?.[0]?.freeMemory ?? 0) > 0);
  });

  it('stops a launch below the memory floor, with nothing half done', async () => {
    const floor = Math.round(freeMemory() / MEGABYTE) * 10;
    await bed.engine(team, { profile: 'scripted', autoApprove: true, memoryFloorMb: floor });
    const refused = await team
      .request({ kind: 'start', goal: 'test', plan })
      .then(() => '')
      .catch((error: unknown) => String(error));
    const { agents, session } = await bed.until(team, 'refused', 60, (now) =>
      /of memory left/.test(`${refused} ${now.session?.detail ?? ''}`),
    );
    assert.deepEqual(agents.filter(({ name }) => name === 'one').length, 0, JSON.stringify(session));
  });
});
