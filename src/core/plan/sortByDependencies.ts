import type { AgentSpec } from '../models';

/**
 * Returns the agents in their given order, each after those that it needs. Names outside the list are met already. A
 * plan has no cycle; a record that was changed by hand may have one, and its agents follow in their given order.
 */
export function sortByDependencies<T extends Pick<AgentSpec, 'name' | 'depends_on'>>(
  agents: readonly T[],
  needs: (agent: T) => readonly string[] = ({ depends_on }) => depends_on,
): readonly T[] {
  const rest = [...agents];
  const names = new Set(rest.map(({ name }) => name));
  const placed = new Set<string>();
  const ordered: T[] = [];
  while (rest.length > 0) {
    const next = rest.findIndex((agent) => needs(agent).every((name) => !names.has(name) || placed.has(name)));
    for (const agent of rest.splice(Math.max(0, next), 1)) {
      placed.add(agent.name);
      ordered.push(agent);
    }
  }
  return ordered;
}
