import assert from 'node:assert/strict';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import { HookBusyStates } from '../../../../src/core/agents/hookBusyState';
import { resolveRoute, type Route } from '../../../../src/core/team/resolveRoute';
import { scriptedProfile } from '../../../../src/profiles/scripted';

function routeTo(status: AgentRecord['status'], isLaunching = false): Route {
  const record = { window: 2, name: 'api', status, pane: '%2', profile: 'scripted', startedAt: 1 } as AgentRecord;
  return resolveRoute({
    record,
    isLaunching,
    isHere: true,
    type: 'tmux_message',
    team: [record],
    profile: () => scriptedProfile,
    hookStates: new HookBusyStates(),
  });
}

describe('the route of a message', () => {
  it('holds while an agent is launched again, so that the CLI that ends receives nothing', () => {
    assert.deepEqual(routeTo('idle', true), { held: 'starting' });
  });

  it('keeps the reason of an agent that has ended while it is launched again', () => {
    assert.deepEqual(routeTo('exited', true), { held: 'exited' });
  });

  it('lets the screen decide for a working agent', () => {
    const route = routeTo('busy');
    assert.equal('pane' in route && route.hooksSay, null);
  });

  it('holds for a dialog that a hook announced and the CLI may not have drawn yet', () => {
    const route = routeTo('needs-input');
    assert.equal('pane' in route && route.hooksSay, 'dialog');
  });
});
