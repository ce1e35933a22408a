import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSpec, Plan } from '../../../../src/core/models';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import type { EngineSettings } from '../../../../src/team/engineSettings';
import type { Team } from '../../../../src/team/team';
import { agent as planAgent } from '../../../support/planBuilders';
import { TestTeam } from '../../../support/team';

const agent = (window: number, name: string, more: Partial<AgentSpec> = {}): AgentSpec =>
  planAgent(window, name, { task: `Do the part of ${name}`, ...more });
const planText = (...agents: Plan['agents']): string => JSON.stringify({ agents });
const block = (text: string): string => `AGENT_SPEC_JSON_START\n${text}\nAGENT_SPEC_JSON_END`;
const quiet = ({ counters }: Snapshot): boolean => counters.pending === 0 && counters.processing === 0;

describe('a plan change while the team runs', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  let log: string;

  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
    log = join(bed.dir, 'received.jsonl');
  });
  afterEach(() => bed.dispose());

  async function running(
    plan: string,
    settings: Partial<EngineSettings> = {},
    env: Record<string, string> = {},
  ): Promise<void> {
    await bed.engine(team, {
      profile: 'scripted',
      ...settings,
      agentEnv: { TACO_SCRIPTED_RECEIVED: log, TACO_SCRIPTED_WORK_MS: '50', ...env },
    });
    await team.request({ kind: 'start', goal: 'test', plan });
    const { plan: review } = await bed.until(
      team,
      'review',
      20,
      ({ session, plan: waits }) => session?.phase === 'review' && waits?.status === 'proposed',
    );
    assert.equal(review?.change, undefined, 'the first plan is no change');
    await team.request({ kind: 'approve', plan: review?.plan });
    await bed.until(team, 'running', 20, ({ session }) => session?.phase === 'running');
  }

  const messagesTo = (name: string): string[] =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { agent: string; prompt?: string })
      .filter((line) => line.agent === name)
      .map(({ prompt }) => prompt ?? '');

  it('waits for the user also under automatic approval, and no agent is ended before', async () => {
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv: { TACO_SCRIPTED_QUIET: '1' } });
    await team.request({ kind: 'start', goal: 'test', plan: planText(agent(2, 'one')) });
    await bed.until(team, 'running', 20, ({ session }) => session?.phase === 'running');
    const before = (await team.snapshot()).agents.find(({ name }) => name === 'one');

    // Nothing is under review: the client refuses the request, and so does the leader.
    await assert.rejects(team.request({ kind: 'reject', note: 'other plan' }), { code: 'plan-missing' });
    await team.store.postRequest({ kind: 'reject', note: 'other plan' });
    await bed.until(team, 'the refusal', 20, ({ activity }) =>
      activity.some(({ text }) => text.startsWith('reject: No plan waits for review: the team works')),
    );
    assert.equal((await team.snapshot()).plan?.status, 'approved');

    await team.request({ kind: 'submit-plan', text: planText(agent(2, 'two')) });
    const { plan: review } = await bed.until(
      team,
      'a change under review',
      20,
      ({ plan }) => plan?.change !== undefined,
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const waiting = await team.snapshot();
    assert.deepEqual(
      [waiting.session?.phase, waiting.plan?.status, waiting.plan?.approval],
      ['review', 'proposed', undefined],
    );
    assert.equal(waiting.agents.find(({ name }) => name === 'one')?.pane, before?.pane);

    // An approval of another review than the pending one changes nothing.
    await team.request({ kind: 'approve', plan: review?.plan, review: (review?.at ?? 0) - 1 });
    await bed.until(team, 'the refusal of the approval', 20, ({ activity }) =>
      activity.some(({ text }) => text.startsWith('approve: Another plan is under review now')),
    );
    assert.ok((await team.snapshot()).agents.some(({ name }) => name === 'one'));

    await team.request({ kind: 'approve', plan: review?.plan, review: review?.at ?? 0 });
    await bed.until(
      team,
      'the change',
      20,
      ({ session, agents }) => session?.phase === 'running' && agents.some(({ name }) => name === 'two'),
    );
  });

  it('is shown as a difference; it launches new agents in order, stops removed ones, and sends changed ones their task', async () => {
    await running(planText(agent(2, 'one'), agent(3, 'two'), agent(4, 'three')), {}, { TACO_SCRIPTED_QUIET: '1' });
    await bed.until(
      team,
      'tasks received',
      20,
      (snapshot) => quiet(snapshot) && snapshot.agents.every(({ status }) => status === 'idle'),
    );
    const pane = (await team.snapshot()).agents.find(({ name }) => name === 'three')?.pane ?? '';

    await team.request({
      kind: 'submit-plan',
      text: planText(
        agent(2, 'one'),
        agent(3, 'two', { task: 'Write the docs instead' }),
        agent(4, 'four', { depends_on: ['five'] }),
        agent(5, 'five'),
      ),
    });
    const { plan, session, agents } = await bed.until(
      team,
      'the difference',
      10,
      (snapshot) => snapshot.plan?.change !== undefined && snapshot.session?.phase === 'review',
    );
    assert.deepEqual(
      [plan?.status, session?.phase, agents.length],
      ['proposed', 'review', 4],
      'nothing has happened yet',
    );
    assert.deepEqual(
      plan?.change?.added.map(({ name, window }) => [name, window]),
      [
        ['four', 6],
        ['five', 5],
      ],
      'a window that is somebody’s is given to nobody',
    );
    assert.deepEqual(
      plan?.change?.removed.map(({ name }) => name),
      ['three'],
    );
    assert.deepEqual(
      plan?.change?.changed.map(({ after, fields, effect }) => [after.name, fields, effect]),
      [['two', ['task'], 'told']],
    );

    await team.request({ kind: 'approve', plan: plan?.plan });
    const after = await bed.until(
      team,
      'the changed team',
      30,
      (snapshot) =>
        snapshot.session?.phase === 'running' &&
        quiet(snapshot) &&
        snapshot.agents.every(({ status }) => status === 'idle'),
    );
    assert.deepEqual(
      after.agents.map(({ name, window }) => [name, window]),
      [
        ['mother', 0],
        ['one', 2],
        ['two', 3],
        ['five', 5],
        ['four', 6],
      ],
    );
    assert.ok(
      (after.agents.find(({ name }) => name === 'five')?.startedAt ?? 0) <=
        (after.agents.find(({ name }) => name === 'four')?.startedAt ?? 0),
    );
    assert.deepEqual([after.plan?.status, after.plan?.change, after.session?.agent_count], ['approved', undefined, 4]);
    assert.ok(!bed.tmux('list-panes', '-a', '-F', '#{pane_id}').split('\n').includes(pane), 'its window is gone');

    assert.match(messagesTo('two').at(-1) ?? '', /this replaces your task\. Your task: Write the docs instead/);
    assert.equal(messagesTo('four').length + messagesTo('five').length, 2, 'each new agent has its task, once');
    assert.match(messagesTo('one').at(-1) ?? '', /Your team has changed: four .*joined; five .*joined; three left/);
    assert.match(messagesTo('mother').at(-1) ?? '', /- three \(window 4\)/);
    assert.deepEqual(
      after.messages.filter(({ state }) => state !== 'received').map(({ state, message }) => [state, message]),
      [],
    );
  });

  it('is submitted to the user from a plan block of Mother, and does nothing without a difference', async () => {
    const plans = join(bed.dir, 'plans.json');
    const first = planText(agent(2, 'one'));
    writeFileSync(plans, JSON.stringify([block(first), block(planText(agent(2, 'one'), agent(2, 'two')))]));
    await running(first, {}, { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_PLANS: plans });
    const ask = async (): Promise<void> => {
      const [sent] = await team.send({
        from: { kind: 'user' },
        to: 'mother',
        text: 'add somebody, between AGENT_SPEC_JSON_START and its end',
      });
      await team.waitFor(sent?.id ?? '', 'received', 20_000);
    };
    await ask();
    await bed.until(team, 'mother at rest', 10, ({ agents }) => agents[0]?.status === 'idle');
    assert.equal((await team.snapshot()).session?.phase, 'running', 'the plan that runs, printed again');
    await ask();
    const { plan } = await bed.until(team, 'her change', 10, (snapshot) => snapshot.session?.phase === 'review');
    assert.deepEqual(
      plan?.change?.added.map(({ name, window }) => [name, window]),
      [['two', 3]],
      'windows are TACO’s to give',
    );

    await team.request({ kind: 'reject', note: '' });
    const { agents, session } = await bed.until(
      team,
      'kept',
      10,
      (snapshot) =>
        snapshot.session?.phase === 'running' &&
        snapshot.messages.some(({ message }) => message.includes('keeps the team as it is')) &&
        quiet(snapshot),
    );
    assert.deepEqual([agents.length, session?.detail, (await team.snapshot()).plan?.status], [2, '', 'rejected']);
    assert.match(messagesTo('mother').at(-1) ?? '', /keeps the team as it is/);
  });

  it('makes messages for a removed agent dead at once, and never reuses its window', async () => {
    await running(planText(agent(2, 'one'), agent(3, 'two', { wait_for: ['one'] })), {}, { TACO_SCRIPTED_QUIET: '1' });
    await bed.until(team, 'the task of two is held', 20, ({ messages }) =>
      messages.some(({ target, state }) => target.endsWith(':3') && state === 'held'),
    );
    await team.request({ kind: 'approve', plan: JSON.parse(planText(agent(2, 'one'))) as Plan });
    const { messages } = await bed.until(
      team,
      'dead',
      10,
      (snapshot) => snapshot.session?.phase === 'running' && snapshot.messages.some(({ state }) => state === 'dead'),
    );
    assert.match(messages.find(({ state }) => state === 'dead')?.reason ?? '', /left the team/);
    await team.request({ kind: 'approve', plan: JSON.parse(planText(agent(2, 'one'), agent(3, 'three'))) as Plan });
    const { agents } = await bed.until(team, 'three', 10, (snapshot) =>
      snapshot.agents.some(({ name }) => name === 'three'),
    );
    assert.equal(agents.find(({ name }) => name === 'three')?.window, 4);
  });

  it('shows an idle agent that reported done as done and frees waiting agents; new work clears its done flag', async () => {
    await running(planText(agent(2, 'one'), agent(3, 'two', { wait_for: ['one'] })));
    await bed.until(team, 'both done', 30, ({ agents }) =>
      agents.slice(1).every(({ status, done }) => status === 'done' && done),
    );
    await team.request({
      kind: 'approve',
      plan: JSON.parse(
        planText(agent(2, 'one', { task: 'work for 2 seconds on more' }), agent(3, 'two', { wait_for: ['one'] })),
      ) as Plan,
    });
    await bed.until(
      team,
      'one works again',
      10,
      ({ agents }) => agents[1]?.status === 'busy' && agents[1].done === false,
    );
    const { agents } = await bed.until(team, 'done again', 20, (snapshot) => snapshot.agents[1]?.status === 'done');
    assert.deepEqual(agents.map(({ name, status }) => [name, status]).slice(1), [
      ['one', 'done'],
      ['two', 'done'],
    ]);
  });

  it('relaunches an agent with another model with its conversation, and begins a new one for another CLI', async () => {
    await running(planText(agent(2, 'one'), agent(3, 'two')), {}, { TACO_SCRIPTED_QUIET: '1' });
    const before = await bed.until(
      team,
      'at rest',
      20,
      (snapshot) =>
        quiet(snapshot) &&
        snapshot.agents.every(({ status, begun, window }) => status === 'idle' && (begun === true || window === 0)),
    );
    await team.request({
      kind: 'approve',
      plan: JSON.parse(
        planText(
          agent(2, 'one', { model: 'opus' }),
          agent(3, 'two', { worktree: false, profile: 'nothing-of-the-kind' }),
        ),
      ) as Plan,
    });
    const refused = await bed.until(team, 'refused', 10, ({ session }) =>
      /no agent profile/.test(session?.detail ?? ''),
    );
    assert.deepEqual(
      refused.agents.map(({ startedAt }) => startedAt),
      before.agents.map(({ startedAt }) => startedAt),
      'what cannot be made changes nobody',
    );
    await team.request({
      kind: 'approve',
      plan: JSON.parse(planText(agent(2, 'one', { model: 'opus' }), agent(3, 'two'))) as Plan,
    });
    const after = await bed.until(
      team,
      'relaunched',
      20,
      ({ session, agents }) =>
        session?.phase === 'running' && agents[1]?.status === 'idle' && agents[1].model === 'opus',
    );
    assert.equal(after.agents[1]?.sessionId, before.agents[1]?.sessionId);
    assert.equal(after.agents[2]?.startedAt, before.agents[2]?.startedAt);
  });
});
