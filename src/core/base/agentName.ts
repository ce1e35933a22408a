/** Names that have another meaning in an address; compared without case. */
export const RESERVED_NAMES: readonly string[] = ['mother', 'user', 'all', 'monitor', 'taco'];

/** Returns the comparison key of an agent name; names with equal keys name the same agent. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase();
}
