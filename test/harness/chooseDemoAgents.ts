/** Whether the agents of a demonstration are the real Claude Code or the scripted stand-in, and why. */
import { run } from './processes';
import { which } from './systemPackages';

export interface AgentChoice {
  readonly profile: 'claude' | 'scripted';
  /** A sentence for the person. */
  readonly reason: string;
}

/** A logged-in `claude` is used; otherwise scripted agents are, and the sentence says so. */
export async function chooseAgents(): Promise<AgentChoice> {
  const claude = which(['claude']);
  if (!claude)
    return { profile: 'scripted', reason: 'Agents: SCRIPTED programs, not a model (no `claude` on the PATH).' };
  const { code } = await run(claude, ['auth', 'status'], { timeoutMs: 20_000 });
  if (code === 0) return { profile: 'claude', reason: `Agents: the real Claude Code (${claude}), logged in.` };
  return {
    profile: 'scripted',
    reason: 'Agents: SCRIPTED programs, not a model (`claude` is installed but not logged in: run it once).',
  };
}
