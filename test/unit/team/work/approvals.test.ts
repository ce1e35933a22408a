import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Approvals } from '../../../../src/team/work/approvals';
import { agent } from '../../../support/planBuilders';

describe('the approvals of a user', () => {
  let folder: string;
  let approvals: Approvals;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taco-approvals-'));
    approvals = new Approvals(join(folder, 'approvals'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('have exactly the plan that was approved, in any order of its fields', async () => {
    await approvals.keepPlan({ agents: [agent(2, 'api', { task: 'Build' })] });
    const { name, ...rest } = agent(2, 'api', { task: 'Build' });
    assert.equal(await approvals.hasPlan({ agents: [{ ...rest, name }] }), true);
    for (const other of [{ agents: [agent(2, 'api', { task: 'Delete' })] }, { agents: [] }, null, undefined])
      assert.equal(await approvals.hasPlan(other), false);
  });

  it('have only the newest start whose plan needs no review', async () => {
    assert.equal(await approvals.hasStart(''), false);
    await approvals.keepStart('a');
    await approvals.keepStart('b');
    assert.deepEqual([await approvals.hasStart('a'), await approvals.hasStart('b')], [false, true]);
    await approvals.keepStart('');
    assert.deepEqual([await approvals.hasStart('b'), await approvals.hasStart('')], [false, false]);
  });
});
