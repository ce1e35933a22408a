import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { STEP_DELAY_MS } from '../../../../src/core/base/limits';
import type { DeliveryLedger, DeliveryResult } from '../../../../src/core/messages/delivery';
import type { HoldReason, MessageState } from '../../../../src/core/messages/messageState';
import type { HookHold } from '../../../../src/core/team/resolveRoute';
import { systemClock } from '../../../../src/environment/systemClock';
import { scriptedProfile } from '../../../../src/profiles/scripted';
import { TmuxExecutor } from '../../../../src/tmux/delivery/tmuxExecutor';
import type { TmuxSession } from '../../../../src/tmux/session/tmuxSession';
import { silentLogger } from '../../../support/loggers';
import { PrivateTmux } from '../../../support/tmux';
import { waitUntil } from '../../../support/waitUntil';

const TEXT = '[USER → AGENT-2]: a message whose leader ended before Enter';

describe('a text that was typed, and may not be entered now', () => {
  let tmux: PrivateTmux;
  let session: TmuxSession;
  let pane: string;
  let file: string;
  let agents = 0;

  before(async () => {
    tmux = new PrivateTmux();
    session = await tmux.session();
  });
  after(() => tmux.dispose());
  afterEach(() => session.killPane(pane));

  const composer = async () => {
    const state = await session.panes.capture(pane);
    return state && scriptedProfile.readScreen(state.screen).composer;
  };
  const deliver = (
    state: MessageState,
    hold: HoldReason | null,
    phase: DeliveryLedger['phase'] = () => Promise.resolve(true),
    hooks: { says: HookHold | null } = { says: null },
  ): Promise<DeliveryResult> =>
    new TmuxExecutor(session.panes, systemClock, silentLogger).deliver(
      {
        id: 'cmd_aaaaaa',
        mark: 'cmd_aaaaaa.1-0',
        pane,
        text: scriptedProfile.textToType(TEXT),
        profile: { ...scriptedProfile, proof: 'screen' },
        epoch: 1,
        state,
        steers: true,
        interrupt: false,
        get hooksSay() {
          return hooks.says;
        },
        hold,
        ledger: {
          phase,
          receipt: () => Promise.resolve(null),
          conversation: () => Promise.resolve(null),
          receiptOrTimeout: (ms, signal) => systemClock.sleep(ms, signal),
          typedText: () => Promise.resolve(null),
          clearReceipt: () => Promise.resolve(),
        },
      },
      new AbortController().signal,
    );
  const dies: DeliveryLedger['phase'] = async (state) => {
    if (state !== 'typed') return true;
    await systemClock.sleep(2 * STEP_DELAY_MS);
    throw new Error('the leader ended');
  };

  async function startAgent(): Promise<void> {
    file = join(tmux.dir, `submitted-${++agents}`);
    const program = resolve('test/fixtures/late-reading.mjs');
    pane = await session.newWindow(10, 'agent', { argv: [process.execPath, program, file, '{}'] });
    await waitUntil(async () => (await composer())?.empty === true, 30_000, 'the input box');
  }
  const submitted = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);

  it('is not entered into a dialog that a hook announces while it is typed, and entered once afterwards', async () => {
    await startAgent();
    const hooks: { says: HookHold | null } = { says: null };
    const announces: DeliveryLedger['phase'] = async (state) => {
      if (state === 'typed') hooks.says = 'dialog';
      return true;
    };
    assert.deepEqual(await deliver('queued', null, announces, hooks), { kind: 'held', reason: 'dialog' });
    assert.deepEqual(submitted(), []);
    assert.deepEqual(await deliver('held', null, undefined, hooks), { kind: 'held', reason: 'dialog' });

    hooks.says = null;
    assert.deepEqual(await deliver('held', null, undefined, hooks), { kind: 'delivered' });
    assert.deepEqual(submitted(), [JSON.stringify(TEXT)]);
  });

  it('is removed from the input box, and typed once when the team may go on', async () => {
    await startAgent();
    await waitUntil(
      () =>
        deliver('queued', null, dies).then(
          () => false,
          () => true,
        ),
      10_000,
      'a leader that ends after it has typed',
    );
    assert.equal((await composer())?.empty, false);

    assert.deepEqual(await deliver('typed', 'limited'), { kind: 'held', reason: 'limited' });
    assert.equal((await composer())?.empty, true);
    assert.deepEqual(await deliver('typing', 'limited'), { kind: 'held', reason: 'limited' });
    assert.deepEqual(submitted(), []);

    assert.deepEqual(await deliver('held', null), { kind: 'delivered' });
    assert.deepEqual(submitted(), [JSON.stringify(TEXT)]);
  });
});
