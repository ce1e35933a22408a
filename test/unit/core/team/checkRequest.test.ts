import assert from 'node:assert/strict';
import type { PlanReview } from '../../../../src/core/plan/planReview';
import { checkRequest, requestKindOf, type RequestKind } from '../../../../src/core/team/checkRequest';
import type { SessionState } from '../../../../src/core/team/session';
import { TEAM_PHASES, teamPhaseOf, type TeamPhase } from '../../../../src/core/team/teamPhase';
import { REQUEST_TABLE, stateOf } from '../../../support/requestTable';

const names = { projectDir: '/work/shop', tmuxSession: 'taco-shop' };

describe('checkRequest', () => {
  for (const [kind, row] of Object.entries(REQUEST_TABLE))
    for (const phase of TEAM_PHASES) {
      const expected = row[phase];
      const title = expected === 'allowed' ? 'allows' : `refuses with ${expected[0]}`;
      it(`${title} ${kind} while the team is in ${phase}`, () => {
        const refusal = checkRequest(kind as RequestKind, phase, names);
        if (expected === 'allowed') return assert.equal(refusal, null);
        assert.equal(refusal?.code, expected[0]);
        assert.match(refusal.message, expected[1]);
        assert.match(refusal.hint, /taco |VS Code/, 'the hint says what to do');
      });
    }

  it('distinguishes the approval of the plan under review from that of a given plan', () => {
    assert.equal(requestKindOf({ kind: 'approve', plan: {}, review: 5 }), 'approve-review');
    assert.equal(requestKindOf({ kind: 'approve', plan: {} }), 'approve');
    assert.equal(requestKindOf({ kind: 'stop' }), 'stop');
  });
});

describe('teamPhaseOf', () => {
  for (const phase of TEAM_PHASES)
    it(`returns ${phase} for its state in Redis`, () => {
      const { session, plan } = stateOf(phase);
      assert.equal(teamPhaseOf(session, plan), phase);
    });

  it('returns launching for an approved plan that is not yet executed', () => {
    const { session, plan } = stateOf('review');
    assert.ok(plan);
    assert.equal(teamPhaseOf(session, { ...plan, approval: { id: '1-0', made: false } }), 'launching');
  });

  it('returns no-plan for a review whose plan was rejected or is missing', () => {
    const { session, plan } = stateOf('review');
    assert.ok(plan);
    const read: [PlanReview | null, SessionState | null][] = [
      [null, session],
      [{ ...plan, status: 'rejected' }, session],
    ];
    for (const [review, at] of read) assert.equal(teamPhaseOf(at, review), 'no-plan' satisfies TeamPhase);
  });
});
