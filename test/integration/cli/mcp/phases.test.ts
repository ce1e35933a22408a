import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { TEAM_PHASES } from '../../../../src/core/team/teamPhase';
import { expectedOf, postedBy, TOOL_CALLS, type ToolCall } from '../../../support/commandLines';
import { stateOf } from '../../../support/requestTable';
import { CliProject, TACO } from '../../../support/tacoCommand';

describe('an MCP tool in a phase of the team', function () {
  this.timeout(60_000);
  let project: CliProject;
  let client: Client;
  before(async () => {
    project = await CliProject.start();
    client = new Client({ name: 'test', version: '1' });
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...project.agentEnv(2) };
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [TACO, 'mcp'], env }));
  });
  after(async () => {
    await client.close();
    await project.close();
  });

  it('is in the table of calls for every tool', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name).sort(), TOOL_CALLS.map(({ tool }) => tool).sort());
  });

  async function call({ tool, args = {} }: ToolCall): Promise<{ readonly text: string; readonly isError: boolean }> {
    const { content, isError } = await client.callTool({ name: tool, arguments: { ...args } });
    return { text: (content as { text: string }[])[0]?.text ?? '', isError: isError === true };
  }

  for (const phase of TEAM_PHASES)
    it(`works, or answers with the refusal and changes nothing: ${phase}`, async () => {
      await project.begin();
      const { session, plan } = stateOf(phase);
      if (session === null) await project.store.clear();
      else {
        await project.store.setSession({ ...session, project_dir: project.dir, tmux_session: 'taco-cli' });
        await project.store.setPlan(plan);
      }
      const before = await project.store.snapshot();
      for (const step of TOOL_CALLS) {
        const { text, isError } = await call(step);
        const expected = expectedOf(step, phase);
        assert.equal(isError, expected !== 'allowed', `${step.tool}: ${text}`);
        if (expected === 'allowed') continue;
        const { error } = JSON.parse(text) as { error: { code: string; message: string } };
        assert.equal(error.code, expected[0], text);
        assert.match(error.message, expected[1], text);
      }
      const after = await project.store.snapshot();
      assert.deepEqual([after.session, after.plan], [before.session, before.plan]);
      const allowed = TOOL_CALLS.filter((step) => expectedOf(step, phase) === 'allowed');
      const uses = (tool: string): boolean => allowed.some((step) => step.tool === tool);
      assert.equal(after.services.length, uses('register_service') ? 1 : 0);
      const activity = after.agents.find(({ window }) => window === 2)?.activity;
      assert.equal(activity ?? '', uses('report_status') ? 'Building' : '');
      const requests = await project.store.requests.read();
      assert.deepEqual(
        requests.map(({ request }) => request.kind),
        allowed.flatMap(({ effect }) => postedBy(effect) ?? []),
      );
      const sends = allowed.filter(({ effect }) => effect === 'send').length;
      // A broadcast is one message for Mother and one for the other agent.
      assert.equal((await project.queue()).length, sends === 0 ? 0 : sends + 1);
    });
});
