import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ACCOUNTED, withFirstPiece } from '../../../../src/core/messages/ownText';
import { systemClock } from '../../../../src/environment/systemClock';
import { scriptedProfile } from '../../../../src/profiles/scripted';
import { ComposerTyping, type PaneObservation, type TypingJob } from '../../../../src/tmux/delivery/composerTyping';
import type { TmuxSession } from '../../../../src/tmux/session/tmuxSession';
import { PrivateTmux } from '../../../support/tmux';
import { waitUntil } from '../../../support/waitUntil';

const PROGRAM = resolve('test/fixtures/late-drawing.mjs');
/** Its digits would select a choice in a dialog. */
const TEXT = '[USER → AGENT-2]: step 1 of 2';

describe('typing into an input box', function () {
  this.timeout(60_000);
  let tmux: PrivateTmux;
  let session: TmuxSession;
  let typing: ComposerTyping;
  let job: TypingJob;
  let answer: string;

  const until = async (what: string, is: (sight: PaneObservation) => boolean): Promise<PaneObservation> => {
    return await waitUntil(
      async () => {
        const sight = await typing.see(job);
        return sight && is(sight) ? sight : null;
      },
      8000,
      what,
      { pauseMs: 20 },
    );
  };
  /** Lets the agent begin a dialog or a draft without drawing it. */
  const begin = async ({ state }: PaneObservation, signal: NodeJS.Signals): Promise<void> => {
    process.kill(state.pid, signal);
    await waitUntil(() => existsSync(`${answer}.begun`), 15_000, 'the beginning');
  };
  const draft = (sight: PaneObservation): string | undefined => sight.reading.composer?.text;

  before(async () => {
    tmux = new PrivateTmux();
    session = await tmux.session();
    typing = new ComposerTyping(session.panes, systemClock);
  });
  after(() => tmux.dispose());
  beforeEach(async () => {
    answer = join(tmux.dir, `answer-${Math.random()}`);
    const pane = await session.newWindow(10, 'agent', { argv: [process.execPath, PROGRAM, answer] });
    job = { id: 'cmd_abcdef', mark: 'cmd_abcdef', pane, profile: scriptedProfile, text: TEXT, epoch: 1 };
  });
  afterEach(() => session.killPane(job.pane));

  it('ends with the whole text in the input box', async () => {
    const empty = await until('the composer', ({ reading }) => reading.kind === 'ready');
    assert.equal((await typing.type(job, empty)).kind, 'typed');
    assert.equal(draft(await until('the text', (sight) => draft(sight) !== '')), TEXT);
  });

  it('never answers a dialog that has opened and is not drawn yet', async () => {
    const empty = await until('the composer', ({ reading }) => reading.kind === 'ready');
    await begin(empty, 'SIGUSR1');
    assert.equal((await typing.see(job))?.reading.kind, 'ready', 'nothing of the dialog is drawn');
    assert.equal((await typing.type(job, empty)).kind, 'interrupted');
    await until('the dialog', ({ reading }) => reading.kind === 'dialog');
    assert.equal(existsSync(answer), false);
  });

  it('leaves a draft that has begun and is not drawn yet unchanged', async () => {
    const empty = await until('the composer', ({ reading }) => reading.kind === 'ready');
    await begin(empty, 'SIGUSR2');
    assert.equal(draft((await typing.see(job))!), '', 'nothing of the draft is drawn');
    assert.equal((await typing.type(job, empty)).kind, 'interrupted');
    await until('the draft alone', (sight) => draft(sight) === 'a');
  });

  it('leaves a draft of several rows that is not drawn yet unchanged', async () => {
    const words = 'words of the user '.repeat(12).trim();
    await session.killPane(job.pane);
    job = { ...job, pane: await session.newWindow(11, 'agent', { argv: [process.execPath, PROGRAM, answer, words] }) };
    const empty = await until('the composer', ({ reading }) => reading.kind === 'ready');
    await begin(empty, 'SIGUSR2');
    assert.equal(draft((await typing.see(job))!), '', 'nothing of the draft is drawn');
    assert.equal((await typing.type(job, empty)).kind, 'interrupted');
    const rows = (sight: PaneObservation): readonly string[] => sight.reading.composer?.rows ?? [];
    const drawn = await until('the draft alone', (sight) => rows(sight).join('').endsWith('user'));
    assert.ok(rows(drawn).length > 1);
  });

  it("treats text that it could not remove as TACO's", async () => {
    const empty = await until('the composer', ({ reading }) => reading.kind === 'ready');
    await typing.type(job, empty);
    const deaf = { ...job, profile: { ...scriptedProfile, typing: { ...scriptedProfile.typing, clearKeys: ['F12'] } } };
    assert.equal(await typing.clear(deaf), 'interrupted');
    assert.deepEqual((await typing.see(job))?.state.marker, { id: job.mark, phase: 'typing' });
    assert.equal(await typing.clear(job), 'empty');
  });

  it("treats late adjacent probes as TACO's, and the same text as a draft when it typed none", async () => {
    await until('the composer', ({ reading }) => reading.kind === 'ready');
    for (const probes of ['[', '[[']) {
      const sight = (await typing.see(job))!;
      const contact = withFirstPiece(sight.state.contact, Date.now());
      await session.panes.type(job.pane, '[', 'type', job.mark, typing.fence(job, sight), contact);
      await until(probes, (now) => draft(now) === probes);
    }
    assert.equal(await typing.clear({ ...job, mark: 'cmd_another', text: '' }), 'empty');
    assert.deepEqual((await typing.see(job))?.state.contact, ACCOUNTED);
    tmux.tmux('send-keys', '-t', job.pane, '-l', '[[');
    await until('a draft', (now) => draft(now) === '[[');
    assert.equal(await typing.clear(job), 'foreign');
  });
});
