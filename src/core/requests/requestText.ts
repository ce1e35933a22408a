/** The whole text of an agent's input request. No zod: VS Code loads this module with the extension. */
import type { InputRequest } from './inputRequest';
import { questionsOf } from './questions';

/** Returns the whole request as text for users; many lines. */
export function requestText(request: InputRequest): string {
  if (request.kind === 'dialog') return request.input;
  const fields = fieldsOf(request);
  if (fields === null) return request.input;
  const own = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  switch (request.tool) {
    case 'Bash':
      return [
        own('command'),
        own('description') && `# ${own('description')}`,
        ...otherFields(fields, ['command', 'description']),
      ]
        .filter(Boolean)
        .join('\n\n');
    case 'ExitPlanMode':
      return own('plan') || request.input;
    case 'Write':
      return `${own('file_path')}\n\n${own('content')}`;
    case 'Edit':
      return [
        own('file_path'),
        ...marked('- ', own('old_string')),
        ...marked('+ ', own('new_string')),
        ...otherFields(fields, ['file_path', 'old_string', 'new_string']),
      ].join('\n');
    case 'AskUserQuestion':
      return (
        questionsOf(request)
          ?.map(({ question, options }) =>
            [
              question,
              '',
              ...options.map(({ label, description }) => `- ${description ? `${label}: ${description}` : label}`),
            ].join('\n'),
          )
          .join('\n\n') ?? JSON.stringify(fields, null, 2)
      );
    default:
      return JSON.stringify(fields, null, 2);
  }
}

/** Returns the members of the tool’s input; null when it was cut off, or is no object. */
export function fieldsOf({ input, cut }: InputRequest): Readonly<Record<string, unknown>> | null {
  if (cut) return null;
  try {
    const value: unknown = JSON.parse(input);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function marked(mark: string, text: string): readonly string[] {
  return text === '' ? [] : text.split('\n').map((line) => mark + line);
}

/** Returns the other fields of the input: the user who decides must see all of it. */
export function otherFields(fields: Readonly<Record<string, unknown>>, shown: readonly string[]): readonly string[] {
  return Object.entries(fields)
    .filter(([name]) => !shown.includes(name))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
}
