import assert from 'node:assert/strict';
import { type AgentRecord, agentRecordSchema } from '../../../../src/core/agents/agentRecord';
import { isSilent } from '../../../../src/core/agents/hookSilence';
import { claudeProfile } from '../../../../src/profiles/claude/profile';
import { codexProfile } from '../../../../src/profiles/codex/profile';

const at = 1_000_000;
const record = (fields: Partial<AgentRecord> = {}): AgentRecord =>
  agentRecordSchema.parse({
    window: 2,
    name: 'api',
    role: 'Builds',
    status: 'idle',
    workspace: '/w',
    profile: 'claude',
    changedAt: at,
    hooks: '',
    ...fields,
  });

describe('silent hooks', () => {
  it('are found when a CLI that reports its start has rested for 20 s without a report', () => {
    assert.equal(isSilent(record(), claudeProfile, at + 19_999), false);
    assert.equal(isSilent(record(), claudeProfile, at + 20_001), true);
  });

  for (const [why, fields] of [
    ['a hook has reported', { hooks: 'heard' }],
    ['it was found already', { hooks: 'silent' }],
    ['it is starting', { status: 'starting' }],
    ['a dialog is open, as at the start', { status: 'needs-input' }],
    ['it works', { status: 'busy' }],
    ['it was adopted', { adopted: true }],
  ] as const)
    it(`are not found while ${why}`, () => assert.equal(isSilent(record(fields), claudeProfile, at + 60_000), false));

  it('are not found in a record of an older TACO, nor where the first hook comes with the first prompt', () => {
    const { hooks, ...older } = record({ hooks: 'heard' });
    assert.equal(hooks, 'heard');
    assert.equal(isSilent(older, claudeProfile, at + 60_000), false);
    assert.equal(isSilent(record(), codexProfile, at + 60_000), false);
  });
});
