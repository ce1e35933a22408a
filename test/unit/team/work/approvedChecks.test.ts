import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApprovedChecks } from '../../../../src/team/work/approvedChecks';
import { agent } from '../../../support/planBuilders';

describe('the approved checks', () => {
  let folder: string;
  let checks: ApprovedChecks;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taco-approved-'));
    checks = new ApprovedChecks(join(folder, 'checks'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('have the checks of an approved plan, and no other command', async () => {
    await checks.keep({ agents: [agent(2, 'api', { check: ['npm', 'test'] }), agent(3, 'web')] });
    assert.equal(await checks.has(['npm', 'test']), true);
    for (const other of [['npm', 'test', '--force'], ['npm test'], ['npm'], [], ['sh', '-c', 'npm test']])
      assert.equal(await checks.has(other), false, other.join(' '));
    assert.deepEqual(
      readdirSync(join(folder, 'checks')).map((name) => statSync(join(folder, 'checks', name)).mode & 0o77),
      [0],
    );
  });

  it('take nothing from a plan that is damaged', async () => {
    for (const plan of [null, 'x', { agents: 'x' }, { agents: [{ check: 'rm' }, { check: [1] }, null] }])
      await checks.keep(plan);
    assert.equal(await checks.has(['rm']), false);
  });

  it('do not believe a file with another content', async () => {
    await checks.keep({ agents: [agent(2, 'api', { check: ['npm', 'test'] })] });
    const [name = ''] = readdirSync(join(folder, 'checks'));
    writeFileSync(join(folder, 'checks', name), '["rm"]');
    assert.deepEqual([await checks.has(['npm', 'test']), await checks.has(['rm'])], [false, false]);
  });
});
