import type { Plan } from '../models';

/** Counts of what the approval of a plan launches. */
export interface LaunchFacts {
  readonly agents: number;
  /** Estimated memory of all agents with a measured CLI, MB. */
  readonly memoryMb: number;
  /** Number of agents whose CLI was never measured. */
  readonly unmeasured: number;
  /** Each profile and permission mode with its number of agents, in the order of the plan. */
  readonly profiles: readonly Count[];
  readonly permissionModes: readonly Count[];
  /** Names of agents with their own git worktree. */
  readonly worktrees: readonly string[];
  /** Names of agents that run every command without asking. */
  readonly unattended: readonly string[];
}

export interface Count {
  readonly value: string;
  readonly count: number;
}

/** Counts the launch of a plan. `memoryOf` returns the MB per agent of a profile; undefined when unknown. */
export function launchFacts(
  plan: Plan,
  defaultProfile: string,
  memoryOf: (profile: string) => number | undefined,
): LaunchFacts {
  const { agents } = plan;
  const profiles = agents.map(({ profile }) => profile ?? defaultProfile);
  const memory = profiles.map(memoryOf);
  const names = (which: (agent: Plan['agents'][number]) => boolean): readonly string[] =>
    agents.filter(which).map(({ name }) => name);
  return {
    agents: agents.length,
    memoryMb: memory.reduce<number>((sum, mb) => sum + (mb ?? 0), 0),
    unmeasured: memory.filter((mb) => mb === undefined).length,
    profiles: counted(profiles),
    permissionModes: counted(agents.map(({ permission_mode }) => permission_mode ?? 'default')),
    worktrees: names(({ worktree }) => worktree === true),
    unattended: names(({ permission_mode }) => permission_mode === 'bypassPermissions'),
  };
}

function counted(values: readonly string[]): readonly Count[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count }));
}
