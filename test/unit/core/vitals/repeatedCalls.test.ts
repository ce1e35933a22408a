import assert from 'node:assert/strict';
import { MANY_FAILURES, RepeatedCalls } from '../../../../src/core/vitals/repeatedCalls';
import { readClaudeCalls } from '../../../../src/profiles/claude/calls';

/** Two lines of a transcript: a call and its result. */
function call(id: string, command: string, failed: boolean): string[] {
  return [
    { type: 'assistant', message: { content: [{ type: 'tool_use', id, name: 'Bash', input: { command } }] } },
    {
      type: 'user',
      message: {
        content: [{ type: 'tool_result', tool_use_id: id, content: 'x', ...(failed ? { is_error: true } : {}) }],
      },
    },
  ].map((line) => JSON.stringify(line));
}

function repeatedIn(lines: readonly string[]): ReturnType<() => RepeatedCalls['repeated']> {
  const calls = new RepeatedCalls();
  for (const line of lines) for (const sign of readClaudeCalls(line)) calls.take(sign);
  return calls.repeated;
}

describe('calls that an agent repeats', () => {
  const many = Array.from({ length: MANY_FAILURES }, (_, n) => n);

  it('are reported when the same one fails many times', () => {
    const lines = many.flatMap((n) => [...call(`a${n}`, 'npm test', true), ...call(`b${n}`, `ls ${n}`, true)]);
    assert.deepEqual(repeatedIn(lines), { call: 'Bash npm test', count: MANY_FAILURES });
  });

  it('are no loop while something succeeds in between, as between an edit and a failing test', () => {
    const lines = many.flatMap((n) => [...call(`e${n}`, `edit ${n}`, false), ...call(`t${n}`, 'npm test', true)]);
    assert.equal(repeatedIn(lines), null);
  });

  it('are not found in broken or foreign lines', () => {
    assert.deepEqual(['{"tool_use"', '{"type":"tool_use"}', '[]"tool_result"'].flatMap(readClaudeCalls), []);
  });
});
