import assert from 'node:assert/strict';
import type { Plan } from '../../src/core/models';
import type { Snapshot } from '../../src/core/team/snapshot';
import type { Team } from '../../src/team/team';
import { CLAUDE_VERSIONS, ensureClaude } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type MessagesApi, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import { TestTeam } from '../support/team';
import { waitUntil } from '../support/waitUntil';

const PLAN: Plan = {
  agents: [
    {
      window: 2,
      name: 'designer',
      role: 'Designs the API',
      task: 'Design the API',
      depends_on: [],
      notifies: ['builder'],
      wait_for: [],
    },
    {
      window: 3,
      name: 'builder',
      role: 'Builds the server',
      task: 'Build the server',
      depends_on: ['designer'],
      notifies: ['tester'],
      wait_for: ['designer'],
    },
    {
      window: 4,
      name: 'tester',
      role: 'Tests the server',
      task: 'Wait for the builder',
      depends_on: [],
      notifies: [],
      wait_for: [],
    },
  ],
};
const MESSAGE = 'API ready: GET /todos; see `docs/api.md` ($HOME stays), quotes "x" and \'y\'';

/** The replies of the model; the system prompt identifies each agent. */
function model(request: ModelRequest): Reply {
  if (request.kind === 'side') return sideReply;
  const prompt = request.prompts.join('\n');
  if (request.system.includes('You are Mother')) {
    if (!prompt.includes('Plan a team')) return { text: 'Good.' };
    return { text: `Here is the plan.\nAGENT_SPEC_JSON_START\n${JSON.stringify(PLAN, null, 2)}\nAGENT_SPEC_JSON_END` };
  }
  if (request.toolResults.length > 0) return { text: 'Done with that.' };
  if (request.system.includes('You are designer') && prompt.includes('Your task')) {
    const text = MESSAGE.replaceAll("'", `'\\''`);
    return {
      tools: [
        { name: 'Bash', input: { command: `taco send builder '${text}'` } },
        { name: 'Bash', input: { command: 'taco done "the API is designed"' } },
      ],
    };
  }
  return { text: 'Understood.' };
}

for (const version of CLAUDE_VERSIONS) {
  describe(`a team of the real Claude Code ${version} with a simulated model`, function () {
    this.timeout(120_000);
    let claude: ClaudeTeam;
    let bed: TestTeam;
    let api: MessagesApi;
    let team: Team;
    let running: Snapshot;

    before(async function () {
      this.timeout(600_000);
      claude = await claudeTeam({ version, reply: model });
      ({ bed, api, team } = claude);
    });
    after(() => claude.dispose());

    it('does not start when the CLI is not logged in', async () => {
      const otherTeam = new TestTeam();
      try {
        const lonely = await otherTeam.open();
        await otherTeam.engine(lonely, { agentCommand: await ensureClaude(version) });
        await lonely.request({ kind: 'start', goal: 'x' });
        const { session } = await otherTeam.until(
          lonely,
          'failed',
          30,
          (snapshot) => snapshot.session?.phase === 'failed',
        );
        assert.match(session?.detail ?? '', /is installed but not logged in/);
        assert.throws(() => otherTeam.tmux('list-sessions'));
      } finally {
        await otherTeam.dispose();
      }
    });

    it('asks Mother for a plan and submits her plan to the user', async () => {
      await team.request({ kind: 'start', goal: 'a todo server; with "quotes" and $HOME' });
      const { plan, agents } = await bed.until(
        team,
        'a plan under review',
        60,
        ({ session }) => session?.phase === 'review' || session?.phase === 'failed',
      );
      assert.deepEqual(plan?.plan, PLAN);
      assert.deepEqual([plan?.status, agents.map(({ name }) => name)], ['proposed', ['mother']]);
      assert.ok(api.received().some((prompt) => prompt.includes('a todo server; with "quotes" and $HOME')));
    });

    it('launches each agent in its window after the plan is approved', async () => {
      await team.request({ kind: 'approve', plan: PLAN });
      running = await bed.until(team, 'running', 60, ({ session }) => session?.phase === 'running');
      assert.deepEqual(
        running.agents.map(({ window, name }) => [window, name]),
        [
          [0, 'mother'],
          [2, 'designer'],
          [3, 'builder'],
          [4, 'tester'],
        ],
      );
      const windows = bed
        .tmux('list-windows', '-t', `=${running.session?.tmux_session ?? ''}`, '-F', '#{window_index}:#{window_name}')
        .trim()
        .split('\n');
      assert.deepEqual(windows, ['0:Mother', '1:Monitor', '2:designer', '3:builder', '4:tester']);
    });

    it('delivers a message of `taco send` to another agent, whose model gets it exactly', async () => {
      const wanted = `[AGENT-2 → AGENT-3]: ${MESSAGE}`;
      await bed.until(team, 'the message received', 60, ({ messages }) =>
        messages.some(({ message, state }) => message === wanted && state === 'received'),
      );
      // The hook reports before the model is called.
      await waitUntil(() => api.received().filter((prompt) => prompt === wanted).length === 1);
    });

    it('holds the opening task of a dependent agent until the other one reports done', async () => {
      const { messages } = await bed.until(
        team,
        'every message received',
        60,
        ({ messages, agents }) =>
          agents.some(({ name, done }) => name === 'designer' && done) &&
          messages.length >= 7 &&
          messages.every(({ state }) => state === 'received'),
      );
      const task = messages.find(({ target, type }) => type === 'task' && target.endsWith(':3'));
      assert.ok(task?.history.some(({ state, reason }) => state === 'held' && reason === 'waiting'));
      await waitUntil(() => {
        const [designed, built] = ['Design the API', 'Build the server'].map((task) =>
          api.received().findIndex((text) => text.includes(task)),
        );
        return designed !== undefined && built !== undefined && designed >= 0 && designed < built;
      });
    });

    it('delivers every text to the models once', async () => {
      const texts = api.received().filter((prompt) => /^\[[A-Z0-9-]+ → /.test(prompt));
      assert.deepEqual(
        texts.filter((text, index) => texts.indexOf(text) !== index),
        [],
      );
    });

    it('ends everything on stop', async () => {
      await team.request({ kind: 'stop' });
      await bed.until(team, 'no session', 20, ({ session }) => session === null);
      assert.throws(() => bed.tmux('has-session', '-t', `=${running.session?.tmux_session ?? ''}`));
    });
  });
}
