import assert from 'node:assert/strict';
import { newStep } from '../../../../src/core/proof/mergeJournal';
import { mergedUnchecked } from '../../../../src/core/proof/mergeTexts';

const step = newStep({ agent: 'api', window: 2, branch: 'taco/api', path: '/p' });

describe('the texts of the merge lane', () => {
  it('warn only where a result was merged without a check', () => {
    assert.match(mergedUnchecked({ check: [], steps: [{ ...step, state: 'merged' }] }) ?? '', /was not checked/);
    assert.equal(mergedUnchecked({ check: ['true'], steps: [{ ...step, state: 'merged' }] }), null);
    assert.equal(mergedUnchecked({ check: [], steps: [{ ...step, state: 'conflict' }] }), null);
  });
});
