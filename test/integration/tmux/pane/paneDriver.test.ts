import assert from 'node:assert/strict';
import type { TypingRules } from '../../../../src/core/agents/agentProfile';
import { ACCOUNTED, NO_CONTACT, withFirstPiece } from '../../../../src/core/messages/ownText';
import type { KeyGuard, PaneState } from '../../../../src/tmux/pane/paneDriver';
import type { TmuxSession } from '../../../../src/tmux/session/tmuxSession';
import { PrivateTmux } from '../../../support/tmux';
import { waitUntil } from '../../../support/waitUntil';

const rules: TypingRules = { mode: 'type', chunk: 400, gapMs: 15, submitKey: 'Enter', clearKeys: ['C-u'] };
const ID = 'cmd_abcdef';

describe('a pane in a real tmux', () => {
  let tmux: PrivateTmux;
  let session: TmuxSession;
  let pane: string;
  let fence: KeyGuard;

  const capture = async (): Promise<PaneState> => {
    const found = await session.panes.capture(pane);
    assert.ok(found);
    return found;
  };
  const shown = async (expected: string): Promise<void> => {
    const lines = async (): Promise<string[]> => (await capture()).screen.lines.map(({ text }) => text).filter(Boolean);
    await waitUntil(async () => (await lines()).includes(expected), 15_000, `the line "${expected}"`, {
      pauseMs: 20,
      details: async () => (await lines()).join('\n'),
    });
  };

  const ended = async (): Promise<PaneState | null> => {
    await waitUntil(async () => (await capture()).dead, 15_000, 'the end of its program');
    return session.panes.waitForExitStatus(pane);
  };

  before(async () => {
    tmux = new PrivateTmux();
    session = await tmux.session();
  });
  after(() => tmux.dispose());
  beforeEach(async () => {
    pane = await session.newWindow(10, 'cat', { argv: ['cat'] });
    await waitUntil(async () => (await capture()).command === 'cat', 15_000, 'its program');
    const { command, pid } = await capture();
    fence = { epoch: 1, command, pid };
  });
  afterEach(() => session.killPane(pane));

  for (const [what, text] of [
    ['a semicolon at the end', 'done;'],
    ['a backslash and a semicolon at the end', 'done\\;'],
    ['a key name', 'Enter'],
    ['a control key name', 'C-c'],
    ['a leading dash', '-X cancel'],
    ['a double dash', '--'],
    ['quotes and back-ticks', `'single' "double" \`id\``],
    ['variables and tildes', '$HOME ~/x ${PATH}'],
    ['tmux formats', '#{pane_id} #(id) #[fg=red] ##'],
    ['braces', '{ send-keys x } }{'],
    ['a backslash at the end', 'path\\'],
    ['percent signs as in a guard', '%end 1 2 3 %begin'],
    ['many languages', 'Größe 日本語 עברית 🌮 é'],
  ] as const) {
    it(`receives ${what} unchanged`, async () => {
      assert.equal(await session.panes.type(pane, text, rules.mode, ID, fence, NO_CONTACT), 'done');
      await shown(text);
    });
  }

  it('has the marker that was set in the same list as the keys', async () => {
    await session.panes.type(pane, 'x', rules.mode, ID, fence, NO_CONTACT);
    assert.deepEqual((await capture()).marker, { id: ID, phase: 'typing' });
    await session.panes.enter(pane, 'Enter', ID, fence);
    assert.deepEqual((await capture()).marker, { id: ID, phase: 'entered' });
  });

  it('keeps the state of the first keys for as long as its process runs', async () => {
    assert.deepEqual((await capture()).contact, NO_CONTACT);
    const owed = withFirstPiece(NO_CONTACT, 1_700_000_000_000);
    await session.panes.type(pane, '[', rules.mode, ID, fence, owed);
    assert.deepEqual((await capture()).contact, { proven: false, owed: 1, at: 1_700_000_000_000 });
    await session.panes.account(pane, fence);
    assert.deepEqual((await capture()).contact, ACCOUNTED);
    await session.respawn(pane, { argv: ['cat'] });
    assert.deepEqual((await capture()).contact, NO_CONTACT);
  });

  it('refuses the keys of a leader with an old epoch', async () => {
    assert.equal(
      await session.panes.type(pane, 'x', rules.mode, ID, { ...fence, epoch: 0 }, NO_CONTACT),
      'stale-leader',
    );
    assert.equal((await capture()).marker, null);
  });

  it('refuses keys once another process owns the pane', async () => {
    assert.equal(await session.panes.enter(pane, 'Enter', ID, { ...fence, command: 'claude' }), 'changed');
    assert.equal(await session.panes.enter(pane, 'Enter', ID, { ...fence, pid: 1 }), 'changed');
  });

  it('refuses keys in copy mode', async () => {
    tmux.tmux('copy-mode', '-t', pane);
    assert.equal(await session.panes.enter(pane, 'Enter', ID, fence), 'changed');
    assert.equal((await capture()).inMode, true);
    await session.panes.leaveMode(pane, 1);
    assert.equal((await capture()).inMode, false);
  });

  it('refuses Enter unless the screen still shows the text', async () => {
    await session.panes.type(pane, 'hello, #{world} } *x*', rules.mode, ID, fence, NO_CONTACT);
    await shown('hello, #{world} } *x*');
    assert.equal(await session.panes.enter(pane, 'Enter', ID, { ...fence, shows: 'goodbye' }), 'changed');
    assert.equal(await session.panes.enter(pane, 'Enter', ID, { ...fence, showsNot: ['#{world} }'] }), 'changed');
    assert.equal(
      await session.panes.enter(pane, 'Enter', ID, { ...fence, shows: 'o, #{world} } *x', showsNot: ['goodbye'] }),
      'done',
    );
  });

  it('differs from a pane that does not exist', async () => {
    assert.equal(await session.panes.capture('%9999'), null);
  });

  it('reports when its process ended, with its status and last lines', async () => {
    // tmux alone loses the output of 7 % of the programs that print and end at once, so this one ends later.
    await session.respawn(pane, { argv: ['sh', '-c', 'printf "\\nlast words\\n"; sleep 0.2; exit 3'] });
    const end = await ended();
    assert.deepEqual([end?.dead, end?.deadStatus], [true, '3']);
    await shown('last words');
  });

  it('reports which signal ended its process', async () => {
    await session.respawn(pane, { argv: ['sh', '-c', 'kill -9 $$'] });
    assert.equal((await ended())?.deadStatus, 'signal 9');
  });

  it('reports the status of every process, also when tmux misses its end', async function () {
    this.timeout(10_000);
    for (let status = 1; status <= 40; status++) {
      await session.respawn(pane, { argv: ['sh', '-c', `exit ${status}`] });
      assert.equal((await ended())?.deadStatus, String(status));
    }
  });

  it('clears the marker when another process is started in it', async () => {
    await session.panes.type(pane, 'x', rules.mode, ID, fence, NO_CONTACT);
    await session.respawn(pane, { argv: ['cat'] });
    assert.equal((await capture()).marker, null);
  });

  it('passes argv to its program without a shell', async () => {
    // A program that stays: tmux may lose the last output of one that ends at once.
    const print = 'process.stdout.write(process.argv[1] + "\\n"); setInterval(() => {}, 1000);';
    await session.respawn(pane, { argv: [process.execPath, '-e', print, 'a;b "c" $(id) #{x}'] });
    await shown('a;b "c" $(id) #{x}');
  });
});
