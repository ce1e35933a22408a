import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Usage } from '../../src/core/agents/usage';
import type { Plan } from '../../src/core/models';
import type { Team } from '../../src/team/team';
import { CLAUDE_VERSIONS } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type MessagesApi, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import type { TestTeam } from '../support/team';

const run = promisify(execFile);
const agent = (window: number, name: string): Plan['agents'][number] => ({
  window,
  name,
  role: `the ${name}`,
  task: 'Begin',
  model: 'sonnet',
  depends_on: [],
  notifies: [],
  wait_for: [],
});
/** A reply of Sonnet that costs (100,000 + 50,000 × 0.1 + 20,000 × 1.25) × $3 + 1,000 × $15 per million: $0.405. */
const usage = {
  input_tokens: 100_000,
  output_tokens: 1000,
  cache_read_input_tokens: 50_000,
  cache_creation_input_tokens: 20_000,
};
const REPLY = { input: 100_000, output: 1000, cacheRead: 50_000, cacheWrite: 20_000 };
const COST = 0.405;

interface BudgetJson {
  readonly budget: number;
  readonly spent: boolean;
  readonly team: Usage;
  readonly agents: readonly { readonly name: string; readonly usage: Usage }[];
}

for (const version of CLAUDE_VERSIONS) {
  describe(`the costs of a team of the real Claude Code ${version}`, function () {
    this.timeout(90_000);
    let claude: ClaudeTeam;
    let bed: TestTeam;
    let api: MessagesApi;
    let team: Team;

    function model(request: ModelRequest): Reply {
      if (request.kind === 'side') return sideReply;
      if (!/You are (?:one|two)\b/.test(request.system)) return { text: 'Understood.' };
      // The rest of a turn that has already cost something.
      if (request.toolResults.length > 0) return { text: 'At last.', delayMs: 30_000, usage };
      if (request.prompts.some((prompt) => prompt.includes('Look around')))
        return { tools: [{ name: 'mcp__taco__list_agents', input: {} }], usage };
      return { text: 'Done.', usage };
    }

    const cli = async (...args: string[]): Promise<BudgetJson> => {
      const { stdout } = await run(process.execPath, [resolve('dist/taco.js'), 'budget', ...args, '--json'], {
        cwd: bed.project,
        env: bed.env,
      });
      return JSON.parse(stdout) as BudgetJson;
    };
    const say = async (to: string, text: string): Promise<void> => {
      const [sent] = await team.send({ from: { kind: 'user' }, to, text });
      assert.equal((await team.waitFor(sent?.id ?? '', 'received', 90_000)).state, 'received');
    };
    /** All paid usage, except for Mother's few tokens. */
    const paid =
      (replies: number) =>
      ({ usage: found }: { readonly usage?: Usage }): boolean =>
        Math.round((found?.cost ?? 0) / COST) === replies;

    before(async function () {
      this.timeout(600_000);
      claude = await claudeTeam({ version, reply: model, settings: { autoApprove: true } });
      ({ bed, api, team } = claude);
      await team.request({
        kind: 'start',
        goal: 'x',
        plan: JSON.stringify({ agents: [agent(2, 'one'), agent(3, 'two')] }),
      });
      await bed.until(team, 'both have begun', 80, paid(2));
    });
    after(() => claude.dispose());

    it("are counted by each agent's tokens, once for each reply", async () => {
      await say('one', 'Go on');
      await bed.until(team, 'three replies', 30, paid(3));
      const { agents, team: whole, budget, spent } = await cli();
      const of = (name: string): Partial<Usage> | undefined => agents.find((each) => each.name === name)?.usage;
      const times = (n: number): Partial<Usage> => ({
        ...Object.fromEntries(Object.entries(REPLY).map(([kind, tokens]) => [kind, tokens * n])),
        guessed: false,
      });
      const { cost: one = 0, ...tokensOfOne } = of('one') ?? {};
      const { cost: two = 0, ...tokensOfTwo } = of('two') ?? {};
      assert.deepEqual([tokensOfOne, tokensOfTwo], [times(2), times(1)]);
      assert.deepEqual([one.toFixed(4), two.toFixed(4)], [(2 * COST).toFixed(4), COST.toFixed(4)]);
      const mother = of('mother') ?? { input: 0 };
      assert.equal(whole.input, 300_000 + (mother.input ?? 0));
      assert.deepEqual([budget, spent], [0, false]);
    });

    it('are reported to the user near the budget, once', async () => {
      await cli('1.7');
      await say('one', 'And on');
      await bed.until(team, 'four replies', 30, paid(4));
      const notice = /\$1\.6\d of its budget of \$1\.70/;
      await bed.until(team, 'told', 20, ({ messages }) =>
        messages.some(({ target, message }) => target === 'user' && notice.test(message)),
      );
      const { messages, session } = await team.snapshot();
      assert.deepEqual([messages.filter(({ message }) => notice.test(message)).length, session?.spent ?? ''], [1, '']);
    });

    it('interrupt the running turn at the budget, block typing, and allow both again after a raise', async () => {
      await say('two', 'Look around, then take your time');
      const { session, agents } = await bed.until(
        team,
        'spent',
        40,
        (snapshot) => snapshot.session?.spent === 'true' && snapshot.session.interrupted === '3',
      );
      assert.match(session?.detail ?? '', /The budget of \$1\.70 is used up/);
      assert.equal(agents.find(({ name }) => name === 'two')?.status, 'idle');
      const asked = api.requests.length;
      const [later] = await team.send({ from: { kind: 'user' }, to: 'one', text: 'One more thing' });
      await bed.until(team, 'held', 20, ({ messages }) =>
        messages.some(({ id, state, reason }) => id === later?.id && state === 'held' && reason === 'budget'),
      );
      assert.equal((await cli()).spent, true);
      assert.equal(api.requests.length, asked, 'no model was asked');
      await cli('10');
      assert.equal((await team.waitFor(later?.id ?? '', 'received', 90_000)).state, 'received');
      await bed.until(
        team,
        'going on',
        20,
        ({ messages, session: now }) =>
          now?.spent === '' &&
          messages.some(
            ({ target, message, state }) =>
              target.endsWith(':3') && /Go on with what you were doing/.test(message) && state === 'received',
          ),
      );
    });
  });
}
