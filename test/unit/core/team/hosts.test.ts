import assert from 'node:assert/strict';
import { TMUX_TARGET } from '../../../../src/core/base/limits';
import { hostOfTarget, labelOfTarget, targetOf, windowOfTarget } from '../../../../src/core/messages/address';
import type { MessageState } from '../../../../src/core/messages/messageState';
import { recipientsOf } from '../../../../src/core/messages/recipients';
import { agentSpecSchema } from '../../../../src/core/models';
import { assignTeamWindows } from '../../../../src/core/plan/planDiff';
import { planningMessage } from '../../../../src/core/plan/prompts';
import { validatePlan } from '../../../../src/core/plan/validatePlan';
import { withHostAway, hostRequestSchema, launchRequestSchema, type HostView } from '../../../../src/core/team/hosts';
import { HostKeys, Keys, keysFor } from '../../../../src/redis/client/keys';

const keys = new Keys('0123456789ab');

describe('an agent’s host', () => {
  it("is part of its target; the leader's own agents have none", () => {
    assert.equal(targetOf('taco-x', 4, 'build'), 'taco-x@build:4');
    assert.equal(targetOf('taco-x', 4), 'taco-x:4');
    assert.match('taco-x@build:4', TMUX_TARGET);
    assert.deepEqual(['taco-x@build:4', 'taco-x:4', 'user', 'a@b@c:1'].map(hostOfTarget), ['build', '', '', 'c']);
    assert.deepEqual([windowOfTarget('taco-x@build:4'), labelOfTarget('taco-x@build:4')], [4, 'AGENT-4']);
  });

  it('only selects the queue of its messages', () => {
    assert.equal(keysFor(keys, 'taco-x@build:4').queue, `${keys.queue}:build`);
    assert.equal(keysFor(keys, 'taco-x:4').queue, keys.queue);
    assert.equal(keysFor(keys, 'user').queue, keys.queue);
    const host = new HostKeys(keys.projectId, 'build');
    assert.deepEqual(
      [host.command('cmd_1'), host.depth, host.states, host.session, host.events],
      [keys.command('cmd_1'), keys.depth, keys.states, keys.session, keys.events],
    );
    for (const own of [host.lease, host.epoch]) assert.ok(own.startsWith(keys.leases), 'kept with the other leases');
  });

  it('receives its messages, also in a broadcast', () => {
    const roster = {
      tmuxSession: 's',
      agents: [
        { window: 2, name: 'near' },
        { window: 3, name: 'far', host: 'build' },
      ],
    };
    assert.deepEqual(
      recipientsOf('FAR', roster, null).map(({ target }) => target),
      ['s@build:3'],
    );
    assert.deepEqual(
      recipientsOf('all', roster, null).map(({ target }) => target),
      ['s:2', 's@build:3'],
    );
  });

  it('is validated if the connected hosts are known', () => {
    const value = { agents: [{ window: 2, name: 'far', role: 'r', host: 'build' }] };
    assert.deepEqual(codes(value), []);
    assert.deepEqual(codes(value, ['build']), []);
    assert.deepEqual(codes(value, ['gpu']), ['unknown-host']);
    assert.deepEqual(codes({ agents: [{ ...value.agents[0], host: 'two words' }] }), ['wrong-type']);
  });

  it('does not change when the plan of a running team changes', () => {
    const spec = (more: object) => agentSpecSchema.parse({ window: 2, role: 'r', ...more });
    const team = [spec({ name: 'far', host: 'build' }), spec({ window: 3, name: 'near' })];
    const moved = assignTeamWindows(
      {
        agents: [
          spec({ name: 'far' }),
          spec({ window: 3, name: 'near', host: 'build' }),
          spec({ window: 4, name: 'new', host: 'gpu' }),
        ],
      },
      team,
    );
    assert.deepEqual(
      moved.agents.map(({ name, host }) => [name, host]),
      [
        ['far', 'build'],
        ['near', undefined],
        ['new', 'gpu'],
      ],
    );
  });

  it('is mentioned to Mother only after a host has joined', () => {
    assert.ok(!planningMessage('x', 5).includes('"host"'));
    assert.match(planningMessage('x', 5, ['build', 'gpu']), /"host": only for an agent .* build or gpu/);
  });
});

describe('a message to a disconnected host', () => {
  const hosts: readonly HostView[] = [
    { name: 'build', machine: 'm', socket: 'taco', awaySince: 500 },
    { name: 'gpu', machine: 'm', socket: 'taco', awaySince: null },
  ];
  const shown = (target: string, state: MessageState, since = 100): unknown[] => {
    const { state: now, reason, since: from } = withHostAway({ target, state, reason: '', since }, hosts);
    return [now, reason, from];
  };

  it('is shown as held since the host disconnected or the message arrived', () => {
    assert.deepEqual(shown('s@build:3', 'queued'), ['held', 'host-away', 500]);
    assert.deepEqual(shown('s@build:3', 'queued', 900), ['held', 'host-away', 900]);
  });

  it('is unchanged if it ended, its host is connected, or it has no host', () => {
    assert.deepEqual(shown('s@build:3', 'received'), ['received', '', 100]);
    assert.deepEqual(shown('s@build:3', 'entered'), ['entered', '', 100]);
    assert.deepEqual(shown('s@gpu:4', 'queued'), ['queued', '', 100]);
    assert.deepEqual(shown('s:2', 'queued'), ['queued', '', 100]);
  });
});

describe('a request of the leader to a host', () => {
  it('is parsed unchanged, without additional members', () => {
    const order = launchRequestSchema.parse({
      window: 3,
      name: 'far',
      role: 'r',
      spec: agentSpecSchema.parse({ window: 3, name: 'far', role: 'r', host: 'build' }),
      systemPrompt: 'p',
      profile: 'claude',
      earlier: null,
      launch: 'id',
    });
    assert.deepEqual(hostRequestSchema.parse(JSON.parse(JSON.stringify({ kind: 'launch', order }))), {
      kind: 'launch',
      order,
    });
    assert.deepEqual(hostRequestSchema.parse({ kind: 'patch', window: 3, patch: { done: true, status: 'idle' } }), {
      kind: 'patch',
      window: 3,
      patch: { done: true },
    });
  });
});

function codes(value: unknown, hosts?: readonly string[]): readonly string[] {
  return validatePlan(value, { hosts }).problems.map(({ code }) => code);
}
