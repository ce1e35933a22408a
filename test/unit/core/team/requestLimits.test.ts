import assert from 'node:assert/strict';
import {
  MAX_ANSWER_LENGTH,
  MAX_PLAN_LENGTH,
  MAX_REQUEST_BYTES,
  MAX_ROLE_LENGTH,
  MAX_TASK_LENGTH,
} from '../../../../src/core/base/limits';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { agentSpecSchema } from '../../../../src/core/models';
import { inputResponseSchema } from '../../../../src/core/requests/inputRequest';
import { assertRequestFits } from '../../../../src/core/team/requestLimits';
import { planMessageSchema } from '../../../../src/core/webviews/planReviewProtocol';
import { controlRequestSchema } from '../../../../src/redis/decode/schemas';

const REQUESTS: readonly (readonly [name: string, limit: number, of: (text: string) => object])[] = [
  ['goal', MAX_TASK_LENGTH, (goal) => ({ kind: 'start', goal })],
  ['plan of a start', MAX_PLAN_LENGTH, (plan) => ({ kind: 'start', goal: 'x', plan })],
  ['submitted plan', MAX_PLAN_LENGTH, (text) => ({ kind: 'submit-plan', text })],
  ['note to Mother', MAX_TASK_LENGTH, (note) => ({ kind: 'reject', note })],
  ['report of finished work', MAX_TASK_LENGTH, (text) => ({ kind: 'report-done', window: 2, text })],
];

describe('the limit of a request’s text', () => {
  for (const [name, limit, of] of REQUESTS)
    it(`is the same for its sender and its reader: ${name}`, () => {
      // An emoji has four bytes, and the whole request has a limit of its own.
      for (const text of ['a'.repeat(limit), ...(limit * 4 < MAX_REQUEST_BYTES ? ['😀'.repeat(limit)] : [])]) {
        const [at, above] = [of(text), of(`${text}b`)];
        assertRequestFits(at, JSON.stringify(at));
        assert.ok(controlRequestSchema.safeParse(at).success);
        assert.throws(
          () => assertRequestFits(above, JSON.stringify(above)),
          (error) => isTacoError(error, 'message-too-long') && error.message.includes(`${limit + 1} characters`),
        );
        assert.ok(!controlRequestSchema.safeParse(above).success);
      }
    });

  it('is a number of bytes for the request as a whole', () => {
    const plan = { plan: 'x' };
    assertRequestFits(plan, 'é'.repeat(MAX_REQUEST_BYTES / 2));
    assert.throws(
      () => assertRequestFits(plan, `${'é'.repeat(MAX_REQUEST_BYTES / 2)}b`),
      (error) => isTacoError(error, 'message-too-long'),
    );
  });
});

describe('the limits of texts in schemas', () => {
  const agent = { window: 2, name: 'api', role: 'r' };
  const cases: readonly (readonly [string, number, (text: string) => boolean])[] = [
    ['name', 32, (name) => agentSpecSchema.safeParse({ ...agent, name }).success],
    ['role', MAX_ROLE_LENGTH, (role) => agentSpecSchema.safeParse({ ...agent, role }).success],
    ['task', MAX_TASK_LENGTH, (task) => agentSpecSchema.safeParse({ ...agent, task }).success],
    ['reason of a denial', MAX_ANSWER_LENGTH, (note) => inputResponseSchema.safeParse({ kind: 'deny', note }).success],
    [
      'answer',
      MAX_ANSWER_LENGTH,
      (answer) => inputResponseSchema.safeParse({ kind: 'answers', answers: { which: answer } }).success,
    ],
    [
      'note of the plan review',
      MAX_TASK_LENGTH,
      (note) => planMessageSchema.safeParse({ type: 'reject', at: 1, note, withEdits: false }).success,
    ],
  ];
  for (const [name, limit, accepts] of cases)
    it(`accept the longest ${name}, and nothing longer`, () => {
      assert.ok(accepts('a'.repeat(limit)));
      assert.ok(!accepts('a'.repeat(limit + 1)));
    });
});
