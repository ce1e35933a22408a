/** Chooses the real Claude Code or scripted agents for a demonstration, and gives the reason. */
import { run } from './processes';
import { which } from './systemPackages';

export interface AgentChoice {
  readonly profile: 'claude' | 'scripted';
  /** A sentence for the user. */
  readonly reason: string;
}

/** Chooses a logged-in `claude`; otherwise scripted agents, which the sentence states. */
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
