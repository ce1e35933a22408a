/** Two names in a plan that have the same key name the same agent. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase();
}
