import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SentMessage } from '../../../../src/core/team/teamClient';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';
import { waitUntil } from '../../../support/waitUntil';

describe('an unreadable screen', function () {
  this.timeout(40_000);
  let bed: TestTeam;
  let team: Team;
  let pane: string;

  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv: { TACO_SCRIPTED_QUIET: '1' } });
    const plan = { agents: [{ window: 2, name: 'one', role: 'takes messages' }] };
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify(plan) });
    const { agents } = await bed.until(
      team,
      'at rest',
      20,
      (snapshot) =>
        snapshot.messages.length > 0 &&
        snapshot.messages.every(({ state }) => state === 'received') &&
        snapshot.agents.every(({ status }) => status === 'idle'),
    );
    pane = agents.find(({ name }) => name === 'one')?.pane ?? '';
  });
  afterEach(() => bed.dispose());

  const size = (): string =>
    bed.tmux('display-message', '-p', '-t', pane, '#{window_width}x#{window_height} #{window-size}').trim();
  const send = async (text: string): Promise<SentMessage> =>
    (await team.send({ from: { kind: 'user' }, to: 'one', text }))[0] as SentMessage;
  const held = (id: string, why: string): Promise<unknown> =>
    bed.until(team, `held ${why}`, 10, ({ messages }) =>
      messages.some((message) => message.id === id && message.state === 'held' && message.reason === why),
    );
  const shown = async (text: string): Promise<void> => {
    await waitUntil(() => bed.screen(pane).includes(text), 15_000, `"${text}"`, { pauseMs: 20 });
  };
  /** Writes like another process to the agent's terminal. */
  const scribble = (text: string): void =>
    writeFileSync(bed.tmux('display-message', '-p', '-t', pane, '#{pane_tty}').trim(), text);

  it('is redrawn, and the message that waits for it is delivered', async () => {
    const before = size();
    scribble(`\u001b[H${'what the agent never wrote\r\n'.repeat(47)}`);
    await shown('what the agent never wrote');
    const { id } = await send('through the scribble');
    await held(id, 'no-composer');
    assert.equal((await team.waitFor(id, 'received', 20_000)).state, 'received', bed.describe(await team.snapshot()));
    assert.equal(size(), before, 'the terminal has its size again');
  });

  it('gets a usable size when a small terminal has left it behind', async () => {
    bed.tmux('resize-window', '-t', pane, '-x', '10', '-y', '2');
    bed.tmux('set-option', '-w', '-t', pane, 'window-size', 'latest');
    await sleep(500);
    const { id } = await send('into the small window');
    assert.equal((await team.waitFor(id, 'received', 20_000)).state, 'received', bed.describe(await team.snapshot()));
    assert.equal(size(), '160x48 latest');
  });

  it('is not redrawn when it shows a user’s draft', async () => {
    const before = size();
    bed.tmux('send-keys', '-t', pane, '-l', 'half a thought');
    await shown('half a thought');
    const { id } = await send('not now');
    await held(id, 'draft');
    for (let tries = 0; tries < 50; tries++) {
      assert.equal(size(), before);
      await sleep(100);
    }
    assert.equal((await team.message(id))?.state, 'held');
  });
});
