import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import type { Evidence } from '../../../../src/core/proof/proof';
import { Git } from '../../../../src/environment/git/git';
import { Freshness } from '../../../../src/orchestrator/proof/freshness';
import { agent } from '../../../support/planBuilders';
import { ProofTeam } from '../../../support/proofTeam';

const PASSES = [process.execPath, '-e', '0'];

describe('the freshness of a proof in a shared folder', function () {
  this.timeout(120_000);
  let bed: ProofTeam;
  beforeEach(() => {
    bed = new ProofTeam();
    bed.repository({ 'src/a.ts': 'a\n', 'web/b.ts': 'b\n', '.gitignore': 'out/\n' });
  });
  afterEach(() => bed.dispose());

  const record = (window: number, more: Partial<AgentRecord> = {}): AgentRecord =>
    ({ window, name: `a${window}`, workspace: bed.project, changedAt: 0, spec: '', ...more }) as AgentRecord;

  /** Proves the work of an agent now. */
  async function proven(of: AgentRecord): Promise<{ readonly freshness: Freshness; readonly evidence: Evidence }> {
    const freshness = new Freshness(new Git(bed.bed.env), bed.project);
    const commit = bed.git(bed.project, 'rev-parse', 'HEAD');
    const rest = { at: 100, command: PASSES, exitCode: 0, durationMs: 1, reason: '', log: '', uncommitted: [] };
    return { freshness, evidence: { ...rest, commit, verdict: 'proven', ...(await freshness.filesOf(of)) } };
  }

  it('ends with a change to any file that git does not ignore, committed or not', async () => {
    const api = record(2);
    bed.write(bed.project, { 'new.txt': 'not committed\n' });
    const { freshness, evidence } = await proven(api);
    const isStale = (): Promise<boolean> => freshness.isStale(api, evidence, [api]);
    assert.equal(await isStale(), false);
    bed.write(bed.project, { 'out/log.txt': 'ignored\n' });
    bed.commit(bed.project, {}); // the same files, now committed
    assert.equal(await isStale(), false);
    bed.write(bed.project, { 'new.txt': 'changed\n' });
    assert.equal(await isStale(), true);
    bed.write(bed.project, { 'new.txt': 'not committed\n' });
    assert.equal(await isStale(), false);
    rmSync(join(bed.project, 'src/a.ts'));
    assert.equal(await isStale(), true);
  });

  it('holds where another agent worked there since, except for files that only this agent owns', async () => {
    const api = record(2);
    const { freshness, evidence } = await proven(api);
    bed.write(bed.project, { 'web/b.ts': 'changed\n' });
    const [rested, worked, elsewhere] = [
      record(3, { changedAt: 99 }),
      record(3, { changedAt: 101 }),
      record(3, { changedAt: 101, workspace: '/elsewhere' }),
    ];
    const isStale = (other: AgentRecord, of = api): Promise<boolean> => freshness.isStale(of, evidence, [of, other]);
    assert.deepEqual([await isStale(rested), await isStale(worked), await isStale(elsewhere)], [true, false, true]);
    const owner = record(2, { spec: JSON.stringify(agent(2, 'a2', { owns: ['src/**'] })) });
    assert.equal(await isStale(worked, owner), false);
    bed.write(bed.project, { 'src/a.ts': 'changed\n' });
    assert.equal(await isStale(worked, owner), true);
  });

  it('ends with a turn in which the agent changed a file in the project', async () => {
    await bed.begin([agent(2, 'api', { check: PASSES })], { worktrees: false });
    await bed.done('api');
    assert.equal((await bed.proof('api', 'proven')).done, true);
    bed.write(bed.project, { 'src/a.ts': 'changed\n' });
    await bed.team.send({ from: { kind: 'user' }, to: 'api', text: 'one more turn' });
    assert.equal((await bed.proof('api', 'stale')).done, false);
    await bed.message('2', /Files changed after your work was proven/);
  });
});
