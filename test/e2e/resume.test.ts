import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../src/core/team/snapshot';
import type { Team } from '../../src/team/team';
import { CLAUDE_VERSIONS } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type MessagesApi, type ModelRequest } from '../support/clis/messagesApi';
import type { TestTeam } from '../support/team';
import { waitUntil } from '../support/waitUntil';

const SECRET = 'The password of the staging server is Heron-42.';

for (const version of CLAUDE_VERSIONS) {
  describe(`resuming a team of the real Claude Code ${version} after tmux kill-server`, function () {
    this.timeout(90_000);
    let claude: ClaudeTeam;
    let bed: TestTeam;
    let api: MessagesApi;
    let team: Team;
    let earlier: Snapshot;

    before(async function () {
      this.timeout(600_000);
      claude = await claudeTeam({
        version,
        reply: (request) => (request.kind === 'side' ? sideReply : { text: 'Noted.' }),
        settings: { autoApprove: true },
      });
      ({ bed, api, team } = claude);
      const plan = {
        agents: [
          { window: 2, name: 'keeper', role: 'Keeps what it is told', depends_on: [], notifies: [], wait_for: [] },
        ],
      };
      await team.request({ kind: 'start', goal: 'remember', plan: JSON.stringify(plan) });
      await bed.until(team, 'running', 60, ({ session }) => session?.phase === 'running');
    });
    after(() => claude.dispose());

    it('gives the model the whole earlier conversation', async () => {
      const [sent] = await team.send({ from: { kind: 'user' }, to: 'keeper', text: SECRET });
      assert.equal((await team.waitFor(sent?.id ?? '', 'received', 90_000)).state, 'received');
      earlier = await bed.until(
        team,
        'all at rest',
        30,
        ({ agents, messages }) =>
          agents.every(({ status }) => status === 'idle') && messages.every(({ state }) => state === 'received'),
      );
      await bed.killServer();
      await bed.until(team, 'lost', 10, ({ session }) => session?.phase === 'lost');
      const [asked] = await team.send({ from: { kind: 'user' }, to: 'keeper', text: 'What is the password?' });
      await team.request({ kind: 'resume' });
      await bed.until(team, 'running again', 40, ({ session }) => session?.phase === 'running');
      assert.equal((await team.waitFor(asked?.id ?? '', 'received', 90_000)).state, 'received');
      const question = (): ModelRequest | undefined =>
        api.requests.find((request) => request.prompts.some((prompt) => prompt.includes('What is the password?')));
      await waitUntil(question, 20_000, 'the question at the model');
      assert.ok(
        JSON.stringify(question()?.body).includes('Heron-42'),
        'the request holds what was said before tmux ended',
      );
    });

    it('keeps the names, windows and conversations', async () => {
      const { agents } = await team.snapshot();
      assert.deepEqual(
        agents.map(({ window, name, sessionId }) => [window, name, sessionId]),
        earlier.agents.map(({ window, name, sessionId }) => [window, name, sessionId]),
      );
    });

    it('begins a new conversation, and reports that, when the old one was deleted', async () => {
      const keeper = (await team.snapshot()).agents.find(({ name }) => name === 'keeper');
      // A running CLI, and one that ends normally, writes the file again.
      process.kill(Number(bed.tmux('display-message', '-p', '-t', keeper?.pane ?? '', '#{pane_pid}')), 'SIGKILL');
      await bed.until(team, 'ended', 10, ({ agents }) =>
        agents.some(({ name, status }) => name === 'keeper' && status === 'exited'),
      );
      const projects = join(bed.dir, 'claude-home', '.claude', 'projects');
      const [file] = readdirSync(projects, { recursive: true }).filter((each) =>
        String(each).endsWith(`${keeper?.sessionId}.jsonl`),
      );
      rmSync(join(projects, String(file)));
      await team.request({ kind: 'relaunch', window: 2 });
      await bed.until(team, 'it told', 10, ({ activity }) =>
        activity.some(({ text }) => text.includes('keeper begins a new conversation')),
      );
      const [sent] = await team.send({ from: { kind: 'user' }, to: 'keeper', text: 'And now?' });
      assert.equal((await team.waitFor(sent?.id ?? '', 'received', 90_000)).state, 'received');
      assert.notEqual(
        (await team.snapshot()).agents.find(({ name }) => name === 'keeper')?.sessionId,
        keeper?.sessionId,
      );
    });

    it('relaunches Mother with her conversation and her knowledge of the team', async () => {
      const [sent] = await team.send({ from: { kind: 'user' }, to: 'mother', text: 'The release is called Bittern.' });
      assert.equal((await team.waitFor(sent?.id ?? '', 'received', 90_000)).state, 'received');
      await bed.until(team, 'Mother at rest', 30, ({ agents }) => agents[0]?.status === 'idle');
      await team.request({ kind: 'relaunch', window: 0 });
      const news = (): ModelRequest | undefined =>
        api.requests.find(({ kind, prompts }) => kind !== 'side' && prompts.at(-1)?.includes('You were relaunched'));
      await waitUntil(news, 40_000, 'the news at the model');
      const body = JSON.stringify(news()?.body);
      assert.ok(
        body.includes('Bittern') && body.includes('keeper (AGENT-2)'),
        `the request holds what was said before, and the team; got ${body?.slice(0, 2000)}`,
      );
    });
  });
}
