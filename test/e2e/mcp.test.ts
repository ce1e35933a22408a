import assert from 'node:assert/strict';
import type { Plan } from '../../src/core/models';
import type { Team } from '../../src/team/team';
import { CLAUDE_VERSIONS } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import type { TestTeam } from '../support/team';

const PLAN: Plan = {
  agents: [
    { window: 2, name: 'api', role: 'Builds the API', task: 'Build it', depends_on: [], notifies: [], wait_for: [] },
    { window: 3, name: 'qa', role: 'Tests the API', task: 'Test it', depends_on: [], notifies: [], wait_for: ['api'] },
  ],
};
const TEXT = 'tools work: `$HOME`; "quotes", \'more\'\nand a second line\\';

for (const version of CLAUDE_VERSIONS) {
  describe(`the real Claude Code ${version} with TACO's tools`, function () {
    this.timeout(90_000);
    let claude: ClaudeTeam;
    let bed: TestTeam;
    let team: Team;
    const requests: ModelRequest[] = [];

    function model(request: ModelRequest): Reply {
      if (request.kind === 'side') return sideReply;
      requests.push(request);
      const prompt = request.prompts.join('\n');
      if (request.toolResults.length > 0) return { text: 'Done with that.' };
      if (request.system.includes('You are api') && prompt.includes('Your task')) {
        return {
          tools: [
            { name: 'mcp__taco__send_message', input: { to: 'qa', text: TEXT } },
            { name: 'mcp__taco__allocate_port', input: { count: 2 } },
            { name: 'mcp__taco__report_done', input: { summary: 'built' } },
          ],
        };
      }
      return { text: 'Understood.' };
    }

    before(async function () {
      this.timeout(600_000);
      claude = await claudeTeam({ version, reply: model });
      ({ bed, team } = claude);
    });
    after(() => claude.dispose());

    it('starts without a dialog, calls them without permission, and acts as if it had run the command', async () => {
      await team.request({
        kind: 'start',
        goal: 'x',
        plan: `AGENT_SPEC_JSON_START\n${JSON.stringify(PLAN)}\nAGENT_SPEC_JSON_END`,
      });
      await bed.until(team, 'a plan under review', 60, ({ session }) => session?.phase === 'review');
      await team.request({ kind: 'approve', plan: PLAN });
      const asked: string[] = [];
      await bed.until(team, 'the message and the opening task of the other received', 60, ({ agents, messages }) => {
        for (const { name, status, activity } of agents)
          if (status === 'needs-input') asked.push(`${name}: ${activity}`);
        return (
          messages.some(
            ({ sender, target, state }) => sender === 'AGENT-2' && target.endsWith(':3') && state === 'received',
          ) &&
          messages.some(({ type, target, state }) => type === 'task' && target.endsWith(':3') && state === 'received')
        );
      });
      assert.deepEqual(asked, []);
      const { messages, agents } = await team.snapshot();
      assert.equal(
        messages.find(({ sender, target }) => sender === 'AGENT-2' && target.endsWith(':3'))?.message,
        `[AGENT-2 → AGENT-3]: ${TEXT}`,
      );
      assert.equal(agents.find(({ name }) => name === 'api')?.done, true);
    });

    it('offers the tools to its model and returns their answers', () => {
      const request = requests.find(({ system }) => system.includes('You are api'));
      assert.ok(
        request?.tools.includes('mcp__taco__send_message') || request?.tools.includes('ToolSearch'),
        request?.tools.join(' '),
      );
      const results = requests.flatMap(({ toolResults }) => toolResults);
      assert.ok(results.length >= 3 && results.every(({ isError }) => !isError), JSON.stringify(results));
      assert.equal(
        (JSON.parse(results.find(({ text }) => text.includes('"ports"'))?.text ?? '{}') as { ports: number[] }).ports
          .length,
        2,
      );
    });
  });
}
