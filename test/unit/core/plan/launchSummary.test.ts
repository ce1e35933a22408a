import assert from 'node:assert/strict';
import { launchFacts } from '../../../../src/core/plan/launchSummary';
import { agent } from '../../../support/planBuilders';

describe('launchFacts', () => {
  it('counts agents, memory by CLI, permission modes, worktrees and unattended agents', () => {
    const plan = {
      agents: [
        agent(2, 'a', { permission_mode: 'bypassPermissions' }),
        agent(3, 'b', { worktree: true, profile: 'scripted' }),
        agent(4, 'c', { profile: 'other' }),
      ],
    };
    assert.deepEqual(
      launchFacts(plan, 'claude', (profile) => ({ claude: 300, scripted: 60 })[profile]),
      {
        agents: 3,
        memoryMb: 360,
        unmeasured: 1,
        profiles: [
          { value: 'claude', count: 1 },
          { value: 'scripted', count: 1 },
          { value: 'other', count: 1 },
        ],
        permissionModes: [
          { value: 'bypassPermissions', count: 1 },
          { value: 'default', count: 2 },
        ],
        worktrees: ['b'],
        unattended: ['a'],
      },
    );
  });
});
