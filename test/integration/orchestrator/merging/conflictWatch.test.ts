import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { conflictsOf } from '../../../../src/core/proof/conflicts';
import { agent } from '../../../support/planBuilders';
import { ProofTeam } from '../../../support/proofTeam';

describe('the watch over conflicts', function () {
  this.timeout(180_000);
  const bed = new ProofTeam();
  after(() => bed.dispose());

  it('tells both authors of a conflict once, with the lines and the intent of the other, and names files of others', async () => {
    bed.repository({ 'a.txt': 'one\ntwo\nthree\n' });
    await bed.begin([
      agent(2, 'api', { task: 'Rename the first line', owns: ['src/**'] }),
      agent(3, 'web', { task: 'Translate the first line' }),
    ]);
    bed.write((await bed.agent('api')).workspace, { 'a.txt': 'ONE\ntwo\nthree\n' });
    bed.write((await bed.agent('web')).workspace, { 'a.txt': 'uno\ntwo\nthree\n' });
    for (const round of [1, 2]) await bed.team.send({ from: { kind: 'user' }, to: 'all', text: `round ${round}` });
    await bed.message('2', /conflict with those of web in a\.txt \(around line 1\)[^]*Translate the first line/);
    await bed.message('3', /conflict with those of api in a\.txt[^]*Rename the first line/);
    await bed.message('2', /changed files that are not yours: a\.txt/);
    await bed.until('the conflict in both records', ({ agents }) =>
      agents
        .filter(({ window }) => window >= 2)
        .every((record) => {
          const other = record.name === 'api' ? 'web' : 'api';
          return isDeepStrictEqual(conflictsOf(record), [{ agent: other, files: ['a.txt'] }]);
        }),
    );
    await bed.team.send({ from: { kind: 'user' }, to: 'all', text: 'round 3' });
    const { messages } = await bed.until('all read', ({ counters }) => counters.pending + counters.processing === 0);
    assert.equal(messages.filter(({ message }) => message.includes('conflict with those of')).length, 2);

    bed.write((await bed.agent('web')).workspace, { 'a.txt': 'one\ntwo\nthree\n' });
    await bed.team.send({ from: { kind: 'user' }, to: 'all', text: 'round 4' });
    await bed.until('no conflict in any record', ({ agents }) =>
      agents.every((record) => conflictsOf(record).length === 0),
    );
  });
});
