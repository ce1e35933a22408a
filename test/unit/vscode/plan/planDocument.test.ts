import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { TacoPaths } from '../../../../src/core/programs/paths';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import {
  changePlanText,
  completePlanText,
  editPlanText,
  readPlanText,
  samePlanText,
} from '../../../../src/vscode/plan/planText';
import type { EngineApi } from '../../../../src/vscode/project/engineApi';
import { silentLogger } from '../../../support/loggers';
import { windowProject } from '../../../support/vscode/fakeProject';
import { samplePlan, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';
import { waitUntil } from '../../../support/waitUntil';

const backend = {
  plans: {
    read: readPlanText,
    change: changePlanText,
    edit: editPlanText,
    same: samePlanText,
    complete: completePlanText,
  },
} as Pick<EngineApi, 'plans'> as EngineApi;

/** A team that began at `startedAt`, whose plan waits for the user: one agent called `name`. */
function inReview(startedAt: number, name: string): Snapshot {
  const all = sampleSnapshot({
    plan: {
      ...samplePlan,
      at: startedAt + 1,
      plan: { agents: [{ window: 2, name, role: 'Builds', depends_on: [], notifies: [], wait_for: [] }] },
    },
  });
  return {
    ...all,
    session: all.session && { ...all.session, phase: 'review', started_at: new Date(startedAt).toISOString() },
  };
}

describe('The document of the plan', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  before(() => (back = vscode.install()));
  after(() => back());

  it('has another revision for the plan of another team, so that an approval never applies to an unread plan', async () => {
    const { PlanDocument } = await import('../../../../src/vscode/plan/planDocument');
    const began = Date.now() - 60_000;
    vscode.set('taco.maxAgents', 20);
    const window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [],
      inReview(began, 'api'),
    );
    const document = new PlanDocument(
      window.host,
      new TacoPaths(process.env, homedir()),
      async () => backend,
      silentLogger,
    );
    const retained = window.host.retain();
    await window.host.require().team();
    await waitUntil(() => document.state?.reading.plan?.agents[0]?.name === 'api', 5000, 'the first plan');
    const read = document.state?.revision;
    window.show(sampleSnapshot({ session: null, agents: [], plan: null }));
    await waitUntil(() => document.state === null, 5000, 'the end of the first team');
    window.show(inReview(began + 30_000, 'painter'));
    await waitUntil(() => document.state?.reading.plan?.agents[0]?.name === 'painter', 5000, 'the second plan');
    assert.notEqual(document.state?.revision, read);
    retained.dispose();
    document.dispose();
    window.dispose();
  });
});
