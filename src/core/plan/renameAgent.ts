import { nameKey } from '../base/agentName';

/** One change of the plan's JSON: what stands at the path from now on. `undefined` takes it out; one behind a list's end is appended. */
export interface JsonChange {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** One agent of a plan as it is written, right or not. */
export type RawAgent = Readonly<Record<string, unknown>>;

/** The lists of an agent that name other agents. */
export const RELATIONS = ['depends_on', 'wait_for', 'notifies'] as const;

/** The agent's name without blanks around it; empty when it has none. */
export function nameOf(agent: RawAgent | undefined): string {
  return typeof agent?.['name'] === 'string' ? agent['name'].trim() : '';
}

/** The changes that give an agent another name. The lists of all agents go with it, unless it is not clear who is meant there. */
export function renameAgent(agents: readonly RawAgent[], index: number, name: string): JsonChange[] {
  const own: JsonChange = { path: ['agents', index, 'name'], value: name };
  const old = nameOf(agents[index]);
  const isTaken = agents.some((agent) => isSameName(nameOf(agent), name) && !isSameName(nameOf(agent), old));
  return old === '' || isTaken || !isUnique(agents, old)
    ? [own]
    : [own, ...replaceReferences(agents, old, name.trim())];
}

/** The changes that take an agent out of the plan, and of all lists unless another agent has its name. */
export function removeAgent(agents: readonly RawAgent[], index: number): JsonChange[] {
  const old = nameOf(agents[index]);
  const references = isUnique(agents, old) ? replaceReferences(agents, old, null, index) : [];
  return [...references, { path: ['agents', index], value: undefined }];
}

/** The lists in which `from` stands, with `to` in its place or without it. The agent at `except` is left out. */
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
