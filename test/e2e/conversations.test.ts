import assert from 'node:assert/strict';
import type { AgentView, Snapshot } from '../../src/core/team/snapshot';
import type { Team } from '../../src/team/team';
import { NEWEST_CLAUDE } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type MessagesApi, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import type { TestTeam } from '../support/team';

const WINDOW = 2;
const PLAN = JSON.stringify({
  agents: [
    {
      window: WINDOW,
      name: 'api',
      role: 'Builds',
      permission_mode: 'manual',
      depends_on: [],
      notifies: [],
      wait_for: [],
    },
  ],
});

function model(request: ModelRequest): Reply {
  if (request.kind === 'side') return sideReply;
  if (request.prompts.some((prompt) => prompt.endsWith('ask me')))
    return { tools: [{ name: 'Bash', input: { command: 'touch made', description: 'Make a file' } }] };
  return { text: 'Understood.' };
}

describe(`the conversation and the permission mode that a real Claude Code ${NEWEST_CLAUDE} shows`, function () {
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
    await idle();
  });
  after(() => claude.dispose());

  const agentOf = ({ agents }: Snapshot): AgentView | undefined => agents.find(({ window }) => window === WINDOW);
  const idle = async (): Promise<AgentView> => {
    const snapshot = await bed.until(
      team,
      'idle',
      60,
      (seen) => seen.session?.phase === 'running' && agentOf(seen)?.status === 'idle' && agentOf(seen)?.waiting === 0,
    );
    return agentOf(snapshot) as AgentView;
  };
  const say = async (text: string): Promise<void> => {
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'api', text });
    await team.waitFor(sent?.id ?? '', 'received', 40_000);
  };
  const type = async (...keys: readonly string[]): Promise<void> => {
    const { pane } = await idle();
    for (const key of keys) {
      bed.tmux('send-keys', '-t', pane, ...(key.startsWith('/') ? ['-l', '--', `${key} `] : [key]));
      await new Promise((done) => setTimeout(done, 500));
    }
  };

  it('is followed after /clear: state, requests, relaunch', async () => {
    await say('before the clearing');
    const before = await idle();
    await type('/clear', 'Enter');
    const cleared = agentOf(
      await bed.until(team, 'another conversation', 20, (seen) => agentOf(seen)?.sessionId !== before.sessionId),
    );
    await say('ask me');
    const { needs } = await bed.until(team, 'the request', 30, ({ needs: open }) => open.length > 0);
    await bed.until(team, 'needs input', 10, (seen) => agentOf(seen)?.status === 'needs-input');
    await team.answer(needs[0]?.id ?? '', { kind: 'deny', note: '' });
    assert.equal((await idle()).sessionId, cleared?.sessionId);
    await team.request({ kind: 'relaunch', window: WINDOW });
    await say('after the relaunch');
    assert.equal((await idle()).sessionId, cleared?.sessionId);
    const last = api.requests.findLast(({ prompts }) => prompts.some((text) => text.endsWith('after the relaunch')));
    const body = JSON.stringify(last?.body);
    assert.ok(body.includes('ask me') && !body.includes('before the clearing'));
  });

  it('starts a new conversation when it is relaunched right after /clear', async () => {
    await type('/clear', 'Enter');
    await bed.until(team, 'cleared', 20, (seen) => agentOf(seen)?.begun === false);
    await team.request({ kind: 'relaunch', window: WINDOW });
    await say('into the new one');
    await idle();
    const last = api.requests.findLast(({ prompts }) => prompts.some((text) => text.endsWith('into the new one')));
    assert.ok(!JSON.stringify(last?.body).includes('after the relaunch'));
  });

  it('is shown with the mode in which the agent runs', async () => {
    assert.equal((await idle()).permissionMode, 'default');
    await type('BTab');
    await say('in another mode');
    assert.equal((await idle()).permissionMode, 'acceptEdits');
  });
});
