import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { COMMON_PERMISSION_MODES, permissionModeSchema, planSchema } from '../../../../src/core/models';
import { PLAN_PROBLEM_CODES } from '../../../../src/core/plan/planProblems';
import { validatePlan } from '../../../../src/core/plan/validatePlan';
import { agent, TEAM } from '../../../support/planBuilders';

const check = (...agents: unknown[]) => validatePlan({ agents });
const codes = (...agents: unknown[]) => check(...agents).problems.map(({ code }) => code);

describe('validatePlan', () => {
  it('returns a valid plan with defaults, without unknown members', () => {
    const result = check({ window: 2, name: 'dev', role: ' Build ', mood: 'good', task: null, notifies: null });
    assert.deepEqual(result, { plan: { agents: [agent(2, 'dev', { role: 'Build' })] }, problems: [], proposal: null });
  });

  it('keeps every optional member', () => {
    const full = agent(2, 'dev', {
      task: 'Begin',
      profile: 'claude',
      model: 'opus',
      permission_mode: 'acceptEdits',
      worktree: true,
      base: 'develop',
      check: ['npm', 'test'],
      owns: ['src/api/**'],
    });
    assert.deepEqual(check(full).plan, { agents: [full] });
  });

  it('begins the worktree of each agent at the base of the plan, unless the agent names its own', () => {
    const value = { base: 'develop', agents: [agent(2, 'a'), agent(3, 'b', { base: 'v1.0' })] };
    assert.deepEqual(
      validatePlan(value).plan?.agents.map(({ base }) => base),
      ['develop', 'v1.0'],
    );
  });

  for (const [member, wrong] of [
    ['check', 'npm test'],
    ['check', []],
    ['check', ['npm', '']],
    ['owns', 'src/**'],
    ['base', '--upload-pack=touch x'],
  ] as const)
    it(`refuses ${member}: ${JSON.stringify(wrong)}`, () => {
      assert.deepEqual(codes({ ...agent(2, 'a'), [member]: wrong }), ['wrong-type']);
    });

  it('reports all problems of an invalid plan at once', () => {
    const found = codes(
      { window: 1, name: 'a', role: 'x' },
      { window: 4, name: 'b', role: '', depends_on: ['nobody', 'b'] },
      { window: 4, name: 'mother', role: 'x', wait_for: ['a'], notifies: 'a' },
      { window: '5', name: 'two words', role: 7 },
      'not an agent',
    );
    assert.deepEqual(found, [
      'window-reserved',
      'role-empty',
      'wrong-type',
      'name-reserved',
      'window-invalid',
      'name-invalid',
      'wrong-type',
      'wrong-type',
      'window-doubled',
      'unknown-name',
      'names-itself',
    ]);
  });

  describe('windows', () => {
    it('reports reserved windows', () => {
      const { problems } = check(agent(0, 'a'), agent(1, 'b'));
      assert.deepEqual(
        problems.map(({ message }) => message),
        [
          "a asks for window 0, which is Mother's. Use a window from 2 up.",
          "b asks for window 1, which is the monitor's. Use a window from 2 up.",
        ],
      );
    });

    it('lists all agents of a duplicate window: fourteen of twenty on window 3', () => {
      const agents = Array.from({ length: 20 }, (_, index) => agent(index < 14 ? 3 : index, `agent_${index}`));
      const { problems, proposal } = check(...agents);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.code, 'window-doubled');
      assert.deepEqual(
        problems[0]?.agents,
        agents.slice(0, 14).map(({ name }) => name),
      );
      for (const name of problems[0]?.agents ?? []) assert.ok(problems[0]?.message.includes(name));
      assert.deepEqual(
        proposal?.agents.map(({ window }) => window),
        [3, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 21, 14, 15, 16, 17, 18, 19],
      );
    });

    it('proposes new numbers for duplicate and reserved windows and keeps the others', () => {
      const { proposal, plan } = check(
        agent(0, 'a'),
        agent(5, 'b', { depends_on: ['a'] }),
        agent(5, 'c'),
        agent(2, 'd'),
      );
      assert.equal(plan, null);
      assert.deepEqual(
        proposal?.agents.map(({ name, window }) => [name, window]),
        [
          ['a', 3],
          ['b', 5],
          ['c', 4],
          ['d', 2],
        ],
      );
      assert.deepEqual(validatePlan(proposal).problems, []);
    });

    it('proposes no plan that is still invalid', () => {
      assert.equal(check(agent(3, 'a'), agent(3, 'b', { depends_on: ['nobody'] })).proposal, null);
    });

    for (const window of [-1, 2.5, NaN, Infinity, 10_000, '3', null, undefined, [3]]) {
      it(`refuses ${JSON.stringify(window)} (${typeof window})`, () =>
        assert.deepEqual(codes({ ...agent(2, 'a'), window }), ['window-invalid']));
    }
  });

  describe('names', () => {
    it('are unique, ignoring case', () => {
      const { problems } = check(agent(2, 'Dev'), agent(3, 'dev'), agent(4, 'DEV'));
      assert.deepEqual(
        problems.map(({ code, agents }) => [code, agents]),
        [['name-doubled', ['Dev', 'dev', 'DEV']]],
      );
    });

    for (const name of ['9lives', 'two words', 'a'.repeat(33), 'naïve', 'a;b', '-x', 'a\u001b[31m']) {
      it(`refuses ${JSON.stringify(name)}`, () => assert.deepEqual(codes(agent(2, name)), ['name-invalid']));
    }
    for (const name of ['mother', 'USER', 'All', 'monitor', 'taco']) {
      it(`refuses the reserved name ${name}`, () => assert.deepEqual(codes(agent(2, name)), ['name-reserved']));
    }
    for (const name of ['', '  ', null, undefined]) {
      it(`requires a name instead of ${JSON.stringify(name)}`, () =>
        assert.deepEqual(codes({ ...agent(2, 'x'), name }), ['name-empty']));
    }

    it('are shown without control characters', () => {
      const message = check(agent(2, 'a\u001b]0;owned\u0007\nb')).problems[0]?.message ?? '';
      assert.doesNotMatch(message, /[\u0000-\u001f]/);
    });
  });

  describe('roles and tasks', () => {
    for (const role of ['', ' \n', null, undefined]) {
      it(`requires a role instead of ${JSON.stringify(role)}`, () =>
        assert.deepEqual(codes({ ...agent(2, 'a'), role }), ['role-empty']));
    }
    it('have a maximum length', () =>
      assert.deepEqual(codes(agent(2, 'a', { role: 'x'.repeat(4001), task: 'y'.repeat(32_001) })), [
        'too-long',
        'too-long',
      ]));
  });

  describe('the lists of agent names', () => {
    it('are resolved: case is ignored and repeats are dropped', () => {
      assert.deepEqual(
        check(agent(2, 'Dev'), agent(3, 'qa', { wait_for: ['DEV', ' dev'] })).plan?.agents[1]?.wait_for,
        ['Dev'],
      );
    });

    it('report all unknown names in one sentence', () => {
      const { problems } = check(agent(2, 'dev', { notifies: ['x', 'qa', 'y'] }), agent(3, 'qa'));
      assert.deepEqual(
        problems.map(({ message }) => message),
        ['dev: "notifies" names "x" and "y", which are not agents of this plan. Available: dev, qa.'],
      );
    });

    it('explain that Mother is always notified and that [] means no agents', () => {
      assert.match(
        check(agent(2, 'dev', { notifies: ['mother'] })).problems[0]?.message ?? '',
        /always notified; leave them out/,
      );
      assert.match(check(agent(2, 'dev', { wait_for: ['none'] })).problems[0]?.message ?? '', /empty list: \[\]/);
    });

    it('report an agent that names itself', () => {
      assert.deepEqual(codes(agent(2, 'dev', { depends_on: ['dev'], notifies: ['DEV'], wait_for: ['dev'] })), [
        'names-itself',
        'names-itself',
        'names-itself',
      ]);
    });

    it('report a permission mode that the CLI of the agent does not know', () => {
      const agents = [
        agent(2, 'a', { permission_mode: 'auto' }),
        agent(3, 'b', { permission_mode: 'auto', profile: 'codex' }),
        agent(4, 'c', { permission_mode: 'manual', profile: 'codex' }),
        agent(5, 'd', { profile: 'codex' }),
      ];
      const { problems } = validatePlan(
        { agents },
        { modesOf: (profile) => (profile === 'codex' ? COMMON_PERMISSION_MODES : permissionModeSchema.options) },
      );
      assert.deepEqual(
        problems.map(({ code, agents: [who], field }) => [code, who, field]),
        [['wrong-type', 'b', 'permission_mode']],
      );
      assert.match(
        problems[0]?.message ?? '',
        /one of default, manual, .* \(the modes of the agent CLI codex\), not "auto"/,
      );
      assert.deepEqual(validatePlan({ agents }).problems, [], 'any mode while the CLIs are unknown');
    });

    it('report wrong types', () => {
      assert.deepEqual(
        codes({ ...agent(2, 'a'), depends_on: 'b', wait_for: [1], worktree: 'yes', permission_mode: 'root' }),
        ['wrong-type', 'wrong-type', 'wrong-type', 'wrong-type'],
      );
    });
  });

  describe('the maximum number of agents', () => {
    const many = (count: number) => ({
      agents: Array.from({ length: count }, (_, index) => agent(index + 2, `a${index}`)),
    });
    it('is 50 by default', () => {
      assert.deepEqual(validatePlan(many(50)).problems, []);
      assert.deepEqual(
        validatePlan(many(51)).problems.map(({ code }) => code),
        ['too-many-agents'],
      );
      assert.match(validatePlan(many(1000)).problems[0]?.message ?? '', /1000 agents; at most 50/);
    });
    it('can be changed', () => assert.deepEqual(validatePlan(many(200), { maxAgents: 200 }).problems, []));
  });

  it('never throws for any value', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    );
    const circular: Record<string, unknown> = {};
    circular['agents'] = [circular];
    for (const value of [
      null,
      undefined,
      1,
      'x',
      [],
      {},
      hostile,
      { agents: [hostile] },
      circular,
      { agents: [null, []] },
    ]) {
      assert.equal(validatePlan(value).plan, null);
      assert.ok(validatePlan(value).problems.length > 0);
    }
  });

  it('has exactly the problem codes of docs/plan-format.md', () => {
    const page = readFileSync('docs/plan-format.md', 'utf8').split('## Problem codes')[1] ?? '';
    const documented = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
    assert.deepEqual(documented.sort(), [...PLAN_PROBLEM_CODES].sort());
  });

  it('accepts only plans that the schema accepts', () => {
    assert.deepEqual(planSchema.parse(validatePlan(TEAM).plan), TEAM);
  });
});
