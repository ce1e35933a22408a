import assert from 'node:assert/strict';
import { inputRequestSchema } from '../../../../src/core/requests/inputRequest';
import { decisionOf, inputRequestOf, permissionRequestOf } from '../../../../src/core/requests/permissionHook';
import { questionsOf } from '../../../../src/core/requests/questions';

const ask = (fields: object) => {
  const request = permissionRequestOf(JSON.stringify({ tool_name: 'Bash', tool_input: { command: 'ls' }, ...fields }));
  assert.ok(request);
  return request;
};

describe('a permission request', () => {
  it('is read only from valid hook input', () => {
    for (const text of ['', '{', 'null', '[]', '{}', '{"tool_name":7}', '"x"'])
      assert.equal(permissionRequestOf(text), null, text);
  });

  it('becomes an input request that fits its schema, cut and marked as cut if the input is huge', () => {
    const inputRequest = inputRequestOf(
      ask({ tool_name: 'Write', tool_input: { content: '𝛼"\n'.repeat(200_000) } }),
      'need_1',
      2,
      1,
    );
    assert.ok(inputRequestSchema.safeParse(inputRequest).success);
    assert.equal(inputRequest.cut, true);
    assert.equal(inputRequestOf(ask({}), 'need_1', 2, 1).cut, false);
  });

  it('offers only suggestions of the CLI that have a label', () => {
    const rule = {
      type: 'addRules',
      behavior: 'allow',
      rules: [{ toolName: 'Bash', ruleContent: 'npm test:*' }, { toolName: 'WebFetch' }],
      destination: 'session',
    };
    const { offers } = ask({
      permission_suggestions: [
        rule,
        { type: 'setMode', mode: 'bypassPermissions' },
        { type: 'addRules', behavior: 'deny', rules: [] },
        null,
        7,
        { type: 'setMode', mode: 'acceptEdits', destination: 'session' },
      ],
    });
    assert.deepEqual(
      offers.map(({ words }) => words),
      [
        'and always allow Bash(npm test:*), WebFetch in this session',
        'and accept its edits without asking, in this session',
      ],
    );
    assert.deepEqual(
      JSON.parse(decisionOf(ask({ permission_suggestions: [rule] }), { kind: 'allow', choice: 0 }) ?? ''),
      {
        hookSpecificOutput: {
          hookEventName: 'PermissionRequest',
          decision: { behavior: 'allow', updatedPermissions: [rule] },
        },
      },
    );
  });

  it('has no decision for an answer that does not fit', () => {
    assert.equal(decisionOf(ask({}), { kind: 'allow', choice: 3 }), null);
    assert.equal(decisionOf(ask({}), { kind: 'pick', choice: 0 }), null);
    assert.equal(decisionOf(ask({}), { kind: 'answers', answers: {} }), null);
    assert.equal(decisionOf(ask({ tool_name: 'AskUserQuestion' }), { kind: 'allow' }), null);
  });

  it('keeps the original questions with their answers', () => {
    const input = { questions: [{ question: 'Which "one"?', options: [{ label: 'A' }] }] };
    const request = ask({ tool_name: 'AskUserQuestion', tool_input: input });
    const printed = JSON.parse(decisionOf(request, { kind: 'answers', answers: { 'Which "one"?': 'A' } }) ?? '') as {
      hookSpecificOutput: { decision: unknown };
    };
    assert.deepEqual(printed.hookSpecificOutput.decision, {
      behavior: 'allow',
      updatedInput: { ...input, answers: { 'Which "one"?': 'A' } },
    });
    assert.deepEqual(questionsOf(inputRequestOf(request, 'need_1', 2, 1)), [
      { question: 'Which "one"?', multiSelect: false, options: [{ label: 'A', description: '' }] },
    ]);
  });

  it('has no questions for the user if they cannot be read completely', () => {
    for (const input of ['', '{}', '{"questions":[]}', '{"questions":[{}]}', '{"questions":"x"}'])
      assert.equal(questionsOf({ kind: 'question', input, cut: false }), null, input);
    assert.equal(questionsOf({ kind: 'question', input: '{"questions":[{"question":"x"}]}', cut: true }), null);
  });
});
