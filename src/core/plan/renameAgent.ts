import { nameKey } from '../base/agentName';

/**
 * One change of the plan's JSON: the new value at a path. `undefined` removes the member; an index behind a list's end
 * appends.
 */
export interface JsonChange {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** One agent of a plan as it is written, valid or not. */
export type RawAgent = Readonly<Record<string, unknown>>;

/** The members that list other agents. */
export const RELATIONS = ['depends_on', 'wait_for', 'notifies'] as const;

/** Returns the agent's trimmed name; empty when it has none. */
export function nameOf(agent: RawAgent | undefined): string {
  return typeof agent?.['name'] === 'string' ? agent['name'].trim() : '';
}

/**
 * Returns the changes that rename an agent. They include the lists of all agents, unless the old or the new name is
 * ambiguous.
 */
export function renameAgent(agents: readonly RawAgent[], index: number, name: string): JsonChange[] {
  const own: JsonChange = { path: ['agents', index, 'name'], value: name };
  const old = nameOf(agents[index]);
  const isTaken = agents.some((agent) => isSameName(nameOf(agent), name) && !isSameName(nameOf(agent), old));
  return old === '' || isTaken || !isUnique(agents, old)
    ? [own]
    : [own, ...replaceReferences(agents, old, name.trim())];
}

/** Returns the changes that remove an agent from the plan, and from all lists unless another agent has its name. */
export function removeAgent(agents: readonly RawAgent[], index: number): JsonChange[] {
  const old = nameOf(agents[index]);
  const references = isUnique(agents, old) ? replaceReferences(agents, old, null, index) : [];
  return [...references, { path: ['agents', index], value: undefined }];
}

/**
 * Returns the changes of all lists that contain `from`: `to` replaces it, null removes it. The agent at `except` is
 * skipped.
 */
function replaceReferences(agents: readonly RawAgent[], from: string, to: string | null, except = -1): JsonChange[] {
  const isMeant = (name: unknown): boolean => typeof name === 'string' && isSameName(name, from);
  return agents.flatMap((agent, index) =>
    RELATIONS.flatMap((relation) => {
      const list: unknown = agent[relation];
      if (index === except || !Array.isArray(list) || !list.some(isMeant)) return [];
      const next = list.flatMap((name: unknown) => (!isMeant(name) ? [name] : to === null ? [] : [to]));
      return [{ path: ['agents', index, relation], value: next }];
    }),
  );
}

function isUnique(agents: readonly RawAgent[], name: string): boolean {
  return agents.filter((agent) => isSameName(nameOf(agent), name)).length === 1;
}

function isSameName(a: string, b: string): boolean {
  return nameKey(a) === nameKey(b);
}
