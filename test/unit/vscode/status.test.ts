import assert from 'node:assert/strict';
import { hasSession, nextStep, type ProjectState } from '../../../src/vscode/state';
import { statusText } from '../../../src/vscode/statusText';
import { samplePlan, sampleSnapshot } from '../../vscode/support/fakeTeam';
import type { Need } from '../../../src/core/agents/needs';
import type { Snapshot } from '../../../src/core/snapshot';

const state = (more: Partial<Snapshot> = {}, connected = true): ProjectState => ({ snapshot: sampleSnapshot(more), connected, needs: 'none', error: null, ready: true });
const calm: Partial<Snapshot> = { agents: [], messages: [] };

describe('The step that waits for the person', () => {
  const at = (phase: 'running' | 'review' | 'lost', more: Partial<Snapshot> = {}): ProjectState => state({ ...calm, needs: [], session: { ...sampleSnapshot().session!, phase }, ...more });
  const need: Need = { id: 'n1', window: 2, kind: 'permission', tool: 'Bash', input: '{}', cut: false, at: 1 } as Need;

  it('is to resume what is lost, before a plan, before what agents ask', () => {
    assert.equal(nextStep(at('lost', { needs: [need] })), 'resume');
    assert.equal(nextStep(at('review', { plan: samplePlan, needs: [need] })), 'review-plan');
    assert.equal(nextStep(at('running', { needs: [need] })), 'answer');
    assert.equal(nextStep(at('running')), null);
  });
});

describe('The status bar item', () => {
  it('is not there without a session, nor for a failed one', () => {
    assert.equal(statusText(state({ session: null })), null);
    const failed = state({ session: { ...sampleSnapshot().session!, phase: 'failed' } });
    assert.equal(statusText(failed), null);
    assert.equal(hasSession(failed), false);
  });

  it('counts pending, processing, done and failed, in this order', () => {
    assert.equal(statusText(state(calm))?.text, 'TACO $(inbox) 1 $(sync) 3 $(check) 1247 $(error) 1');
  });

  it('is coloured only when someone must act: an agent, a plan, a stuck message; Redis comes back by itself', () => {
    assert.equal(statusText(state(calm))?.warning, false);
    assert.equal(statusText(state({ ...calm, agents: sampleSnapshot().agents }))?.warning, true);
    assert.equal(statusText(state({ ...calm, messages: sampleSnapshot().messages }))?.warning, true);
    assert.equal(statusText(state({ ...calm, plan: samplePlan, session: { ...sampleSnapshot().session!, phase: 'review' } }))?.warning, true);
    assert.equal(statusText(state(calm, false))?.warning, false);
  });

  it('says in its tooltip who needs the person and why', () => {
    const lines = statusText(state())?.lines ?? [];
    assert.ok(lines.includes('frontend needs you'));
    assert.ok(lines.includes('1 message needs a decision'));
  });
});
