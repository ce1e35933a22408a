import assert from 'node:assert/strict';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import { FirstScreens } from '../../../../src/orchestrator/agents/firstScreens';
import { silentLogger } from '../../../support/loggers';

const STARTED = { window: 2, name: 'one', pane: '%2', status: 'idle', startedAt: 1 } as AgentRecord;
const LIMIT = 180_000;

describe('the first screen of a started agent', () => {
  let record: AgentRecord;
  let screen: string;
  let now: number;
  let refuses: boolean;
  let events: string[];
  let screens: FirstScreens;
  let check: () => void;

  beforeEach(() => {
    record = STARTED;
    screen = '';
    now = 0;
    refuses = false;
    events = [];
    screens = new FirstScreens({
      agents: {
        get here() {
          return [record];
        },
        get: () => record,
        onWindows: (listener) => ((check = () => listener([])), { dispose: () => undefined }),
      },
      driver: { capture: async () => ({ dead: false, screen: { lines: [{ text: screen }] } }) as never },
      launcher: { drew: (window) => void events.push(`drew ${window}`) },
      team: {
        request: async ({ kind }) => {
          if (refuses) throw new Error('not now');
          events.push(kind);
        },
        send: async ({ to }) => (events.push(`to ${String(to)}`), []),
        store: { note: async () => void events.push('note') } as never,
      },
      clock: { now: () => now },
      log: silentLogger,
    });
  });
  afterEach(() => screens.dispose());

  async function checkAt(time: number): Promise<readonly string[]> {
    now = time;
    check();
    await new Promise(setImmediate);
    return events.splice(0);
  }

  it('is reported to the launcher once', async () => {
    assert.deepEqual(await checkAt(0), []);
    screen = '> ';
    assert.deepEqual(await checkAt(1000), ['drew 2']);
    assert.deepEqual(await checkAt(LIMIT * 2), []);
  });

  it('starts an agent again that draws nothing, although its hooks reported its start', async () => {
    await checkAt(0);
    assert.deepEqual(await checkAt(LIMIT - 1), []);
    assert.deepEqual(await checkAt(LIMIT), ['relaunch', 'note']);
    assert.deepEqual(await checkAt(LIMIT * 3), [], 'not before the launch came');
  });

  it('writes to the user when the second start draws nothing either, and starts no third one', async () => {
    await checkAt(0);
    await checkAt(LIMIT);
    record = { ...STARTED, startedAt: 2 };
    await checkAt(LIMIT + 1);
    assert.deepEqual(await checkAt(LIMIT * 2 + 1), ['to user']);
    assert.deepEqual(await checkAt(LIMIT * 9), []);
  });

  it('starts an agent again whose last start drew its screen', async () => {
    await checkAt(0);
    await checkAt(LIMIT);
    record = { ...STARTED, startedAt: 2 };
    screen = '> ';
    await checkAt(LIMIT + 1);
    record = { ...STARTED, startedAt: 3 };
    screen = '';
    await checkAt(LIMIT + 2);
    assert.deepEqual(await checkAt(LIMIT * 2 + 2), ['relaunch', 'note']);
  });

  it('tries again later when the relaunch is refused', async () => {
    await checkAt(0);
    refuses = true;
    assert.deepEqual(await checkAt(LIMIT), []);
    refuses = false;
    assert.deepEqual(await checkAt(LIMIT + 1), []);
    assert.deepEqual(await checkAt(LIMIT * 2), ['relaunch', 'note']);
  });

  it('is not awaited of an agent without a pane, that has ended, or that the user started', async () => {
    for (const other of [{ pane: '' }, { status: 'exited' }, { status: 'failed' }, { adopted: true }]) {
      record = { ...STARTED, ...other } as AgentRecord;
      await checkAt(0);
      assert.deepEqual(await checkAt(LIMIT), []);
    }
  });
});
