import assert from 'node:assert/strict';
import { agentSpecSchema, planSchema, type AgentSpec, type Plan } from '../../../../src/core/models';
import { changeLines, diffPlan, isEmptyChange, assignTeamWindows } from '../../../../src/core/plan/planDiff';
import { validatePlan } from '../../../../src/core/plan/validatePlan';

const spec = (window: number, name: string, more: Partial<AgentSpec> = {}): AgentSpec =>
  agentSpecSchema.parse({ window, name, role: `does ${name}`, ...more });
const plan = (...agents: AgentSpec[]): Plan => planSchema.parse({ agents });

describe('the change of a running team', () => {
  const team = [spec(2, 'api'), spec(3, 'web', { wait_for: ['api'] }), spec(4, 'qa')];

  it('lists added, removed, changed and unchanged agents', () => {
    const change = diffPlan(
      team,
      plan(spec(2, 'api', { task: 'v2 now' }), spec(3, 'web', { wait_for: ['api'] }), spec(5, 'docs')),
    );
    assert.deepEqual(
      change.added.map(({ name }) => name),
      ['docs'],
    );
    assert.deepEqual(
      change.removed.map(({ name }) => name),
      ['qa'],
    );
    assert.deepEqual(
      change.changed.map(({ after, fields, effect }) => [after.name, fields, effect]),
      [['api', ['task'], 'told']],
    );
    assert.deepEqual(change.kept, ['web']);
  });

  it('is empty for the same plan, ignoring the order of agents and lists, case, and omitted members', () => {
    const before = [spec(2, 'api', { notifies: ['web', 'qa'] }), spec(3, 'web'), spec(4, 'qa')];
    const after = plan(
      spec(4, 'QA', { role: 'does qa' }),
      spec(3, 'web', { worktree: false }),
      spec(2, 'api', { notifies: ['qa', 'web'] }),
    );
    assert.equal(isEmptyChange(diffPlan(before, after)), true);
  });

  it('has an effect per agent: a message, a relaunch, a new conversation, or none', () => {
    const effect = (more: Partial<AgentSpec>) =>
      diffPlan([spec(2, 'api'), spec(3, 'qa')], plan(spec(2, 'api', more), spec(3, 'qa'))).changed[0]?.effect;
    assert.equal(effect({ role: 'other' }), 'told');
    assert.equal(effect({ model: 'opus' }), 'relaunched');
    assert.equal(effect({ model: 'opus', profile: 'codex' }), 'anew');
    assert.equal(effect({ worktree: true }), 'anew');
    assert.equal(effect({ notifies: ['qa'] }), 'links');
  });

  it('keeps the windows of present agents and never reuses a window for a new agent', () => {
    const moved = assignTeamWindows(plan(spec(9, 'api'), spec(4, 'docs'), spec(5, 'lint'), spec(6, 'perf')), team, [5]);
    assert.deepEqual(
      moved.agents.map(({ name, window }) => [name, window]),
      [
        ['api', 2],
        ['docs', 7],
        ['lint', 8],
        ['perf', 6],
      ],
    );
    assert.notEqual(validatePlan(moved).plan, null, 'what was valid stays valid');
  });

  it('is formatted as one line per agent', () => {
    const lines = changeLines(
      diffPlan(team, plan(spec(2, 'api', { model: 'opus' }), spec(3, 'web', { wait_for: ['api'] }), spec(5, 'docs'))),
    );
    assert.deepEqual(lines, [
      '+ docs (window 5): does docs',
      '- qa (window 4): stops and leaves the team',
      '~ api (window 2): model changed; relaunched; its conversation continues',
      '  unchanged: web',
    ]);
  });
});
