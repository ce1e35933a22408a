import assert from 'node:assert/strict';
import { FinalMerge, mergedLines, mergedWork } from '../../../../src/cli/up/finalMerge';
import type { Evidence } from '../../../../src/core/proof/proof';
import type { Team } from '../../../../src/team/team';
import { agent, sampleSnapshot } from '../../../support/vscode/fakeTeam';

const evidence: Evidence = {
  at: 1,
  commit: 'abcdef0123456789',
  command: ['npm', 'test'],
  exitCode: 0,
  durationMs: 1,
  verdict: 'proven',
  reason: '',
  log: '/log',
  uncommitted: [],
};

describe('The merge at the end of a run', () => {
  it('is needed only for proven work that is not in the project itself', () => {
    const merge = new FinalMerge({ projectDir: '/work' } as Team, () => undefined);
    const needs = (more: Parameters<typeof agent>[3]): boolean =>
      merge.isNeeded(sampleSnapshot({ agents: [agent(2, 'api', 'idle', more)] }));
    assert.equal(needs({ proof: 'proven', workspace: '/trees/api' }), true);
    assert.equal(needs({ proof: 'proven', workspace: '/work' }), false);
    for (const proof of ['merged', 'reported', 'red', 'conflict', ''] as const)
      assert.equal(needs({ proof, workspace: '/trees/api' }), false, proof);
  });

  it('lists the merged work with what proved it', () => {
    const agents = [
      agent(2, 'api', 'idle', { proof: 'merged', evidence: JSON.stringify(evidence) }),
      agent(3, 'web', 'idle', { proof: 'merged' }),
      agent(4, 'qa', 'idle', { proof: 'reported' }),
    ];
    assert.deepEqual(mergedLines(mergedWork(agents)), [
      '',
      'Merged:',
      '  api: proven by `npm test` at abcdef0123',
      '  web: without a check',
    ]);
    assert.deepEqual(mergedLines([]), []);
  });
});
