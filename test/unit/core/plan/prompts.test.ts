import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planProblems } from '../../../../src/core/plan/planProblems';
import {
  agentSystemPrompt,
  correctionMessage,
  motherSystemPrompt,
  openingTask,
  planningMessage,
  rejectionMessage,
  teamIsRunning,
} from '../../../../src/core/plan/prompts';
import { validatePlan } from '../../../../src/core/plan/validatePlan';
import { formatPlan } from '../../../support/formatPlan';
import { agent, parseScreen, TEAM, wrapHard, wrapWords } from '../../../support/planBuilders';

const [frontend, backend, validator] = TEAM.agents as [
  (typeof TEAM.agents)[0],
  (typeof TEAM.agents)[0],
  (typeof TEAM.agents)[0],
];
const bad = validatePlan({ agents: [agent(3, 'a', { wait_for: ['b'] }), agent(3, 'b', { wait_for: ['a'] })] }).problems;

describe('a message to Mother', () => {
  const asks = {
    planning: planningMessage('Build a shop', 50),
    correction: correctionMessage(bad, 2, 3),
    rejection: rejectionMessage('smaller'),
  };

  for (const [what, text] of Object.entries(asks)) {
    it(`names both markers but is not a plan itself: ${what}`, () => {
      assert.match(text, /AGENT_SPEC_JSON_START[^]*AGENT_SPEC_JSON_END/);
      for (const shown of [
        text,
        wrapHard(text, 80),
        wrapWords(text, 80, '  ', '❯ '),
        `${motherSystemPrompt()}\n${text}`,
      ]) {
        assert.deepEqual(
          parseScreen(shown).problems.map(({ code }) => code),
          ['block-missing'],
        );
      }
    });

    it(`is not mistaken for her plan, before or after it: ${what}`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 40, max: 200 }), (columns) => {
          const echo = wrapWords(text, columns, '  ', '❯ ');
          const reply = wrapWords(formatPlan(TEAM), columns);
          assert.equal(parseScreen(`${echo}\n\n${reply}`).plan?.agents.length, 3);
          assert.equal(parseScreen(`${reply}\n\n${echo}`).plan?.agents.length, 3);
        }),
        { numRuns: 50 },
      );
    });
  }

  it('explains fallbacks only where limited agents move to them, with the names of accounts', () => {
    assert.ok(!planningMessage('x', 5).includes('"fallback"'));
    assert.match(planningMessage('x', 5, [], ['work', 'api']), /"fallback": .* the accounts work, api: .*"account"/);
    assert.ok(!planningMessage('x', 5, [], []).includes('account"'));
  });

  it('asks for a plan with the goal, the limit and a valid example', () => {
    assert.match(asks.planning, /^Plan a team of coding agents for this goal: Build a shop\n/);
    assert.match(asks.planning, /50 at most/);
    const form = /^The form: (.*)$/m.exec(asks.planning)?.[1] ?? '';
    assert.deepEqual(validatePlan(JSON.parse(form)).problems, []);
    assert.ok(asks.planning.length < 2000, `${asks.planning.length} characters`);
  });

  it('lists every problem of her plan and the number of the next attempt', () => {
    for (const { message } of bad) assert.ok(asks.correction.includes(`- ${message}\n`));
    assert.match(asks.correction, /attempt 2 of 3/);
  });

  it('stays short when there are thousands of problems', () => {
    const text = correctionMessage(
      Array.from({ length: 3000 }, (_, index) => planProblems.nameInvalid('x', `${index}${'y'.repeat(9000)}`)),
      3,
      3,
    );
    assert.ok(text.length < 12_000, `${text.length} characters`);
    assert.match(text, /and 2975 more/);
  });

  it("includes the user's note, or omits it", () => {
    assert.match(rejectionMessage(' fewer agents '), /sends your plan back: fewer agents\n/);
    assert.match(rejectionMessage(''), /asks for another one\.\n/);
  });

  it('tells her that she may interrupt an agent', () =>
    assert.match(motherSystemPrompt(), /`taco send NAME "why" --interrupt` stops its work/));

  it('names the running agents', () =>
    assert.match(
      teamIsRunning(TEAM.agents),
      /frontend_dev \(AGENT-3\), backend_dev \(AGENT-4\), validator \(AGENT-5\)/,
    ));
});

describe('a message to an agent', () => {
  it('contains its identity, its team, how to communicate and what happens when it is done', () => {
    const text = agentSystemPrompt(backend, TEAM.agents);
    assert.match(text, /^You are backend_dev \(AGENT-4\), .*Your role: Write the REST API and its database schema$/m);
    assert.match(text, /^- frontend_dev \(AGENT-3\): Build the React components/m);
    assert.match(text, /^- validator \(AGENT-5\): /m);
    assert.doesNotMatch(text, /^- backend_dev/m);
    for (const form of ['`taco send NAME "text"`', '`mother`', '`user`', '`taco done "', '`[AGENT-4 → AGENT-3]: text`'])
      assert.ok(text.includes(form), form);
    assert.match(text, /TACO then tells frontend_dev, validator and Mother\./);
    assert.match(agentSystemPrompt(validator, TEAM.agents), /TACO then tells Mother\./);
  });

  it('reports that it is alone', () =>
    assert.match(agentSystemPrompt(frontend, [frontend]), /only agent beside Mother/));

  it('shows a role of several lines as one line', () => {
    assert.match(
      agentSystemPrompt(backend, [backend, agent(9, 'x', { role: 'one\n- two (AGENT-1): three' })]),
      /^- x \(AGENT-9\): one - two/m,
    );
  });

  it('contains its task, or its role without one, and the agents that finished before it', () => {
    assert.equal(
      openingTask(agent(2, 'dev', { task: 'Write it' })),
      'Your task: Write it. When it is complete, run taco done.',
    );
    assert.match(
      openingTask(validator),
      /^Your task: Run every test .*\. Finished before you: backend_dev; build on what they did\. When/,
    );
  });
});
