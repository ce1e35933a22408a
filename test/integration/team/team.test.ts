import assert from 'node:assert/strict';
import type { Team } from '../../../src/team/team';
import { TestTeam } from '../../support/team';

describe('a start request that no leader has begun', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
  });
  afterEach(() => bed.dispose());

  it('is withdrawn, and a leader that comes later does not carry it out', async () => {
    await team.request({ kind: 'start', goal: 'late', ticket: 'mine' });
    await team.request({ kind: 'start', goal: 'other', ticket: 'other' });
    const [waiting] = await team.store.requests.read();
    assert.ok(waiting && (await team.store.requests.isPosted(waiting.id)));
    assert.equal(await team.withdrawStart('mine'), true);
    assert.equal(await team.store.requests.isPosted(waiting.id), false);
    assert.equal(await team.waitsToStart('mine'), false);
    assert.equal(await team.waitsToStart('other'), true);
    assert.equal(await team.withdrawStart('mine'), false);
  });

  it('stays once its session has begun: the next leader ends the remains by it', async () => {
    await team.request({ kind: 'start', goal: 'begun', ticket: 'mine' });
    await team.store.setSession({
      project_dir: bed.project,
      started_at: new Date().toISOString(),
      agent_count: 0,
      goal: 'begun',
      tmux_session: '',
      phase: 'starting',
      detail: '',
      request: 'mine',
    });
    assert.equal(await team.withdrawStart('mine'), false);
    assert.equal(await team.waitsToStart('mine'), true);
  });
});
