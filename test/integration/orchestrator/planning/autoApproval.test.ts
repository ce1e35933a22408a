import assert from 'node:assert/strict';
import type { Engine } from '../../../../src/orchestrator/engine';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';

const PLAN = JSON.stringify({ agents: [{ window: 2, name: 'api', role: 'Builds the API' }] });
const NOT_A_REPOSITORY = JSON.stringify({
  agents: [{ window: 2, name: 'api', role: 'Builds the API', worktree: true }],
});
/** Time in which a leader would have approved a plan, milliseconds. */
const APPROVAL_MS = 1500;

describe('the automatic approval of a first plan', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
  });
  afterEach(() => bed.dispose());

  const lead = (autoApprove: boolean): Promise<Engine> =>
    bed.engine(team, { profile: 'scripted', autoApprove, agentEnv: { TACO_SCRIPTED_QUIET: '1' } });
  const inPhase = (phase: string): ReturnType<TestTeam['until']> =>
    bed.until(team, phase, 20, ({ session }) => session?.phase === phase);

  it('is not given by a leader that approves, when the start did not ask for it', async () => {
    await lead(true);
    await team.request({ kind: 'start', goal: 'x', plan: PLAN, autoApprove: false });
    await inPhase('review');
    await new Promise((resolve) => setTimeout(resolve, APPROVAL_MS));
    const { session, plan } = await team.snapshot();
    assert.deepEqual([session?.phase, plan?.status, plan?.approval], ['review', 'proposed', undefined]);
  });

  it('is given by a leader that does not approve, when the start asked for it', async () => {
    await lead(false);
    await team.request({ kind: 'start', goal: 'x', plan: PLAN, autoApprove: true });
    await inPhase('running');
  });

  it('is given by the next leader, when the first died before it could', async () => {
    const first = await lead(false);
    await team.request({ kind: 'start', goal: 'x', plan: PLAN, autoApprove: false });
    await inPhase('review');
    // As if the start had asked for it.
    await team.store.setSession({ auto_approve: 'true' });
    await team.approvals.keepStart((await team.store.session())?.request ?? '');
    await first.shutdown();
    await lead(false);
    await inPhase('running');
  });

  it('is not given because Redis alone says so', async () => {
    const first = await lead(false);
    await team.request({ kind: 'start', goal: 'x', plan: PLAN, autoApprove: false });
    await inPhase('review');
    await team.store.setSession({ auto_approve: 'true' });
    await team.store.postRequest({ kind: 'approve', plan: JSON.parse(PLAN) });
    const refused = await bed.until(team, 'the refusal', 60, ({ plan }) => plan?.failure !== undefined);
    assert.match(refused.plan?.failure?.text ?? '', /was not given on the leader's machine/);
    await first.shutdown();
    await lead(false);
    // Requests are handled in their order, after what a new leader finds.
    await team.store.postRequest({ kind: 'approve', plan: { agents: [] } });
    const at = refused.plan?.failure?.at ?? 0;
    const { session } = await bed.until(team, 'the next refusal', 60, ({ plan }) => (plan?.failure?.at ?? 0) > at);
    assert.equal(session?.phase, 'review');
  });

  it('that fails is stored with its reason, and is not repeated', async () => {
    const first = await lead(false);
    await team.request({ kind: 'start', goal: 'x', plan: NOT_A_REPOSITORY, autoApprove: true });
    const { plan } = await bed.until(team, 'the failure', 20, ({ plan: review }) => review?.failure !== undefined);
    assert.match(plan?.failure?.text ?? '', /git/);
    assert.equal(plan?.status, 'proposed');
    await first.shutdown();
    await lead(true);
    await new Promise((resolve) => setTimeout(resolve, APPROVAL_MS));
    assert.equal((await team.snapshot()).plan?.failure?.at, plan?.failure?.at);
  });
});
