/** Questions of an agent's AskUserQuestion. No zod: VS Code loads this module with the extension. */
import type { InputRequest } from './inputRequest';

export interface Question {
  readonly question: string;
  readonly multiSelect: boolean;
  readonly options: readonly { readonly label: string; readonly description: string }[];
}

/** Returns the questions; null when they cannot be read completely: then the user answers them in the terminal. */
export function questionsOf(request: Pick<InputRequest, 'kind' | 'input' | 'cut'>): readonly Question[] | null {
  if (request.kind !== 'question' || request.cut) return null;
  try {
    const questions = list((JSON.parse(request.input) as Record<string, unknown>)['questions']).map(questionOf);
    return questions.length > 0 && questions.every((question) => question !== null) ? questions : null;
  } catch {
    return null;
  }
}

function questionOf(value: unknown): Question | null {
  const { question, multiSelect, options } = (value ?? {}) as Record<string, unknown>;
  if (typeof question !== 'string') return null;
  const read = list(options).map((option) => {
    const { label, description } = (option ?? {}) as Record<string, unknown>;
    return { label: String(label), description: typeof description === 'string' ? description : '' };
  });
  return { question, multiSelect: multiSelect === true, options: read };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
