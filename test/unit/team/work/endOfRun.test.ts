import assert from 'node:assert/strict';
import { newStep, type MergeJournal } from '../../../../src/core/proof/mergeJournal';
import { endOfRun } from '../../../../src/team/work/endOfRun';

const WAITS = { pollMs: 1, leaderMs: 2, leaderlessMs: 20 };
const ASKED = 'mine';
const step = newStep({ agent: 'api', window: 2, branch: 'taco/api', path: '/p' });
const journal = (more: Partial<MergeJournal>): MergeJournal => ({
  id: '1',
  ticket: 'mine',
  at: 1,
  endedAt: null,
  target: 'main',
  method: 'merge',
  check: [],
  steps: [{ ...step, state: 'checking' }],
  problem: '',
  ...more,
});
const led = async (): Promise<{ leader: string | null }> => ({ leader: 'here:1' });

describe('the wait for the end of a merge', () => {
  it('returns the journal of its own run', async () => {
    const found = [null, journal({ ticket: 'other' }), journal({}), journal({ endedAt: 2 })];
    const end = await endOfRun({ read: async () => found.shift() ?? null, team: led }, ASKED, WAITS);
    assert.equal(end.endedAt, 2);
  });

  it('ends with the state of the run when the leader has ended and none follows', async () => {
    const waits = endOfRun({ read: async () => journal({}), team: async () => ({ leader: null }) }, ASKED, WAITS);
    await assert.rejects(waits, /none followed: the merge of api stands at "checking"/);
  });

  it('goes on when the leader changed before it began the run: the next one finds the request', async () => {
    const leaders = ['here:1', null, 'here:2'];
    const read = async (): Promise<MergeJournal> =>
      leaders.length > 0 ? journal({ ticket: 'other', endedAt: 2 }) : journal({ endedAt: 3 });
    const team = async (): Promise<{ leader: string | null }> => ({ leader: leaders.shift() ?? 'here:2' });
    assert.equal((await endOfRun({ read, team }, ASKED, { ...WAITS, leaderlessMs: 60_000 })).endedAt, 3);
  });

  it('ends when the next run has taken the place of its own', async () => {
    const found = [journal({}), journal({ ticket: 'other' })];
    const waits = endOfRun({ read: async () => found.shift() ?? null, team: led }, ASKED, WAITS);
    await assert.rejects(waits, /Another merge began/);
  });
});
