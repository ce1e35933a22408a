import assert from 'node:assert/strict';
import type { InputRequest } from '../../../../src/core/requests/inputRequest';
import { openRequests } from '../../../../src/core/team/openRequests';

const request = (id: string, at: number): InputRequest => ({
  id,
  window: 2,
  kind: 'permission',
  tool: 'Bash',
  input: '{}',
  cut: false,
  choices: [],
  at,
});

describe('open requests', () => {
  it('come oldest first, and in one order when they came at the same moment', () => {
    const needs = [request('need_c', 2), request('need_b', 1), request('need_a', 2)];
    for (const order of [needs, needs.toReversed()])
      assert.deepEqual(
        openRequests({ agents: [], needs: order }).map(({ id }) => id),
        ['need_b', 'need_a', 'need_c'],
      );
  });
});
