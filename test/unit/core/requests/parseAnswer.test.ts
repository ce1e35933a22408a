import assert from 'node:assert/strict';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import type { InputRequest, InputResponse } from '../../../../src/core/requests/inputRequest';
import { parseAnswer } from '../../../../src/core/requests/parseAnswer';

const request = (patch: Partial<InputRequest>): InputRequest => ({
  id: 'need_1',
  window: 2,
  kind: 'permission',
  tool: 'Bash',
  input: '{"command":"make"}',
  cut: false,
  choices: ['and always allow make in this session'],
  at: 1,
  ...patch,
});
const question = (count: number): InputRequest =>
  request({
    kind: 'question',
    tool: 'AskUserQuestion',
    choices: [],
    input: JSON.stringify({
      questions: Array.from({ length: count }, (_, index) => ({
        question: `Question ${index + 1}?`,
        multiSelect: index === 1,
        options: [
          { label: 'Red', description: '' },
          { label: 'Blue', description: '' },
        ],
      })),
    }),
  });
const dialog = request({
  kind: 'dialog',
  tool: '',
  input: 'Run it?',
  choices: ['Yes, proceed', 'Yes, always', 'No, stop'],
});

describe('an answer on the command line', () => {
  const table: readonly (readonly [string, InputRequest, readonly string[], InputResponse])[] = [
    ['allows a permission', request({}), ['allow'], { kind: 'allow' }],
    ['denies it', request({}), ['deny'], { kind: 'deny', note: '' }],
    ['allows with a numbered choice', request({}), ['1'], { kind: 'allow', choice: 0 }],
    [
      'allows with the words of a choice',
      request({}),
      ['and', 'always', 'allow', 'make', 'in', 'this', 'session'],
      { kind: 'allow', choice: 0 },
    ],
    [
      'denies a request of which only the beginning is known',
      request({ cut: true }),
      ['deny'],
      { kind: 'deny', note: '' },
    ],
    [
      'answers one question in several words',
      question(1),
      ['dark', 'red'],
      { kind: 'answers', answers: { 'Question 1?': 'dark red' } },
    ],
    [
      'answers a question by the number of an option',
      question(1),
      ['2'],
      { kind: 'answers', answers: { 'Question 1?': 'Blue' } },
    ],
    [
      'answers each of several questions',
      question(2),
      ['1', '1,2'],
      { kind: 'answers', answers: { 'Question 1?': 'Red', 'Question 2?': 'Red, Blue' } },
    ],
    ['denies a question', question(2), ['deny'], { kind: 'deny', note: '' }],
    ['picks the plain yes of a dialog', dialog, ['allow'], { kind: 'pick', choice: 0 }],
    ['picks the no of a dialog', dialog, ['deny'], { kind: 'pick', choice: 2 }],
    ['picks a numbered choice of a dialog', dialog, ['2'], { kind: 'pick', choice: 1 }],
  ];
  for (const [title, asked, words, expected] of table)
    it(title, () => assert.deepEqual(parseAnswer(asked, words), expected));

  const refused: readonly (readonly [string, InputRequest, readonly string[], RegExp])[] = [
    ['another word for a permission', request({}), ['yes'], /does not answer this permission/],
    ['a choice that does not exist', request({}), ['2'], /does not answer/],
    [
      'an allow of a request of which only the beginning is known',
      request({ cut: true }),
      ['allow'],
      /only its beginning/,
    ],
    ['one answer for two questions', question(2), ['red'], /2 questions/],
    ['an empty answer', question(1), [''], /1 questions/],
    ['a question that was cut off', { ...question(1), cut: true }, ['red'], /cannot read all/],
    ['a choice that a dialog does not have', dialog, ['4'], /does not answer this dialog/],
    ['allow where a dialog has no plain yes', { ...dialog, choices: ['Red', 'Blue'] }, ['allow'], /does not answer/],
  ];
  for (const [title, asked, words, message] of refused)
    it(`refuses ${title}`, () =>
      assert.throws(
        () => parseAnswer(asked, words),
        (error) => isTacoError(error, 'usage') && message.test(error.message),
      ));

  it('passes a note to the agent with a denial only', () => {
    assert.deepEqual(parseAnswer(request({}), ['deny'], 'use make'), { kind: 'deny', note: 'use make' });
    assert.throws(() => parseAnswer(request({}), ['allow'], 'use make'), /--note goes with deny/);
  });
});
