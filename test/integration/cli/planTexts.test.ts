import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan } from '../../../src/core/models';
import type { PlanReview } from '../../../src/core/plan/planReview';
import type { Team } from '../../../src/team/team';
import { agent, block, fixture } from '../../support/planBuilders';
import { taco, type Ran } from '../../support/tacoCommand';
import { TestTeam } from '../../support/team';

const TASK =
  'Steps:\n1. Create the file\n2. Run:\n\n   def f():\n       return 1\n\n```sh\nnpm test\n```\n● done\nclaude> ok';
const raw = (plan: Plan): string => JSON.stringify(plan).replace(/\\n/g, '\n');
const api = agent(2, 'api', { role: 'Builds the API' });
const steps = { agents: [agent(2, 'api', { task: TASK })] };

/** Each text with its agents, and whether it had to be repaired. */
const TEXTS: Readonly<Record<string, readonly [text: string, agents: Plan['agents'], repaired: boolean]>> = {
  'a comment first': [fixture('comment_first.txt'), [api], true],
  'an example after the plan': [fixture('example_after.txt'), [api], false],
  'a fence without markers': [fixture('fence_without_markers.txt'), [api], true],
  'a bare list': [fixture('bare_list.txt'), [api], true],
  'escaped markers': [fixture('escaped_markers.txt'), [api], true],
  'real line breaks': [
    fixture('real_line_breaks.txt'),
    [{ ...api, task: 'Steps:\n1. Create the file\n2. Run:\n\n   def f():\n       return 1' }],
    true,
  ],
  'real line breaks with fences and bullets': [block(raw(steps)), steps.agents, true],
  'real line breaks with CRLF': [block(raw(steps)).replace(/\n/g, '\r\n'), steps.agents, true],
};

describe('a plan text', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  let env: Record<string, string>;

  before(async () => {
    bed = new TestTeam();
    team = await bed.open();
    env = { ...bed.env, TACO_PROJECT: bed.project };
    const file = bed.paths.projectFile(team.projectId);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ dir: bed.project, socket: bed.socket }));
    await bed.engine(team, { profile: 'scripted', agentEnv: { TACO_SCRIPTED_QUIET: '1' } });
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents: [agent(9, 'first')] }) });
    await bed.until(team, 'review', 20, ({ session }) => session?.phase === 'review');
  });
  after(() => bed.dispose());

  /** Returns the review that results from `act`. */
  async function reviewAfter(act: () => Promise<Ran>): Promise<PlanReview | null> {
    const before = (await team.snapshot()).plan?.at ?? 0;
    const ran = await act();
    assert.equal(ran.code, 0, ran.stderr);
    return (await bed.until(team, 'another review', 20, ({ plan }) => (plan?.at ?? 0) > before)).plan;
  }

  /** Mother's Stop hook with this reply. */
  const hooked = (text: string): Promise<Ran> =>
    taco(['hook', 'Stop'], {
      env: { ...env, TACO_PROJECT_ID: team.projectId, TACO_WINDOW: '0', TACO_REDIS: bed.paths.redisSocket },
      input: JSON.stringify({ last_assistant_message: text }),
    });

  for (const [what, [text, agents, repaired]] of Object.entries(TEXTS))
    it(`is read alike by plan validate, plan submit and Mother's Stop hook: ${what}`, async () => {
      const file = join(bed.dir, 'plan.txt');
      writeFileSync(file, text);
      const validated = (await taco(['plan', 'validate', file, '--json'], { env })).json<PlanReview>();
      assert.deepEqual([validated.plan, validated.problems, validated.repaired], [{ agents }, [], repaired]);

      const submitted = await reviewAfter(() => taco(['plan', 'submit', file], { env, cwd: bed.project }));
      for (const review of [submitted, await reviewAfter(() => hooked(text))])
        assert.deepEqual([review?.status, review?.plan, review?.repaired], ['proposed', { agents }, repaired]);
    });

  it('with wrong names gets the same problems and the same proposal in each way that it arrives', async () => {
    const wrong = [agent(2, '前端'), agent(3, '后端', { wait_for: ['前端'] }), agent(4, 'qa'), agent(5, 'QA')];
    const proposal = {
      agents: [
        { ...wrong[0], name: 'agent_1' },
        { ...wrong[1], name: 'agent_2', wait_for: ['agent_1'] },
        wrong[2],
        { ...wrong[3], name: 'QA_2' },
      ],
    };
    const codes = ['name-invalid', 'name-invalid', 'name-doubled'];
    const text = block(JSON.stringify({ agents: wrong }));
    const file = join(bed.dir, 'names.txt');
    writeFileSync(file, text);
    const cli = (...args: readonly string[]) => taco(args, { env, cwd: bed.project });
    const codesOf = ({ problems }: Pick<PlanReview, 'problems'>) => problems.map(({ code }) => code);

    const validated = await cli('plan', 'validate', file, '--json');
    assert.equal(validated.code, 1);
    assert.deepEqual([codesOf(validated.json<PlanReview>()), validated.json<PlanReview>().proposal], [codes, proposal]);

    for (const args of [
      ['plan', 'submit', file],
      ['plan', 'approve', file],
    ]) {
      const refused = await cli(...args, '--json');
      const { error } = refused.json<{ error: { code: string; details: Pick<PlanReview, 'problems'> } }>();
      assert.deepEqual([refused.code, error.code, codesOf(error.details)], [1, 'plan-invalid', codes]);
      assert.match((await cli(...args)).stderr, /A corrected plan is proposed/);
    }

    const review = await reviewAfter(() => hooked(text));
    assert.ok(review);
    assert.deepEqual([review.status, codesOf(review), review.proposal], ['invalid', codes, proposal]);
    assert.match((await cli('plan', 'show')).stdout, /A corrected plan is proposed[^]*agent_1[^]*QA_2/);

    // The proposal is a plan as it stands.
    writeFileSync(file, JSON.stringify(proposal));
    assert.deepEqual((await reviewAfter(() => cli('plan', 'submit', file)))?.plan, proposal);
  });
});
