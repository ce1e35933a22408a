import assert from 'node:assert/strict';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import { errors } from '../../../../src/core/errors/errors';
import type { InputRequest } from '../../../../src/core/requests/inputRequest';
import { DialogRequests } from '../../../../src/orchestrator/agents/dialogRequests';
import type { InputRequestStore } from '../../../../src/redis/state/inputRequestStore';
import type { PaneDriver } from '../../../../src/tmux/pane/paneDriver';
import { silentLogger } from '../../../support/loggers';

describe('an input request', () => {
  it('is closed once its dialog is gone, also when Redis fails at first', async () => {
    const request: InputRequest = {
      id: 'need_000001',
      window: 2,
      kind: 'dialog',
      tool: '',
      input: '',
      cut: false,
      choices: [],
      at: 1,
    };
    let open = [request];
    let failures = 2;
    const fail = (): void => {
      if (failures-- > 0) throw errors.redisUnreachable('there', new Error('cut'));
    };
    const store = {
      raw: async () => (fail(), open.map((each) => JSON.stringify(each))),
      end: async (_window: number, ids: readonly string[]) => (
        fail(),
        void (open = open.filter(({ id }) => !ids.includes(id)))
      ),
    } as unknown as InputRequestStore;
    const record = { window: 2, status: 'needs-input' } as AgentRecord;
    let now = record;
    let slept = 0;
    const requests = new DialogRequests({
      store,
      log: silentLogger,
      panes: {} as PaneDriver,
      epoch: 1,
      agents: { get: () => now, isElsewhere: () => false },
      launcher: { profile: () => assert.fail('no screen is read') },
      clock: {
        now: () => 10_000,
        sleep: async () => void (++slept > 10 ? assert.fail('it goes on for ever') : undefined),
      },
    });
    requests.onChanged(record);
    now = { ...record, status: 'idle' };
    requests.onChanged(now);
    for (let n = 0; n < 50; n++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(open, []);
    requests.dispose();
  });
});
