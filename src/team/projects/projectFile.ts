/** `project.json`: how processes find a project's folder, Redis and tmux server. Needs no zod: light commands use it. */
import { readFileSync } from 'node:fs';

export interface ProjectFacts {
  readonly dir?: string;
  readonly redisUrl?: string;
  /** tmux server socket name. */
  readonly socket?: string;
}

/** Returns the valid fields of the file; a damaged or missing file counts as empty. */
export function readProjectFile(file: string): ProjectFacts {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return {};
    const { dir, redisUrl, socket } = value as Record<string, unknown>;
    return {
      ...(typeof dir === 'string' && dir ? { dir } : {}),
      ...(typeof redisUrl === 'string' && redisUrl ? { redisUrl } : {}),
      ...(typeof socket === 'string' && socket ? { socket } : {}),
    };
  } catch {
    return {};
  }
}
