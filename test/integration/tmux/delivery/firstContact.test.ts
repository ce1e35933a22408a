import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryLedger, DeliveryResult } from '../../../../src/core/messages/delivery';
import type { MessageState } from '../../../../src/core/messages/messageState';
import { systemClock } from '../../../../src/environment/systemClock';
import { scriptedProfile } from '../../../../src/profiles/scripted';
import { TmuxExecutor } from '../../../../src/tmux/delivery/tmuxExecutor';
import type { TmuxSession } from '../../../../src/tmux/session/tmuxSession';
import { SLOW_MACHINE_FACTOR } from '../../../support/slowMachine';
import { MemoryLogger } from '../../../support/team';
import { PrivateTmux } from '../../../support/tmux';
import { waitUntil } from '../../../support/waitUntil';

const PROGRAM = resolve('test/fixtures/late-reading.mjs');
const TEXT = `[TACO → AGENT-2]: Your task: ${'build the server, then say so. '.repeat(20)}`.trimEnd();
const OTHER = '[USER → AGENT-2]: another message';
/** Hold reasons of an empty input box; at first tmux has not started the program yet. */
const UNREAD: readonly string[] = ['not-the-agent', 'starting', 'no-composer'];

const DELIVERED_MS = 45_000 * SLOW_MACHINE_FACTOR;

describe('the first message to a CLI that draws its input box before it reads keys', function () {
  this.timeout(60_000);
  let tmux: PrivateTmux;
  let session: TmuxSession;
  let pane: string;
  let file: string;
  let count = 0;

  before(async () => {
    tmux = new PrivateTmux();
    session = await tmux.session();
  });
  after(() => tmux.dispose());
  afterEach(() => session.killPane(pane));

  const launch = async (how: {
    pauses?: readonly (number | 'SIGUSR1')[];
    drop?: number;
    putBack?: string;
  }): Promise<void> => {
    file = join(tmux.dir, `submitted-${++count}`);
    pane = await session.newWindow(10, 'agent', { argv: [process.execPath, PROGRAM, file, JSON.stringify(how)] });
  };
  const submitted = (): string[] =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as string)
      : [];
  const draft = async (): Promise<string | undefined> => {
    const state = await session.panes.capture(pane);
    return state ? scriptedProfile.readScreen(state.screen).composer?.rows.join('\n') : undefined;
  };

  const shows = (text: string): Promise<unknown> =>
    waitUntil(async () => (await draft()) === text, 15_000, `the draft "${text}"`, { pauseMs: 50 });

  /** Ends the pause `SIGUSR1` of the program. */
  const readOn = async (): Promise<void> => {
    const state = await session.panes.capture(pane);
    assert.ok(state);
    process.kill(state.pid, 'SIGUSR1');
  };

  /** One message as its lane delivers it, with a new executor for each attempt. */
  class Message {
    readonly holds: string[] = [];
    private state: MessageState = 'queued';
    private readonly mark: string;

    constructor(
      private readonly text: string,
      private readonly earlier: Message | null = null,
    ) {
      this.mark = `cmd_${++count}aaaaaa.1-0`;
    }

    async once(executor = newExecutor()): Promise<DeliveryResult> {
      const ledger: DeliveryLedger = {
        phase: (state) => {
          this.state = state;
          return Promise.resolve(true);
        },
        receipt: () => Promise.resolve(null),
        conversation: () => Promise.resolve(null),
        receiptOrTimeout: (ms, signal) => systemClock.sleep(ms, signal),
        typedText: (mark) =>
          Promise.resolve(mark === this.earlier?.mark ? [scriptedProfile.textToType(this.earlier.text)] : null),
        clearReceipt: () => Promise.resolve(),
      };
      const result = await executor.deliver(
        {
          id: this.mark,
          mark: this.mark,
          pane,
          text: scriptedProfile.textToType(this.text),
          profile: { ...scriptedProfile, proof: 'screen' },
          epoch: 1,
          state: this.state,
          steers: true,
          interrupt: false,
          ledger,
        },
        new AbortController().signal,
      );
      if (result.kind === 'held') {
        this.state = 'held';
        this.holds.push(result.reason);
      }
      return result;
    }

    /** Types a probe that is not read. */
    async heldAsStarting(): Promise<void> {
      await shows('');
      const isHeld = async (): Promise<boolean> => {
        await this.once();
        return this.holds.includes('starting');
      };
      await waitUntil(isHeld, 15_000, 'the hold as starting', { pauseMs: 50 });
    }

    async delivered(executor?: TmuxExecutor): Promise<void> {
      for (const end = Date.now() + DELIVERED_MS; Date.now() < end; await sleep(100)) {
        const result = await this.once(executor);
        if (result.kind === 'delivered') return;
        assert.equal(result.kind, 'held', JSON.stringify(result));
      }
      assert.fail(`it was never delivered: ${JSON.stringify({ holds: this.holds, draft: await draft() })}`);
    }
  }
  const newExecutor = (): TmuxExecutor => new TmuxExecutor(session.panes, systemClock, new MemoryLogger());

  for (const [what, how] of [
    ['keys are read 3 s after the composer is drawn: one probe is late', { pauses: [3500] }],
    ['keys are read 9 s after the composer is drawn: two probes are late', { pauses: [9500] }],
    ['it reads the probe, and nothing more for 4 s: a part of the text is late', { pauses: [1000, 4000] }],
    ['it stops reading twice', { pauses: [3000, 3000, 3000] }],
    ['the first key is thrown away', { drop: 1 }],
    ['the first two keys are thrown away', { drop: 2 }],
  ] as const) {
    it(`arrives once and whole when ${what}`, async () => {
      await launch(how);
      const message = new Message(TEXT);
      await message.delivered();
      assert.deepEqual(submitted(), [TEXT]);
      assert.deepEqual(
        message.holds.filter((reason) => !UNREAD.includes(reason)),
        [],
      );
    });
  }

  it('waits as for a starting agent, and is typed within 2 s of the first key that is read', async () => {
    await launch({ pauses: ['SIGUSR1'] });
    const message = new Message(TEXT);
    await message.heldAsStarting();
    const from = Date.now();
    await readOn();
    await message.delivered();
    const took = Date.now() - from;
    assert.ok(took < (2000 + 3000) * SLOW_MACHINE_FACTOR, `after ${took} ms`);
  });

  it('leaves no probe before the next message when it is dropped while its probe is late', async () => {
    await launch({ pauses: ['SIGUSR1'] });
    await new Message(TEXT).heldAsStarting();
    const next = new Message(OTHER);
    await next.heldAsStarting();
    await readOn();
    await next.delivered();
    assert.deepEqual(submitted(), [OTHER]);
    assert.deepEqual(
      next.holds.filter((reason) => !UNREAD.includes(reason)),
      [],
    );
  });

  it('adds nothing before a slash command', async () => {
    await launch({ pauses: [3500] });
    await new Message('/compact').delivered();
    assert.deepEqual(submitted(), ['/compact']);
  });

  it('leaves a draft alone that a user typed before it, and is typed after the user has sent that', async () => {
    await launch({ pauses: [4000] });
    await shows('');
    tmux.tmux('send-keys', '-t', pane, '-l', 'hello');
    const message = new Message(OTHER);
    const isHeld = async (): Promise<boolean> => {
      await message.once();
      // The CLI may draw the probe behind the draft first, and without it a moment later.
      return message.holds.includes('draft') && (await draft()) === 'hello';
    };
    await waitUntil(isHeld, 15_000, 'the hold, and the draft without the probe', { pauseMs: 50 });
    tmux.tmux('send-keys', '-t', pane, 'Enter');
    await message.delivered();
    assert.deepEqual(submitted(), ['hello', OTHER]);
  });

  it('treats a `[` that a user typed as a draft', async () => {
    await launch({});
    await shows('');
    tmux.tmux('send-keys', '-t', pane, '-l', '[');
    await shows('[');
    const message = new Message(OTHER);
    assert.deepEqual(await message.once(), { kind: 'held', reason: 'draft' });
    assert.equal(await draft(), '[');
  });

  it('removes the previous message that its CLI put back, unless a letter of it was changed', async () => {
    await launch({});
    const first = new Message(TEXT);
    await first.delivered();
    const executor = newExecutor();
    tmux.tmux('send-keys', '-t', pane, '-l', TEXT);
    const next = new Message(OTHER, first);
    await next.delivered(executor);
    assert.deepEqual(submitted(), [TEXT, OTHER]);
    tmux.tmux('send-keys', '-t', pane, '-l', `${OTHER}!`);
    await shows(`${OTHER}!`);
    const last = new Message(TEXT, next);
    for (const end = Date.now() + 3000; Date.now() < end; await sleep(100)) await last.once(executor);
    assert.deepEqual(new Set(last.holds), new Set(['draft']));
    assert.equal(await draft(), `${OTHER}!`);
  });

  it('removes the previous message also when its CLI had put it back and not drawn it before the probe', async () => {
    await launch({ putBack: TEXT });
    const first = new Message(TEXT);
    await first.delivered();
    const state = await session.panes.capture(pane);
    assert.ok(state);
    process.kill(state.pid, 'SIGUSR2');
    await waitUntil(() => existsSync(`${file}.put-back`), 10_000, 'the text that is put back');
    assert.equal(await draft(), '');
    await new Message(OTHER, first).delivered(newExecutor());
    assert.deepEqual(submitted(), [TEXT, OTHER]);
  });
});
