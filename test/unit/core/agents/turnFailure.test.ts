import assert from 'node:assert/strict';
import { limitInDialog } from '../../../../src/core/agents/turnFailure';
import { geminiProfile } from '../../../../src/profiles/gemini/profile';

const NOW = Date.UTC(2026, 0, 9, 12);

describe('a limit in a dialog', () => {
  it('is read from the quota dialog of Gemini CLI, with the time of its reset', () => {
    const dialog =
      'Usage limit reached for gemini-2.5-pro. · Access resets at 10:00 PM UTC. · /stats model for usage details';
    const limit = limitInDialog(geminiProfile, dialog, NOW);
    assert.deepEqual([limit?.kind, limit?.until], ['usage-limit', Date.UTC(2026, 0, 9, 22)]);
  });

  it('is not read from a question about a command that speaks of limits', () => {
    assert.equal(limitInDialog(geminiProfile, 'Allow execution of: ulimit -n, rate_limit.sh?', NOW), null);
    assert.equal(limitInDialog({}, 'Usage limit reached for x', NOW), null);
  });
});
