/** Conflicts of an agent's changes with those of others, as its record holds them. */
import type { AgentRecord } from '../agents/agentRecord';

export interface Conflict {
  /** The other agent. */
  readonly agent: string;
  readonly files: readonly string[];
}

/** Files of one conflict, and conflicts of one agent, that are kept. */
const MAX_FILES = 20;
const MAX_CONFLICTS = 20;

/** Returns the text of a record; empty without conflicts. */
export function conflictsText(conflicts: readonly Conflict[]): string {
  if (conflicts.length === 0) return '';
  const kept = conflicts.slice(0, MAX_CONFLICTS);
  return JSON.stringify(kept.map(({ agent, files }) => ({ agent, files: files.slice(0, MAX_FILES) })));
}

/** Returns the conflicts in a record; none when it is damaged. Without a schema: views read it at each redraw. */
export function conflictsOf({ conflicts = '' }: Pick<AgentRecord, 'conflicts'>): readonly Conflict[] {
  try {
    const found: unknown = JSON.parse(conflicts || '[]');
    return Array.isArray(found) ? found.filter(isConflict) : [];
  } catch {
    return [];
  }
}

function isConflict(value: unknown): value is Conflict {
  if (typeof value !== 'object' || value === null || !('agent' in value) || !('files' in value)) return false;
  const { agent, files } = value;
  return typeof agent === 'string' && Array.isArray(files) && files.every((file) => typeof file === 'string');
}
