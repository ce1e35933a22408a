import assert from 'node:assert/strict';
import type { InputRequest } from '../../../../src/core/requests/inputRequest';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import { hasSession, nextStep, type ProjectState } from '../../../../src/vscode/project/projectState';
import { statusText } from '../../../../src/vscode/statusBar/statusText';
import { agent, samplePlan, sampleSnapshot } from '../../../support/vscode/fakeTeam';

const state = (more: Partial<Snapshot> = {}, connected = true): ProjectState => ({
  snapshot: sampleSnapshot(more),
  connected,
  missing: 'none',
  error: null,
  ready: true,
});
const calm: Partial<Snapshot> = { agents: [], messages: [] };
/** A team in the given phase in which nothing waits for the user. */
const at = (phase: 'running' | 'review' | 'lost', more: Partial<Snapshot> = {}): ProjectState =>
  state({
    ...calm,
    agents: [agent(2, 'api', 'busy')],
    needs: [],
    session: { ...sampleSnapshot().session!, phase },
    ...more,
  });
const request: InputRequest = {
  id: 'need_1',
  window: 2,
  kind: 'permission',
  tool: 'Bash',
  input: '{"command":"npm test"}',
  cut: false,
  choices: [],
  at: 1,
};

describe('The step that waits for the user', () => {
  it('is to resume a lost session, before a plan, before requests of agents', () => {
    assert.equal(nextStep(at('lost', { needs: [request] })), 'resume');
    assert.equal(nextStep(at('review', { plan: samplePlan, needs: [request] })), 'review-plan');
    assert.equal(nextStep(at('running', { needs: [request] })), 'answer');
    assert.equal(nextStep(at('running')), null);
  });

  it('is not to review a plan whose approval the leader has taken, although it is still in review for a moment', () => {
    const approval = { id: '1-0', made: false };
    assert.equal(nextStep(at('review', { plan: { ...samplePlan, at: samplePlan.at + 1, approval } })), null);
  });

  it('is not to answer an agent that has left the team', () => {
    assert.equal(nextStep(at('running', { needs: [{ ...request, window: 9 }] })), null);
  });
});

describe('A click on the status bar item', () => {
  it('leads to the agents of a lost team, and starts nothing by itself, whatever they requested', () => {
    assert.equal(statusText(at('lost', { needs: [request] }))?.command, 'taco.agents.focus');
  });

  it('leads to the plan that waits', () => {
    assert.equal(statusText(at('review', { plan: samplePlan, needs: [request] }))?.command, 'taco.reviewPlan');
  });

  it('leads to the answer that an agent waits for', () => {
    assert.equal(statusText(at('running', { needs: [request] }))?.command, 'taco.answer');
  });

  it('leads to the agents when something else waits: a dialog without a request, a stuck message', () => {
    assert.equal(statusText(at('running', { agents: [agent(2, 'api', 'needs-input')] }))?.command, 'taco.agents.focus');
    assert.equal(statusText(at('running', { messages: sampleSnapshot().messages }))?.command, 'taco.agents.focus');
  });

  it('leads to the monitor when nothing waits', () => {
    assert.equal(statusText(at('running'))?.command, 'taco.openMonitor');
  });
});

describe('The status bar item', () => {
  it('is hidden without a session, and for a failed one', () => {
    assert.equal(statusText(state({ session: null })), null);
    const failed = state({ session: { ...sampleSnapshot().session!, phase: 'failed' } });
    assert.equal(statusText(failed), null);
    assert.equal(hasSession(failed), false);
  });

  it('counts pending, processing, done and failed, in this order', () => {
    assert.equal(statusText(state(calm))?.text, 'TACO $(inbox) 1 $(sync) 3 $(check) 1247 $(error) 1');
  });

  it('has a colour only when the user must act: on an agent, a plan, a stuck message; Redis comes back by itself', () => {
    assert.equal(statusText(state(calm))?.warning, false);
    assert.equal(statusText(state({ ...calm, agents: sampleSnapshot().agents }))?.warning, true);
    assert.equal(statusText(state({ ...calm, messages: sampleSnapshot().messages }))?.warning, true);
    assert.equal(
      statusText(state({ ...calm, plan: samplePlan, session: { ...sampleSnapshot().session!, phase: 'review' } }))
        ?.warning,
      true,
    );
    assert.equal(statusText(state(calm, false))?.warning, false);
  });

  it('shows in its tooltip which agent needs the user and why', () => {
    const lines = statusText(state())?.lines ?? [];
    assert.ok(lines.includes('frontend needs you'));
    assert.ok(lines.includes('1 message needs a decision'));
  });

  it('offers there to answer each request, and names the step that waits', () => {
    const { requests, step } = statusText(at('running', { needs: [request] }))!;
    assert.deepEqual(requests, [{ id: 'need_1', text: 'api wants to use Bash: npm test' }]);
    assert.equal(step, 'answer');
  });
});
