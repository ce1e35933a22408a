/** Repairs of a plan that need no decision of the user: free windows and free names. */
import { nameKey, RESERVED_NAMES } from '../base/agentName';
import { AGENT_NAME, FIRST_AGENT_WINDOW } from '../base/limits';
import { nameOf, renameAgent, type RawAgent } from './renameAgent';

/** Maximum length of the readable part of a new name; a number may follow. */
const MAX_BASE_LENGTH = 28;

/**
 * Assigns a window to each agent. The first agent that asks for a number keeps it. All others (`null`: no usable
 * number) get the lowest free number from 2 up, in the order of the list.
 */
export function renumbered(windows: readonly (number | null)[]): number[] {
  const taken = new Set<number>();
  const keeps = windows.map((window) => window !== null && !taken.has(window) && taken.add(window).size > 0);
  let free = FIRST_AGENT_WINDOW;
  return windows.map((window, index) => {
    if (keeps[index] && window !== null) return window;
    while (taken.has(free)) free++;
    return free++;
  });
}

/** Returns a valid free name for an agent, as close as possible to its present one: `two words` becomes `two_words`. */
export function freeName(agents: readonly RawAgent[], index: number): string {
  const taken = new Set(agents.filter((_agent, other) => other !== index).map((agent) => nameKey(nameOf(agent))));
  const plain = nameOf(agents[index])
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, MAX_BASE_LENGTH)
    .replace(/_+$/, '');
  const base = plain === '' ? `agent_${index + 1}` : RESERVED_NAMES.includes(nameKey(plain)) ? `${plain}_agent` : plain;
  let name = base;
  for (let number = 2; taken.has(nameKey(name)); number += 1) name = `${base}_${number}`;
  return name;
}

/**
 * Gives each agent with an empty, invalid, reserved or duplicate name a free one, also in the lists that name it. The
 * first of several agents with one name keeps it and the references.
 */
export function withFreeNames(agents: readonly RawAgent[]): readonly RawAgent[] {
  const first = new Map<string, number>();
  agents.forEach((agent, index) => {
    const key = nameKey(nameOf(agent));
    if (!first.has(key)) first.set(key, index);
  });
  const isRepeated = (agent: RawAgent, index: number): boolean => first.get(nameKey(nameOf(agent))) !== index;
  const isUsable = (agent: RawAgent): boolean =>
    AGENT_NAME.test(nameOf(agent)) && !RESERVED_NAMES.includes(nameKey(nameOf(agent)));
  const chosen = [...agents];
  const renames = agents.flatMap((agent, index) => {
    if (isUsable(agent) && !isRepeated(agent, index)) return [];
    const name = freeName(chosen, index);
    chosen[index] = { ...agent, name };
    return [{ index, name, repeated: isRepeated(agent, index) }];
  });
  // Repeated names first: the references then belong to the one agent that is left with the name.
  return renames
    .toSorted((a, b) => Number(b.repeated) - Number(a.repeated))
    .reduce((now, { index, name }) => withName(now, index, name), agents);
}

function withName(agents: readonly RawAgent[], index: number, name: string): readonly RawAgent[] {
  const next = [...agents];
  for (const { path, value } of renameAgent(agents, index, name)) {
    const [, at, field] = path as readonly [string, number, string];
    next[at] = { ...next[at], [field]: value };
  }
  return next;
}
