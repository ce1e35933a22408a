import assert from 'node:assert/strict';
import type { ReadingKind } from '../../../../src/core/agents/agentProfile';
import type { AgentRecord, AgentState } from '../../../../src/core/models';
import { ScreenPoller } from '../../../../src/orchestrator/agents/screenPoller';

describe('the poller of a busy agent', () => {
  /** Polls through these screens; then the agent has left. What each poll was told, and the status at the end. */
  const poll = async (...screens: ReadingKind[]): Promise<{ rests: boolean[]; status: AgentState }> => {
    let status: AgentState = 'busy';
    const rests: boolean[] = [];
    const left = [...screens];
    const poller = new ScreenPoller({
      agent: () => (left.length > 0 ? ({ window: 2, status } as AgentRecord) : undefined),
      word: () => null,
      look: async (_window, mayRest) => {
        const kind = left.shift() ?? null;
        rests.push(mayRest);
        if (kind === 'ready' && mayRest) status = 'idle';
        return kind;
      },
      clock: { now: () => 0, sleep: async () => undefined },
      log: { trace: noLog, debug: noLog, info: noLog, warn: noLog, error: noLog },
    });
    await poller.watch(2);
    return { rests, status };
  };

  it('takes it for idle at the second screen in a row that is ready: no hook reports a turn that a user stopped', async () => {
    assert.deepEqual(await poll('busy', 'ready', 'ready', 'busy'), { rests: [false, false, true], status: 'idle' });
  });

  it('does not take it for idle by one screen alone', async () => {
    assert.deepEqual(await poll('ready', 'busy', 'ready', 'busy'), {
      rests: [false, true, false, true],
      status: 'busy',
    });
  });
});

function noLog(): void {}
