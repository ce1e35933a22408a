import assert from 'node:assert/strict';
import { TerminalAlerts } from '../../../../src/cli/output/terminalAlerts';
import type { Io } from '../../../../src/cli/runtime/io';
import { agent } from '../../../support/vscode/fakeTeam';
import { permissionRequest } from '../../../support/vscode/notificationStates';

const AGENTS = [agent(2, 'coder', 'needs-input'), agent(3, 'tester', 'busy')];
const asking = { agents: AGENTS, needs: [permissionRequest('need_1', 2)] };
const atDialog = { agents: AGENTS, needs: [] };

describe('alerts in a terminal', () => {
  let written: string[] = [];
  let claimed: string[] = [];
  let marked: string[] = [];
  beforeEach(() => ([written, claimed, marked] = [[], [], []]));

  function terminal(env: Io['env'] = {}, answer: 'yours' | 'theirs' | 'told' = 'yours', isTTY = true): TerminalAlerts {
    const stdout = { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
    return new TerminalAlerts(
      { stdout, env: { TERM: 'xterm', ...env } },
      {
        take: (key) => Promise.resolve((claimed.push(key), answer)),
        markShown: (key) => Promise.resolve(void marked.push(key)),
      },
    );
  }
  /** Lets the alerts see the same twice, so far apart. */
  async function watch(alerts: TerminalAlerts, snapshot: typeof asking, ms: number): Promise<void> {
    alerts.update(snapshot, 0);
    alerts.update(snapshot, ms);
    await new Promise(setImmediate);
  }

  it('ring the bell and write a notification once for each request', async () => {
    const alerts = terminal();
    await watch(alerts, asking, 1000);
    await watch(alerts, asking, 9000);
    assert.deepEqual(written, ['\u001b]9;TACO: coder: Bash npm test\u0007\u0007']);
    assert.deepEqual([claimed, marked], [['alert-need_1'], ['alert-need_1']]);
  });

  it('keep escape sequences of a request out', async () => {
    const input = JSON.stringify({ command: 'echo \u0007\u001b]52;c;x\u0007 \u009b31m' });
    await watch(terminal(), { agents: AGENTS, needs: [permissionRequest('need_1', 2, { input })] }, 1000);
    assert.equal(written.length, 1);
    assert.doesNotMatch(written[0]?.slice(4, -2) ?? '', /[\u0000-\u001f\u007f-\u009f]/);
  });

  it('give a dialog the time to get its request', async () => {
    const alerts = terminal();
    await watch(alerts, atDialog, 3000);
    assert.deepEqual(written, []);
    await watch(alerts, atDialog, 4000);
    assert.equal(written.length, 1);
  });

  it('are silent when a window or another terminal has told the request', async () => {
    await watch(terminal({}, 'theirs'), asking, 1000);
    await watch(terminal({}, 'told'), asking, 1000);
    assert.deepEqual([written, marked], [[], []]);
  });

  it('are silent in a pipe, on a dumb terminal, in the session of TACO, and when the user wants none', async () => {
    await watch(terminal({}, 'yours', false), asking, 1000);
    for (const env of [{ TERM: 'dumb' }, { TACO_SESSION: 'x' }, { TACO_NOTIFICATIONS: 'none' }])
      await watch(terminal(env), asking, 1000);
    assert.deepEqual([written, claimed], [[], []]);
  });
});
