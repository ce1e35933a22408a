import assert from 'node:assert/strict';
import type { ReadingKind } from '../../../../src/core/agents/agentProfile';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import type { AgentState } from '../../../../src/core/agents/agentState';
import { ScreenPoller } from '../../../../src/orchestrator/agents/screenPoller';

describe('the poller of a busy agent', () => {
  /** Polls through these screens; then the agent has left. Returns `rests` of each poll, and the final status. */
  const poll = async (...screens: ReadingKind[]): Promise<{ rests: boolean[]; status: AgentState }> => {
    let status: AgentState = 'busy';
    const rests: boolean[] = [];
    const left = [...screens];
    const poller = new ScreenPoller(
      { get: () => (left.length > 0 ? ({ window: 2, status } as AgentRecord) : undefined) },
      {
        hookState: () => null,
        readScreen: async (_window, mayRest) => {
          const kind = left.shift() ?? null;
          rests.push(mayRest);
          if (kind === 'ready' && mayRest) status = 'idle';
          return kind;
        },
      },
      { now: () => 0, sleep: async () => undefined },
      { trace: noLog, debug: noLog, info: noLog, warn: noLog, error: noLog },
    );
    await poller.watch(2);
    return { rests, status };
  };

  it('sets it to idle at the second ready screen in a row: no hook reports a turn that the user stopped', async () => {
    assert.deepEqual(await poll('busy', 'ready', 'ready', 'busy'), { rests: [false, false, true], status: 'idle' });
  });

  it('does not set it to idle after one ready screen', async () => {
    assert.deepEqual(await poll('ready', 'busy', 'ready', 'busy'), {
      rests: [false, true, false, true],
      status: 'busy',
    });
  });
});

function noLog(): void {}
