/** The subject of a row of a tree, or of a command on it. */
export interface Subject {
  readonly window?: number;
  readonly messageId?: string;
  readonly service?: string;
  readonly needId?: string;
}

/** Returns the subject of a command: a row of a tree, or nothing when the command comes from the palette. */
export function subjectOf(argument: unknown): Subject {
  if (typeof argument !== 'object' || argument === null || !('subject' in argument)) return {};
  const { subject } = argument;
  if (typeof subject !== 'object' || subject === null) return {};
  const { window, messageId, service, needId } = subject as Record<string, unknown>;
  return {
    ...(typeof window === 'number' ? { window } : {}),
    ...(typeof messageId === 'string' ? { messageId } : {}),
    ...(typeof service === 'string' ? { service } : {}),
    ...(typeof needId === 'string' ? { needId } : {}),
  };
}
