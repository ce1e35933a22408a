import type { Plan } from '../models';

/** What approving a plan will do, counted. */
export interface LaunchFacts {
  readonly agents: number;
  /** Estimated memory of all agents, MB; of those whose CLI is known. */
  readonly memoryMb: number;
  /** Agents whose CLI nobody has measured. */
  readonly unmeasured: number;
  /** Each profile and permission mode with how many agents have it, in the order of the plan. */
  readonly profiles: readonly Count[];
  readonly permissionModes: readonly Count[];
  /** Names of agents with a git worktree of their own. */
  readonly worktrees: readonly string[];
  /** Names of agents that would run every command without asking. */
  readonly unattended: readonly string[];
}

export interface Count {
  readonly value: string;
  readonly count: number;
}

/** `memoryOf` gives MB per agent of a profile; undefined when it is unknown. */
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
