import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Team } from '../../src/orchestrator/teamClient';
import { claudeHome, CLAUDE_VERSIONS, ensureClaude } from '../support/claude';
import { sideReply, startMessagesApi, type MessagesApi } from '../support/messagesApi';
import { TestTeam } from '../support/team';

const version = CLAUDE_VERSIONS[1];

describe(`an agent of the real Claude Code ${version} in a worktree that is a new folder to it`, function () {
  this.timeout(90_000);
  let bed: TestTeam;
  let api: MessagesApi;
  let team: Team;

  before(async function () {
    this.timeout(600_000);
    const claude = await ensureClaude(version);
    bed = new TestTeam();
    const git = (...args: string[]): unknown => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: bed.project, env: bed.env });
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    api = await startMessagesApi({ reply: (request) => (request.kind === 'side' ? sideReply : { text: 'Noted.' }) });
    const agentEnv = await claudeHome({ home: join(bed.dir, 'claude-home'), workspaces: [bed.project], baseUrl: api.url });
    team = await bed.open();
    await bed.engine(team, { agentCommand: claude, agentEnv: Object.fromEntries(Object.entries(agentEnv).filter(([name]) => name !== 'PATH')), autoApprove: true });
    const plan = { agents: [{ window: 2, name: 'apart', role: 'Works apart', worktree: true, depends_on: [], notifies: [], wait_for: [] }] };
    await team.request({ kind: 'start', goal: 'work', plan: JSON.stringify(plan) });
  });
  after(async () => {
    await bed.dispose();
    await api.close();
  });

  it('is not asked anew whether it may trust it, since it trusts the repository: it has its task', async () => {
    const { agents } = await bed.until(team, 'its task received', 60, ({ messages }) => messages.some(({ target, type, state }) => type === 'task' && target.endsWith(':2') && state === 'received'));
    assert.match(agents[1]?.workspace ?? '', /\/worktrees\/.*\/apart$/);
    const asked = (): boolean => api.requests.some(({ prompts }) => prompts.some((prompt) => prompt.includes('Your task: Works apart')));
    // Its hook speaks before the request is made.
    for (let tries = 0; tries < 200 && !asked(); tries++) await new Promise((done) => setTimeout(done, 50));
    assert.ok(asked());
  });
});
