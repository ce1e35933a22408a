import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { Team } from '../../src/team/team';
import { CLAUDE_VERSIONS } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type MessagesApi } from '../support/clis/messagesApi';
import type { TestTeam } from '../support/team';
import { waitUntil } from '../support/waitUntil';

const version = CLAUDE_VERSIONS[1];

describe(`an agent of the real Claude Code ${version} in a worktree in a new folder`, function () {
  this.timeout(90_000);
  let claude: ClaudeTeam;
  let bed: TestTeam;
  let api: MessagesApi;
  let team: Team;

  before(async function () {
    this.timeout(600_000);
    const prepare = ({ project, env }: TestTeam): void => {
      const git = (...args: string[]): unknown =>
        execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: project, env });
      git('init', '-q');
      git('commit', '-q', '--allow-empty', '-m', 'first');
    };
    claude = await claudeTeam({
      version,
      reply: (request) => (request.kind === 'side' ? sideReply : { text: 'Noted.' }),
      settings: { autoApprove: true },
      prepare,
    });
    ({ bed, api, team } = claude);
    const plan = {
      agents: [
        { window: 2, name: 'apart', role: 'Works apart', worktree: true, depends_on: [], notifies: [], wait_for: [] },
      ],
    };
    await team.request({ kind: 'start', goal: 'work', plan: JSON.stringify(plan) });
  });
  after(() => claude.dispose());

  it('gets its task without a trust dialog, since it trusts the repository', async () => {
    const { agents } = await bed.until(team, 'its task received', 60, ({ messages }) =>
      messages.some(({ target, type, state }) => type === 'task' && target.endsWith(':2') && state === 'received'),
    );
    assert.match(agents[1]?.workspace ?? '', /\/worktrees\/.*\/apart$/);
    const asked = (): boolean =>
      api.requests.some(({ prompts }) => prompts.some((prompt) => prompt.includes('Your task: Works apart')));
    // Its hook reports before the request is made.
    await waitUntil(asked, 20_000, 'the task at the model');
  });
});
