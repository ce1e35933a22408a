import { existsSync, readFileSync } from 'node:fs';

/** Returns the user's texts that the model of a scripted agent got, in order. @param file its `TACO_SCRIPTED_RECEIVED` */
export function receivedPrompts(file: string, name: string): string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { agent: string; prompt?: string });
  return lines
    .filter((line) => line.agent === name && line.prompt?.startsWith('[USER'))
    .map(({ prompt }) => prompt?.replace(/^\[.*?\]: /, '').trim() ?? '');
}
