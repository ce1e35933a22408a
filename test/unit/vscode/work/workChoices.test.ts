import assert from 'node:assert/strict';
import { newStep, type MergeJournal, type MergeStep } from '../../../../src/core/proof/mergeJournal';
import { fits, mergeOutcome, windowOf, type WorkAction } from '../../../../src/vscode/work/workChoices';
import { agent } from '../../../support/vscode/fakeTeam';

const ACTIONS: readonly WorkAction[] = ['merge', 'run-check', 'cancel-check', 'accept-work', 'evidence'];

function journal(steps: readonly Partial<MergeStep>[], check: readonly string[] = ['true']): MergeJournal {
  const made = steps.map((step, index) => ({
    ...newStep({ agent: `a${index}`, window: index + 2, branch: 'b', path: '/p' }),
    ...step,
  }));
  const rest = { id: '1', ticket: 't', at: 1, endedAt: 2, target: 'main', method: 'merge' as const, problem: '' };
  return { ...rest, check: [...check], steps: made };
}

describe('The choices for finished work', () => {
  it('offer each command in the states of work that it fits', () => {
    const fitting = (more: Parameters<typeof agent>[3]): readonly WorkAction[] =>
      ACTIONS.filter((action) => fits(action, agent(2, 'api', 'idle', more)));
    assert.deepEqual(fitting({}), ['run-check', 'accept-work', 'evidence']);
    assert.deepEqual(fitting({ proof: 'proven', done: true }), ['merge', 'run-check', 'evidence']);
    assert.deepEqual(fitting({ proof: 'reported', done: true }), ['merge', 'run-check', 'evidence']);
    assert.deepEqual(fitting({ proof: 'checking' }), ['cancel-check', 'accept-work', 'evidence']);
    assert.deepEqual(fitting({ proof: 'red' }), ['run-check', 'accept-work', 'evidence']);
    assert.deepEqual(fitting({ proof: 'merged', done: true }), ['run-check', 'evidence']);
    assert.deepEqual(fitting({ host: 'gpu', proof: 'reported' }), ['accept-work']);
    assert.deepEqual(
      ACTIONS.filter((action) => fits(action, agent(0, 'mother', 'idle', { proof: 'proven' }))),
      [],
    );
  });

  it('find the agent of a row of either view, and none on a folder that several share', () => {
    const [api, web] = [agent(2, 'api', 'idle'), agent(3, 'web', 'idle')];
    assert.equal(windowOf({ subject: { window: 3 } }), 3);
    assert.equal(windowOf({ root: { agents: [api], own: true } }), 2);
    assert.equal(windowOf({ root: { agents: [api, web], own: false } }), undefined);
    for (const other of [undefined, null, 'x', { root: null }, { root: { agents: [{ window: 'x' }] } }])
      assert.equal(windowOf(other), undefined);
  });

  it('say how a merge ended, what was not merged and why', () => {
    assert.deepEqual(mergeOutcome(journal([{ state: 'merged' }, { state: 'merged' }])), {
      text: 'a0, a1: merged into main.',
      isComplete: true,
    });
    assert.deepEqual(
      mergeOutcome(
        journal([
          { state: 'merged' },
          { state: 'conflict', files: ['x.ts'] },
          { state: 'red', reason: 'the check ended with exit code 1' },
        ]),
      ),
      {
        text: 'a0: merged into main. a1: conflicts in x.ts; its agent resolves them. a2: not merged: the check ended with exit code 1.',
        isComplete: false,
      },
    );
    assert.match(mergeOutcome(journal([{ state: 'merged' }], [])).text, /No check of the merged result is set/);
    assert.match(mergeOutcome(journal([])).text, /No work is proven/);
  });
});
