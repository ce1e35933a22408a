import assert from 'node:assert/strict';
import type { ScreenReading } from '../../../../src/core/agents/agentProfile';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import { RestingScreens } from '../../../../src/orchestrator/agents/restingScreens';
import { silentLogger } from '../../../support/loggers';

const RESTS = { window: 2, pane: '%2', profile: 'claude', status: 'idle', permissionMode: 'default' } as AgentRecord;

describe('the screen of an agent at rest', () => {
  /** Captures these readings of the agent, two seconds apart, and returns the changes and the watched windows. */
  async function seen(
    record: AgentRecord,
    readings: readonly Partial<ScreenReading>[],
    sinceHook = Infinity,
  ): Promise<{ changes: Partial<AgentRecord>[]; watched: number[] }> {
    const changes: Partial<AgentRecord>[] = [];
    const watched: number[] = [];
    let captures = 0;
    let now = 0;
    let check = (): void => undefined;
    const screens = new RestingScreens({
      agents: { here: [record], get: () => record },
      updates: { update: async (_window, patch) => void (Object.keys(patch).length > 0 && changes.push(patch)) },
      panes: { onWindows: (listener) => ((check = () => listener([])), { dispose: () => undefined }) },
      driver: { capture: async () => ({ dead: false, screen: captures++ }) as never },
      states: { hookState: () => null, sinceHook: () => sinceHook, watch: (window) => void watched.push(window) },
      profile: () => ({ readScreen: (capture: unknown) => readings[capture as number] }) as never,
      clock: { now: () => now },
      log: silentLogger,
    });
    for (let index = 0; index < readings.length; index++) {
      now += 2000;
      check();
      await new Promise(setImmediate);
    }
    screens.dispose();
    return { changes, watched };
  }

  it('makes it busy when two captures in a row show work: a hook of the user refused the end of the turn', async () => {
    assert.deepEqual(await seen(RESTS, [{ kind: 'busy' }, { kind: 'busy' }]), {
      changes: [{ status: 'busy', activity: '' }],
      watched: [2],
    });
  });

  it('changes nothing after one capture of work, nor while the work before the hook may still be drawn', async () => {
    const readings = [{ kind: 'busy' }, { kind: 'ready' }, { kind: 'busy' }] as const;
    assert.deepEqual(await seen(RESTS, readings), { changes: [], watched: [] });
    assert.deepEqual(await seen(RESTS, [{ kind: 'busy' }, { kind: 'busy' }], 1000), { changes: [], watched: [] });
  });

  it('shows the permission mode that the user changed between two prompts', async () => {
    const { changes } = await seen(RESTS, [{ kind: 'ready', permissionMode: 'plan' }]);
    assert.deepEqual(changes, [{ permissionMode: 'plan' }]);
  });

  it('never grants rights: only a hook reports bypassPermissions', async () => {
    const { changes } = await seen(RESTS, [{ kind: 'ready', permissionMode: 'bypassPermissions' }]);
    assert.deepEqual(changes, []);
  });

  it('is not captured for an agent that works, has ended, or whose screen is read anyway', async () => {
    for (const other of [
      { status: 'busy' },
      { status: 'exited' },
      { adopted: true },
      { hooks: 'silent' },
      { pane: '' },
    ])
      assert.deepEqual(
        (await seen({ ...RESTS, ...other } as AgentRecord, [{ kind: 'ready', permissionMode: 'plan' }])).changes,
        [],
      );
  });
});
