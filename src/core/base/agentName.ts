/** Returns the comparison key of an agent name; names with equal keys name the same agent. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase();
}
