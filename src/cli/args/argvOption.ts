import * as z from 'zod';
import { errors } from '../../core/errors/errors';
import { splitWords } from '../../core/programs/commandLine';

const words = z.array(z.string().min(1)).min(1).max(64);

/**
 * Parses an option whose value is a command: a line in which quotes keep spaces together, or a JSON array of
 * arguments; no shell parses it. Throws TacoError usage.
 */
export function argvOption(option: string, text: string): readonly string[] {
  const { data } = words.safeParse(parseArray(text) ?? splitWords(text));
  if (!data)
    throw errors.usage(`--${option} is no command.`, 'Give one such as "npm ci", or a JSON array of its words.');
  return data;
}

function parseArray(text: string): unknown {
  if (!text.trimStart().startsWith('[')) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // `[` is also the name of a program
  }
}
