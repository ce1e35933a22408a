import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Team } from '../../src/team/team';
import { claudeHome, CLAUDE_VERSIONS, ensureClaude } from '../support/clis/claude';
import { sideReply, startMessagesApi, type MessagesApi } from '../support/clis/messagesApi';
import { TestTeam } from '../support/team';
import { waitUntil } from '../support/waitUntil';

for (const version of CLAUDE_VERSIONS) {
  describe(`a real Claude Code ${version} that the user started by hand`, function () {
    this.timeout(120_000);
    let bed: TestTeam;
    let api: MessagesApi;
    let team: Team;

    after(async () => {
      await bed?.dispose();
      await api?.close();
    });

    it('is adopted, gets a message exactly, and keeps its conversation when it is relaunched', async function () {
      const claude = await ensureClaude(version);
      bed = new TestTeam();
      api = await startMessagesApi({ reply: (request) => (request.kind === 'side' ? sideReply : { text: 'Noted.' }) });
      const home = await claudeHome({
        home: join(bed.dir, 'claude-home'),
        workspaces: [bed.project],
        baseUrl: api.url,
      });
      const agentEnv = Object.fromEntries(Object.entries(home).filter(([name]) => name !== 'PATH'));
      team = await bed.open();
      await bed.engine(team, { agentCommand: claude, agentEnv, autoApprove: true });
      const plan = { agents: [{ window: 2, name: 'keeper', role: 'Keeps what it is told' }] };
      await team.request({ kind: 'start', goal: 'adopt', plan: JSON.stringify(plan) });
      await bed.until(team, 'running', 60, ({ session }) => session?.phase === 'running');

      const conversation = randomUUID();
      const environment = Object.entries(home).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
      bed.tmux(
        'new-session',
        '-d',
        '-s',
        'mine',
        '-x',
        '160',
        '-y',
        '48',
        '-c',
        bed.project,
        ...environment,
        'env',
        claude,
        '--permission-mode',
        'default',
        '--session-id',
        conversation,
      );
      const pane = bed.tmux('list-panes', '-t', '=mine:', '-F', '#{pane_id}').trim();
      await waitUntil(() => bed.tmux('capture-pane', '-p', '-t', pane).includes('❯'), 40_000, 'its composer');
      await new Promise((done) => setTimeout(done, 1000)); // it draws its input box before it reads keys
      await team.request({ kind: 'adopt', pane, name: 'byhand', conversation });
      await bed.until(team, 'adopted', 10, ({ agents }) =>
        agents.some((agent) => agent.name === 'byhand' && agent.pane === pane && agent.profile === 'claude'),
      );

      const text = 'Remember the word Heron-42; and `this` too\\';
      const [sent] = await team.send({ from: { kind: 'user' }, to: 'byhand', text });
      assert.equal((await team.waitFor(sent?.id ?? '', 'delivered', 60_000)).state, 'delivered');
      await waitUntil(
        () => api.received().includes(`[USER → AGENT-3]: ${text}`),
        20_000,
        'the exact text at the model',
      );

      // Without hooks it is still idle on record while the model answers: a relaunch would end its turn unsaved.
      await waitUntil(
        () => bed.tmux('capture-pane', '-p', '-t', pane).includes('Noted.'),
        30_000,
        'the answer on its screen',
      );
      await bed.until(team, 'idle', 30, ({ agents }) =>
        agents.some(({ name, status }) => name === 'byhand' && status === 'idle'),
      );
      await team.request({ kind: 'relaunch', window: 3 });
      // Until the relaunch it runs as the user started it, and an early message is `delivered` to that process.
      await bed.until(team, 'relaunched', 30, ({ agents }) =>
        agents.some(({ name, adopted }) => name === 'byhand' && adopted !== true),
      );
      const [asked] = await team.send({ from: { kind: 'user' }, to: 'byhand', text: 'Which word?' });
      assert.equal((await team.waitFor(asked?.id ?? '', 'received', 60_000)).state, 'received');
      const question = (): string =>
        JSON.stringify(
          api.requests.find((request) => request.prompts.some((prompt) => prompt.includes('Which word?')))?.body ?? '',
        );
      await waitUntil(() => question() !== '""', 20_000, 'the question at the model');
      assert.match(question(), /Heron-42/);
    });
  });
}
