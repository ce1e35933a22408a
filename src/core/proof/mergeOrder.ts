import type { AgentSpec } from '../models';

/** Returns the names in the order in which their work is merged: after everything that it builds on, else by window. */
export function mergeOrder(specs: readonly Pick<AgentSpec, 'name' | 'window' | 'depends_on' | 'wait_for'>[]): string[] {
  const rest = [...specs].sort((a, b) => a.window - b.window);
  const names = new Set(rest.map(({ name }) => name));
  const placed = new Set<string>();
  const order: string[] = [];
  while (rest.length > 0) {
    const next = rest.findIndex(({ depends_on, wait_for }) =>
      [...depends_on, ...wait_for].every((name) => !names.has(name) || placed.has(name)),
    );
    // A plan has no cycle; a record that was changed by hand may have one.
    const [spec] = rest.splice(Math.max(0, next), 1);
    if (!spec) break;
    placed.add(spec.name);
    order.push(spec.name);
  }
  return order;
}
