import assert from 'node:assert/strict';
import type { Snapshot } from '../../src/core/team/snapshot';
import type { Team } from '../../src/team/team';
import { NEWEST_CLAUDE } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type MessagesApi, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import type { TestTeam } from '../support/team';
import { waitUntil } from '../support/waitUntil';

const WINDOW = 2;
const PLAN = JSON.stringify({
  agents: [{ window: WINDOW, name: 'api', role: 'Builds', depends_on: [], notifies: [], wait_for: [] }],
});
const isCompaction = (request: ModelRequest): boolean =>
  request.prompts.some((prompt) => /detailed summary of (?:the|this|our) conversation/i.test(prompt));

function model(request: ModelRequest): Reply {
  if (isCompaction(request)) return { text: '<summary>All was said.</summary>' };
  if (request.kind === 'side') return sideReply;
  if (request.prompts.some((prompt) => prompt.endsWith('ask me')))
    return { tools: [{ name: 'Bash', input: { command: 'touch made', description: 'Make a file' } }] };
  return { text: 'Understood.' };
}

describe(`slash commands for a real Claude Code ${NEWEST_CLAUDE}`, function () {
  this.timeout(120_000);
  let claude: ClaudeTeam;
  let bed: TestTeam;
  let api: MessagesApi;
  let team: Team;

  before(async function () {
    this.timeout(600_000);
    claude = await claudeTeam({ version: NEWEST_CLAUDE, reply: model, settings: { autoApprove: true } });
    ({ bed, api, team } = claude);
    await team.request({ kind: 'start', goal: 'x', plan: PLAN });
    await atRest();
  });
  after(() => claude.dispose());

  const atRest = (): Promise<Snapshot> =>
    bed.until(
      team,
      'all at rest',
      60,
      ({ session, agents, messages }) =>
        session?.phase === 'running' &&
        agents.every(({ status }) => status === 'idle') &&
        messages.length > 0 &&
        messages.every(({ state }) => ['received', 'delivered', 'dropped'].includes(state)),
    );
  const send = async (text: string, type: 'slash' | 'tmux_message' = 'tmux_message'): Promise<string> => {
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'api', text, type });
    assert.ok(sent);
    return sent.id;
  };

  it('runs /compact once and delivers the next message', async () => {
    const id = await send('/compact', 'slash');
    await bed.until(team, 'delivered', 30, ({ messages }) =>
      messages.some((message) => message.id === id && message.state === 'delivered'),
    );
    assert.equal((await team.waitFor(await send('after the compaction'), 'received', 90_000)).state, 'received');
    assert.equal(api.requests.filter(isCompaction).length, 1);
  });

  it('runs /clear once: the next message begins a new conversation', async () => {
    const id = await send('/clear', 'slash');
    await bed.until(team, 'delivered', 30, ({ messages }) =>
      messages.some((message) => message.id === id && message.state === 'delivered'),
    );
    await team.waitFor(await send('after the clearing'), 'received', 90_000);
    const found = await waitUntil(
      () => api.requests.find(({ prompts }) => prompts.some((text) => text.endsWith('after the clearing'))),
      30_000,
      'the request after the clearing',
    );
    assert.ok(!JSON.stringify(found.body).includes('after the compaction'));
  });

  it('never types a held message that the user dropped, and delivers the one behind it', async () => {
    await team.waitFor(await send('ask me'), 'received', 90_000);
    await bed.until(team, 'a dialog', 30, ({ needs }) => needs.length > 0);
    const first = await send('dropped while the dialog is open');
    const second = await send('stands behind it');
    await bed.until(team, 'held', 20, ({ messages }) =>
      messages.some((message) => message.id === first && message.state === 'held'),
    );
    await team.drop(first);
    const { needs } = await team.snapshot();
    await team.answer(needs[0]?.id ?? '', { kind: 'deny', note: '' });
    assert.equal((await team.waitFor(second, 'received', 90_000)).state, 'received');
    assert.equal((await team.message(first))?.state, 'dropped');
    assert.deepEqual(
      api.received().filter((text) => text.includes('dropped while')),
      [],
    );
  });
});
