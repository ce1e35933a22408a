/** An answer as the user writes it on a command line. Pure. */
import { errors } from '../errors/errors';
import type { InputRequest, InputResponse } from './inputRequest';
import { questionsOf, type Question } from './questions';

/** Choices of a dialog on the screen that mean a plain yes or no, in the words of the agent CLIs. */
const YES = /^\W*(yes|allow|approve|accept|proceed|trust)\b/i;
const NO = /^\W*(no|deny|reject|decline|cancel)\b/i;

/**
 * Returns the answer that `words` give to the request: `allow`, `deny`, the number or label of a choice, or for a
 * question one text (or number of an option) for each question. `note` goes to the agent with a denial.
 * Throws TacoError usage when the words do not fit the request.
 */
export function parseAnswer(request: InputRequest, words: readonly string[], note = ''): InputResponse {
  const text = words.join(' ').trim();
  if (note !== '' && text !== 'deny')
    throw errors.usage('--note goes with deny only.', 'Write `taco answer AGENT deny --note TEXT`.');
  switch (request.kind) {
    case 'dialog':
      return { kind: 'pick', choice: dialogChoice(request, text) };
    case 'question':
      return text === 'deny' ? { kind: 'deny', note } : { kind: 'answers', answers: answersOf(request, words) };
    case 'permission':
    case 'plan':
      return decisionOf(request, text, note);
  }
}

function decisionOf(request: InputRequest, text: string, note: string): InputResponse {
  if (text === 'deny') return { kind: 'deny', note };
  const choice = text === 'allow' ? undefined : choiceOf(request.choices, text);
  if (choice === -1) throw unfit(request, text, ['allow', 'deny', ...numbered(request.choices)]);
  // One word must not allow what the user cannot have read.
  if (request.cut)
    throw errors.usage(
      'Cannot allow this request: TACO holds only its beginning.',
      'Read it in the agent’s terminal and answer there, or deny it.',
    );
  return choice === undefined ? { kind: 'allow' } : { kind: 'allow', choice };
}

function dialogChoice(request: InputRequest, text: string): number {
  const { choices } = request;
  const meaning = text === 'allow' ? YES : text === 'deny' ? NO : null;
  const choice = meaning ? choices.findIndex((label) => meaning.test(label)) : choiceOf(choices, text);
  if (choice === -1) throw unfit(request, text, numbered(choices));
  return choice;
}

function answersOf(request: InputRequest, words: readonly string[]): Record<string, string> {
  const questions = questionsOf(request);
  if (questions === null)
    throw errors.usage(
      'Cannot answer this question: TACO cannot read all of it.',
      'Answer it in the agent’s terminal.',
    );
  const given = questions.length === 1 ? [words.join(' ')] : words;
  if (given.length !== questions.length || given.some((each) => each.trim() === ''))
    throw errors.usage(
      `The agent has ${questions.length} questions, and ${given.length} answers were given.`,
      `Give one text for each, in order: ${questions.map(({ question }) => `"${question}"`).join(', ')}.`,
    );
  return Object.fromEntries(
    questions.map((question, index) => [question.question, optionOf(question, given[index] ?? '')]),
  );
}

/** Returns the label that a number, or several numbers `1,3`, stands for; any other text as it is. */
function optionOf({ options, multiSelect }: Question, text: string): string {
  const numbers = /^\d+(\s*,\s*\d+)*$/.test(text.trim()) ? text.split(',').map(Number) : [];
  const labels = numbers.map((number) => options[number - 1]?.label);
  if (labels.length === 0 || labels.includes(undefined) || (labels.length > 1 && !multiSelect)) return text.trim();
  return labels.join(', ');
}

/** Returns the index of the choice with this number (from 1) or this label; -1 without one. */
function choiceOf(choices: readonly string[], text: string): number {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (number > 0) return number <= choices.length ? number - 1 : -1;
  const wanted = text.toLowerCase();
  return wanted === '' ? -1 : choices.findIndex((label) => label.trim().toLowerCase() === wanted);
}

function numbered(choices: readonly string[]): readonly string[] {
  return choices.map((label, index) => `${index + 1} (${label})`);
}

function unfit(request: InputRequest, text: string, takes: readonly string[]): Error {
  return errors.usage(
    `"${text}" does not answer this ${request.kind}.`,
    takes.length > 0 ? `It takes ${takes.join(', ')}.` : 'Answer it in the agent’s terminal.',
  );
}
